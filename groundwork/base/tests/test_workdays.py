"""Working days: the notices, the office's table over them, and the years nobody has decided."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.days import calendar
from groundwork.base.models import DayOverride
from groundwork.base.workdays import LAST_YEAR, Calendar

days = st.dates(date(2004, 1, 1), date(LAST_YEAR + 3, 12, 31))
overrides = st.dictionaries(days, st.booleans(), max_size=30)


def slow_is_working(day: date, table: dict[date, bool]) -> bool:
    """Say the rule once more, in the most obvious way."""
    if day in table:
        return table[day]
    if day.year > LAST_YEAR:
        return day.isoweekday() not in (6, 7)
    holiday, _name = chinese_calendar.get_holiday_detail(day)
    return not holiday


def slow_walk(start: date, end: date, table: dict[date, bool]) -> list[date]:
    """List the working days after `start` up to and including `end`."""
    found, day = [], start
    while day < end:
        day += timedelta(days=1)
        if slow_is_working(day, table):
            found.append(day)
    return found


@given(day=days, table=overrides)
def test_a_day_is_working_as_the_slow_rule_says(day, table):
    assert Calendar(table).is_working(day) == slow_is_working(day, table)


@given(start=days, length=st.integers(-10, 90), table=overrides)
def test_days_between_are_those_that_a_walk_counts(start, length, table):
    end = start + timedelta(days=length)
    assert Calendar(table).between(start, end) == len(slow_walk(start, end, table))


@given(start=days, n=st.integers(0, 40), table=overrides)
def test_adding_days_arrives_where_the_walk_arrives(start, n, table):
    end = Calendar(table).add(start, n)
    walked = slow_walk(start, end, table)
    assert len(walked) == n
    assert end == (walked[-1] if n else start)


def test_going_back_is_refused():
    with pytest.raises(ValueError):
        Calendar().add(date(2026, 11, 24), -1)


def test_a_holiday_on_a_tuesday_and_a_working_sunday_come_from_the_notices():
    assert not Calendar().is_working(date(2026, 10, 6))  # National Day week
    assert not Calendar().is_working(date(2026, 2, 17))  # Spring Festival, a Tuesday
    assert Calendar().is_working(date(2026, 10, 10))  # a Saturday worked in exchange


def test_the_office_may_overrule_a_day():
    tuesday = date(2026, 11, 24)
    assert Calendar().is_working(tuesday)
    assert not Calendar({tuesday: False}).is_working(tuesday)


def test_a_year_without_a_notice_says_so_until_the_office_enters_one():
    day = date(LAST_YEAR + 1, 5, 4)
    assert not Calendar().known(day)
    assert Calendar({date(LAST_YEAR + 1, 1, 1): False}).known(day)
    assert Calendar().known(date(LAST_YEAR, 5, 4))


@pytest.mark.django_db
def test_the_citys_calendar_reads_the_offices_table():
    DayOverride.objects.create(day=date(2026, 11, 24), working=False, name="停电")
    assert not calendar().is_working(date(2026, 11, 24))
    assert calendar().is_working(date(2026, 11, 25))
