"""What was printed of the spring of 2020, and how the records stand to it."""

from __future__ import annotations

import pytest

from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import read
from groundwork.figures.rules.spring import BUSIEST, ROWS, Printed, judge


def row(**more) -> Printed:
    return Printed("x", "x", "x", "x", **more)


@pytest.mark.parametrize(
    ("printed", "found", "records", "verdict"),
    [
        (row(goal=310), 310, 310, "same"),
        (row(goal=310), 311, 311, "differs"),
        (row(goal=96.3), 96.33, 300, "same"),
        (row(goal=1000, match="at_least"), 1040, 1040, "same"),
        (row(goal=1000, match="at_least"), 999, 999, "differs"),
        (row(goal=310), 0, 0, "empty"),
        (row(goal=96.3), None, 4, "empty"),
        (row(), None, 0, "elsewhere"),
    ],
)
def test_records_are_the_same_or_not_or_not_there(printed, found, records, verdict):
    assert judge(printed, found, records) == verdict


def test_every_row_names_a_figure_that_is_declared_and_a_period_that_can_be_read():
    assert len({one.key for one in ROWS}) == len(ROWS) == 20
    for one in ROWS:
        assert one.figure in FIGURES or not one.figure
        if one.period != BUSIEST:
            read(one.period)
        assert bool(one.figure) <= (one.goal is not None), "what is counted is compared"
