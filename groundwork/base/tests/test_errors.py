"""Errors carry a stable code, a status and a sentence with named values."""

import pytest

from groundwork.base.errors import N_, Conflict, Forbidden, GroundworkError, NotFound, RuleBroken


class TooShort(RuleBroken):
    code = "study.too_short"
    text = N_("夜学不少于 %(minutes)s 分钟。")


def test_an_error_fills_its_sentence_with_the_named_values():
    error = TooShort(minutes=90)
    assert str(error) == "夜学不少于 90 分钟。"
    assert (error.code, error.status, error.params) == ("study.too_short", 422, {"minutes": 90})


def test_a_sentence_without_values_may_hold_a_percent_sign():
    assert str(RuleBroken("覆盖率不足 5%。")) == "覆盖率不足 5%。"


def test_marking_a_text_leaves_it_as_it_is():
    assert N_("地气") == "地气"


@pytest.mark.parametrize(
    ("error", "status"),
    [(GroundworkError, 400), (RuleBroken, 422), (NotFound, 404), (Forbidden, 403), (Conflict, 409)],
)
def test_every_kind_has_its_own_code_and_status(error, status):
    assert error.status == status
    assert error.code != GroundworkError.code or error is GroundworkError
    assert isinstance(error(), GroundworkError)
