"""A figure that cannot be is not declared; a period that is written is read as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.figures.rules import periods
from groundwork.figures.rules.kinds import (
    Counted,
    DeclarationError,
    Distinct,
    PartOf,
    Per,
    Records,
    edition_of,
)
from groundwork.figures.rules.periods import NoPeriod, Period

RAISED = Records("matters.matter", "raised")
VISITS = Records("service.visit", "day")
CONDITIONS = ("enterprise", "closed", "solved", "answered")
wheres = st.frozensets(st.sampled_from(CONDITIONS))
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def test_problems_per_visit_is_no_rate_and_the_reason_says_what_it_is():
    with pytest.raises(DeclarationError, match=r"different things.*may pass 100 %.*Ratio"):
        PartOf(RAISED.only("closed"), VISITS)
    assert Per(RAISED.only("closed"), VISITS).opens == RAISED.only("closed")


def test_closed_in_a_month_of_raised_in_that_month_is_no_rate_unless_dated_alike():
    closed = Records("matters.matter", "closed")
    with pytest.raises(DeclarationError, match="dated by different moments"):
        PartOf(closed, RAISED)
    assert PartOf(RAISED.only("closed"), RAISED).opens == RAISED.only("closed")


def test_a_part_that_drops_a_condition_of_its_whole_is_refused_by_name():
    with pytest.raises(DeclarationError, match="leaves out enterprise"):
        PartOf(RAISED.only("closed"), RAISED.only("enterprise"))
    with pytest.raises(DeclarationError, match="always 100 %"):
        PartOf(RAISED, RAISED)


def test_a_rate_in_disguise_is_no_ratio():
    with pytest.raises(DeclarationError, match="declare a PartOf"):
        Per(RAISED.only("closed"), RAISED)


@given(wheres, wheres)
def test_whatever_is_declared_a_rate_is_inside_its_whole(one, other):
    part, whole = RAISED.only(*one), RAISED.only(*other)
    if other < one:
        assert PartOf(part, whole).part.within(whole)
    else:
        with pytest.raises(DeclarationError):
            PartOf(part, whole)


@given(wheres, wheres)
def test_another_definition_has_another_edition(one, other):
    kinds = [Counted(RAISED.only(*one)), Counted(RAISED.only(*other))]
    assert (edition_of(kinds[0]) == edition_of(kinds[1])) == (one == other)
    assert edition_of(kinds[0]) != edition_of(Distinct(RAISED.only(*one), "raiser"))


@given(days, st.sampled_from(["week_of", "month_of", "to_month_of", "half_of", "year_of"]))
def test_a_period_holds_its_day_and_is_read_back_from_its_key(day, name):
    period = getattr(periods, name)(day)
    assert day in period
    assert periods.read(period.key) == period
    assert sum(month.days for month in periods.months_in(period)) == period.days


@given(days, st.integers(1, 400))
def test_a_span_is_read_back_and_the_one_before_touches_it(day, length):
    span = Period(day, day + timedelta(days=length))
    assert periods.read(span.key) == span
    assert periods.before(span).after == span.first
    assert periods.before(span).days == span.days


@given(days)
def test_the_same_time_last_year_has_the_same_kind_and_weekday_or_months(day):
    week, month = periods.week_of(day), periods.month_of(day)
    assert periods.year_before(week).first.weekday() == 0
    assert periods.year_before(month).first.month == month.first.month
    assert periods.year_before(month).first.year == month.first.year - 1
    assert periods.before(month).after == month.first


def test_the_leap_day_has_a_year_before():
    february = periods.read("2020-02")
    assert periods.year_before(february) == periods.read("2019-02")
    assert periods.year_before(Period(date(2020, 2, 29), date(2020, 3, 1))).days == 1


@pytest.mark.parametrize(
    "key", ["", "2020-13", "2020-H3", "1899", "week-2020-02-30", "2020-03-02_2020-03-01", "to-2020"]
)
def test_what_names_no_period_is_refused(key):
    with pytest.raises(NoPeriod):
        periods.read(key)


def test_the_part_of_a_year_has_none_before_it():
    with pytest.raises(NoPeriod, match="year before"):
        periods.before(periods.read("to-2020-05"))
