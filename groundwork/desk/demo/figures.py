"""How many visits and matters the demo city has, and what each number counts.

At scale 1 with `--until 2020-05-31` these are the printed figures of the spring of 2020:

- the term: the 152 days up to and with `until` (2020-01-01 … 2020-05-31);
- the weeks of resumption: its days 41 to 91 (2020-02-10 … 2020-03-31), the weeks in which Ningbo
  went back to work; the weeks a year before: the same days of the year before (2019);
- visits: those whose day lies in the term (144,105), in the weeks (37,168);
- solved: matters in the state "solved" (their raiser says so) whose closing day lies in the term
  (143,836), in the weeks (36,810), in the weeks a year before (18,405: the double on the same
  definition); all of the term's were raised in it;
- enterprise matters: those through the enterprises' own door that were accepted in the term (310),
  of which solved (300), of which the raiser's verdict is satisfied (289 of 300 that answered).

143,836 / 144,105 is problems per visit, a ratio; a rate of solving needs the matters raised, which
nobody printed: the share that is not solved is invented here, some in every state.

The winter before it, from the call of 2020-02-01 to the end of 2020-03-01 (`CALLED`): distinct
people with at least one shift that they have or stood (28,000), over gates with three shifts a day
on 28 days. How many gates and shifts there were nobody printed: some 476 and 40,000, invented.
A city that knows no spring of 2020 has the same number of people in last summer's typhoon.

Other scales have the same parts, rounded by largest remainder. Other days have the same counts in
the 152 days before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAYS = 152
FIRST_WEEK_DAY, LAST_WEEK_DAY = 40, 90  # of the term, counted from 0
VISITS = {"weeks": 37_168, "rest": 144_105 - 37_168}
SOLVED = {"weeks": 36_810, "rest": 143_836 - 36_810}
SOLVED_BEFORE = 18_405
ENTERPRISE = {"satisfied": 289, "other": 300 - 289, "open": 310 - 300}
CALLED = 28_000
GATES = 476
# Not solved, invented: on 143,836 solved ones.
UNSOLVED = {
    "unit_done": 5200,
    "declined": 1400,
    "withdrawn": 900,
    "merged": 1100,
    "answered": 900,
    "handling": 620,
    "assigned": 240,
    "accepted": 120,
    "raised": 160,
    "redo": 140,
    "outside": 60,
}
UNSOLVED_BEFORE = {"unit_done": 700, "declined": 220, "withdrawn": 150}
# However small the city: enough of each to see what its desk looks like.
FEWEST = {"raised": 9, "accepted": 5, "assigned": 9, "handling": 24, "redo": 5, "answered": 16,
          "outside": 2, "merged": 3, "declined": 4, "withdrawn": 3, "unit_done": 6}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """The days a city's figures count."""

    first: date
    last: date

    @classmethod
    def until(cls, until: date) -> Term:
        """Make the term that ends with `until`."""
        return cls(until - timedelta(days=DAYS - 1), until)

    @property
    def weeks(self) -> tuple[date, date]:
        """The weeks of resumption: first and last day."""
        return tuple(self.first + timedelta(days=n) for n in (FIRST_WEEK_DAY, LAST_WEEK_DAY))  # type: ignore[return-value]

    @property
    def weeks_before(self) -> tuple[date, date]:
        """The same days a year before."""
        first, last = self.weeks
        return _year_before(first), _year_before(last)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def apportioned(parts: Mapping[str, int], scale: float) -> dict[str, int]:
    """Scale parts so that they and their sum are right: largest remainder, ties in their order."""
    exact = {key: Fraction(n) * Fraction(str(scale)) for key, n in parts.items()}
    total = round(sum(exact.values()))
    out = {key: int(value) for key, value in exact.items()}
    late = sorted(parts, key=lambda key: out[key] - exact[key])
    for key in late[: total - sum(out.values())]:
        out[key] += 1
    return out


def called(scale: float) -> int:
    """Say how many people of a city have at least one shift under its large order."""
    return apportioned({"": CALLED}, scale)[""]


def unsolved(scale: float) -> dict[str, int]:
    """Say how many stand in each of the other states."""
    exact = apportioned(UNSOLVED, scale)
    return {state: max(n, FEWEST[state]) for state, n in exact.items()}
