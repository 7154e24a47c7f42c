"""A figure that cannot be is not declared; a period that is written is read as it was."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.numbers import Median, Share, twice_middle
from groundwork.figures.queries.sources import check
from groundwork.figures.rules import periods, saying
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import (
    Counted,
    DeclarationError,
    Distinct,
    Kind,
    MedianOf,
    PartOf,
    Per,
    Records,
    Sealed,
    ShareOf,
    Total,
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


# ---- answers, measures, what is gone --------------------------------------------------------
WORDS = Records("matters.word", "raised")
DIGESTS = Records("live.digest", "evening")


def test_a_share_names_the_silent_and_keeps_yes_inside_what_was_said():
    said, asked = WORDS.only("said"), WORDS
    assert ShareOf(said.only("yes"), said, asked).opens == said.only("yes")
    with pytest.raises(DeclarationError, match=r"answer rate would always.*silent ones"):
        ShareOf(said.only("yes"), said, said)
    with pytest.raises(DeclarationError, match="leaves out said"):
        ShareOf(WORDS.only("yes"), said, asked)
    with pytest.raises(DeclarationError, match="dated by different moments"):
        ShareOf(said.only("yes"), said, Records("matters.word", "answered"))
    with pytest.raises(DeclarationError, match="they count different things"):
        # The sums of two sources are made one after the other: more said something than were asked.
        ShareOf(said.only("yes"), said, RAISED.only("answered").summed("raisers"))
    with pytest.raises(DeclarationError, match="leaves out answered"):
        ShareOf(said.only("yes"), said, WORDS.only("answered"))


def test_what_is_added_up_above_the_line_is_cut_to_what_is_below():
    part = PartOf(RAISED.summed("asked/came"), RAISED.summed("asked"))
    assert part.part.within(part.whole)
    with pytest.raises(DeclarationError, match=r"need not lie inside.*asked/…"):
        PartOf(RAISED.summed("came"), RAISED.summed("asked"))
    with pytest.raises(DeclarationError, match="need not lie inside"):
        PartOf(RAISED.only("closed"), RAISED.summed("asked"))


def test_a_count_adds_nothing_up_and_a_total_does():
    with pytest.raises(DeclarationError, match="declare a Total"):
        Counted(RAISED.summed("minutes"))
    with pytest.raises(DeclarationError, match="declare a Counted"):
        Total(RAISED)
    assert Total(RAISED.summed("minutes"), 60).opens.plain == RAISED


def test_a_median_takes_measures_one_by_one():
    with pytest.raises(DeclarationError, match="nothing added up"):
        MedianOf(RAISED.summed("took"), "took", 60)
    with pytest.raises(DeclarationError, match="of what measure"):
        MedianOf(RAISED, "", 60)
    with pytest.raises(DeclarationError, match="make no unit"):
        MedianOf(RAISED, "took", 0)


def test_sealed_says_which_number_of_its_digests():
    with pytest.raises(DeclarationError, match="is no sealed number"):
        Sealed(DIGESTS)
    assert Sealed(DIGESTS.summed("viewers")).opens.sums == "viewers"


def declared(key: str, kind: Kind, unit: str = "件") -> list[Figure]:
    return [Figure(key, "题", "说明。", unit, kind)]


@pytest.mark.parametrize(
    ("kind", "unit", "reason"),
    [
        (Sealed(RAISED.summed("took")), "人", "are all there.*Declare a Counted or a Total"),
        (Total(DIGESTS.summed("viewers")), "人", "digests of records that are gone.*Sealed"),
        (MedianOf(RAISED, "took", 60), "", "nothing without its unit"),
        (MedianOf(RAISED, "waited", 60), "天", "measures no waited"),
        (Total(RAISED.summed("waited")), "天", "measures no waited"),
        (Distinct(RAISED, "streets"), "条", "names no streets"),
    ],
)
def test_a_declaration_that_its_source_cannot_keep_is_refused(kind, unit, reason):
    with pytest.raises(DeclarationError, match=reason):
        check(declared("matters.wrong", kind, unit))


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 4), min_size=1))
def test_the_middle_is_that_of_all_measures_written_out(counts):
    written = [value for value, n in counts.items() for _ in range(n)]
    assert twice_middle(counts) == 2 * median(written)


def test_the_middle_of_fewer_than_five_is_not_even_kept():
    assert Median.of(4, 120).value is None
    assert Median.of(5, 180, 60).shown == "1.5"
    with pytest.raises(ValueError, match="middle of 4"):
        Median(4, 120)
    with pytest.raises(ValueError, match="no share"):
        Share(3, 2, 9)


def test_numbers_are_written_in_documents_with_what_they_are_made_of_and_read_back():
    share, middle = Share(45, 60, 240), Median.of(7, 3 * 1440, 1440)
    assert saying.whole(share) == "75%（45 / 60，答复率25%）"
    assert saying.whole(middle) == "1.5（n = 7）"
    assert saying.whole(Share(1, 3, 9)) == "1 / 3"
    for number in (share, middle):
        assert saying.read(saying.plain(number)) == number
