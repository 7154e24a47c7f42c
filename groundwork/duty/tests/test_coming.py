"""Coming and going with the own phone: scan, six digits, poster; late without signal, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.base import clock, codes
from groundwork.base.errors import Forbidden
from groundwork.duty.actions import coming
from groundwork.duty.actions.coming import ForgedGateCode, NoShiftHere
from groundwork.duty.models import Post
from groundwork.duty.rules.posts import purpose
from groundwork.duty.tests.make import AT, gate_of, order_of, phone_of, post_of, shift_of
from groundwork.matters.actions.knocking import TooMany
from groundwork.matters.rules.intake import LIMITS

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


@pytest.fixture
def gate(cast):
    return gate_of(cast, order_of(cast))


@pytest.fixture
def post(cast, gate):
    return post_of(cast, shift_of(gate), "staff")


def digits(gate, at=AT) -> str:
    return codes.short(gate.secret, purpose(gate.public_id), at)


def wrong(gate) -> str:
    """Give six digits that were on no screen about now."""
    shown = {digits(gate, AT + n * MINUTE / 3) for n in range(-60, 60)}
    return next(text for text in (f"{n:06d}" for n in range(1000)) if text not in shown)


def test_the_digits_on_the_screen_check_in_at_once(cast, gate, post):
    came = coming.come_by_digits(digits(gate), by=cast.actor("staff"), at=AT)
    assert (came.state, came.came_at, came.came_checked) == ("standing", AT, True)


def test_digits_that_waited_count_from_when_they_stood_there_and_wait_for_the_lead(
    cast, gate, post
):
    later = AT + 90 * MINUTE
    came = coming.come_by_digits(
        digits(gate), by=cast.actor("staff"), said=AT + 2 * MINUTE, at=later
    )
    assert came.came_at == AT + 2 * MINUTE
    assert not came.came_checked
    again = coming.come_by_digits(
        digits(gate), by=cast.actor("staff"), said=AT + 2 * MINUTE, at=later + 30 * MINUTE
    )
    assert (again.state, again.went_at) == ("standing", None)


@pytest.mark.parametrize("minutes", [-30, 10, 60])
def test_digits_of_another_moment_than_the_phone_says_are_refused(cast, gate, post, minutes):
    with pytest.raises(ForgedGateCode):
        coming.come_by_digits(
            digits(gate, AT + minutes * MINUTE),
            by=cast.actor("staff"),
            said=AT,
            at=AT + 90 * MINUTE,
        )


def test_who_has_no_shift_about_now_learns_nothing_of_the_digits(cast, gate, post):
    with pytest.raises(NoShiftHere):
        coming.come_by_digits(digits(gate), by=cast.actor("colleague"), at=AT)


def test_digits_cannot_be_guessed_even_by_a_right_one_at_last(cast, gate, post):
    by = cast.actor("staff")
    for _try in range(LIMITS["send"].browser):
        with pytest.raises(ForgedGateCode):
            coming.come_by_digits(wrong(gate), by=by, at=AT)
    with pytest.raises(TooMany):
        coming.come_by_digits(digits(gate), by=by, at=AT)
    assert Post.objects.get(pk=post.pk).came_at is None


def test_a_program_without_a_person_does_not_come(cast, gate, post):
    with pytest.raises(Forbidden):
        coming.come_by_digits(digits(gate), by=cast.actor("enterprise"), at=AT)


def test_the_gate_s_phone_gets_the_digits_of_the_hours_ahead_when_it_asks(cast, gate, post):
    phone_of(gate)
    client = cast.client("community_secretary")
    client.post(reverse("duty:phone_open", args=[gate.public_id]))
    assert client.get(reverse("duty:phone_state")).json()["ahead"] is None
    ahead = client.get(reverse("duty:phone_state") + "?ahead").json()["ahead"]
    in_three_hours = AT + 180 * MINUTE
    at = codes.step_of(in_three_hours) - ahead["first"]
    assert ahead["digits"][at] == digits(gate, in_three_hours)


def test_a_tap_at_the_poster_counts_from_when_it_was_made_and_the_lead_confirms_it(
    cast, gate, post
):
    client = cast.client("staff")
    said = (AT - 3 * MINUTE).timestamp()
    answer = client.post(
        reverse("duty:poster_here", args=[gate.poster]),
        {"said": said},
        headers={"HX-Request": "true"},
    )
    assert "data-came" in answer.text
    came = Post.objects.get(pk=post.pk)
    assert (came.came_at, came.came_checked) == (AT - 3 * MINUTE, False)
    lead = post_of(cast, post.shift, "colleague", "lead", "standing")
    page = cast.client("colleague").get(reverse("duty:shift", args=[lead.shift.public_id]))
    assert "确认到岗" in page.text
    cast.client("colleague").post(reverse("duty:mark_come", args=[post.public_id]))
    assert Post.objects.get(pk=post.pk).came_checked


def test_a_scan_waits_for_the_sign_in_and_the_page_that_is_kept_knows_no_scan(cast, gate, post):
    code = codes.token(gate.secret, purpose(gate.public_id), AT)
    client = cast.client("staff")
    client.get(reverse("duty:come", args=[gate.public_id, code]))
    page = reverse("duty:come_here")
    assert code in client.get(page).text
    assert code not in client.get(page + "?blank").text
    done = client.post(page, {"gate": gate.public_id, "code": code})
    assert "已到岗" in done.text
    assert code not in client.get(page).text


@pytest.mark.parametrize("said", ["", "x", "nan", "1e30", "-1e30"])
def test_nonsense_for_a_time_is_taken_as_now(cast, gate, post, said):
    data = {"digits": digits(gate), "said": said}
    answer = cast.client("staff").post(reverse("duty:come_here"), data)
    assert answer.status_code == 200
    assert Post.objects.get(pk=post.pk).came_at == AT
