"""Counts, rates and ratios refuse what they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.numbers import SMALLEST_WHOLE, Count, Rate, Ratio


def test_a_count_is_never_negative():
    assert Count(0).n == 0
    with pytest.raises(ValueError):
        Count(-1)


@pytest.mark.parametrize(("part", "whole"), [(-1, 5), (6, 5), (1, 0)])
def test_a_rate_refuses_a_part_outside_its_whole(part, whole):
    with pytest.raises(ValueError):
        Rate(part, whole)


@given(st.data())
def test_a_rate_is_between_nothing_and_all_and_silent_about_the_few(data):
    whole = data.draw(st.integers(0, 10_000))
    rate = Rate(data.draw(st.integers(0, whole)), whole)
    if whole < SMALLEST_WHOLE:
        assert rate.percent is None
    else:
        assert rate.percent is not None
        assert 0 <= rate.percent <= 100
        assert round(rate.percent * whole / 100) == rate.part


def test_four_of_four_is_no_percentage_and_five_of_five_is():
    assert Rate(4, 4).percent is None
    assert Rate(5, 5).percent == 100


def test_a_ratio_over_nothing_is_nothing():
    assert Ratio(3, 2).value == 1.5
    assert Ratio(3, 0).value is None
