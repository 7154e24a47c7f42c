"""What this city's records say of each number that was printed of the spring of 2020."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwork.base.numbers import Count, Number, Rate, Ratio, Share
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.spring_air import OnAir, on_air
from groundwork.figures.queries.values import Value, by_period, values_of
from groundwork.figures.rules import spring
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period, read, week_of, year_before
from groundwork.figures.rules.spring import BUSIEST, ROWS, TERM, WEEKS, Printed, Verdict
from groundwork.registry.models import Place
from groundwork.study.rules.evening import SHORTEST

_SOLVED = "matters.resolution_rate.to_may"
_SATISFIED = "matters.enterprise.satisfaction"
_RATE = "matters.resolution_rate"
_HAPPY = "matters.enterprise_satisfied"


@dataclass(frozen=True)
class Said:
    """One printed number beside what the records say; `beside` is what must stand next to it."""

    row: Printed
    verdict: Verdict
    number: Number | None = None
    value: Value | None = None
    beside: Value | Rate | None = None
    url: str = ""  # of the page that counts it, where no figure does

    @property
    def found_any(self) -> bool:
        """Tell whether there are records of that time at all: no noughts beside what is not."""
        if isinstance(self.number, Ratio):
            return self.number.value is not None
        return self.number is not None and self.verdict != "empty"


def spring_of(city: Place, at: datetime) -> list[Said]:
    """Hold every printed number against the records of a city."""
    scope = Scope("place", city.path)
    found = _values(scope, at)
    aired = on_air(city, read(TERM), at)
    return [_aired(row, aired[row.key]) if row.key in aired else _said(row, found) for row in ROWS]


def _aired(row: Printed, one: OnAir) -> Said:
    verdict = spring.judge(row, one.found, one.records)
    return Said(row, verdict, one.number, beside=one.beside, url=one.url)


def _values(scope: Scope, at: datetime) -> dict[tuple[str, str], Value]:
    """Give the values of all rows by figure and period, those of one period counted together."""
    wanted: dict[str, list[str]] = {}
    for row in ROWS:
        if row.figure:
            wanted.setdefault(row.period, []).append(row.figure)
    wanted[TERM] += [_RATE, _HAPPY]
    periods = {key: _busiest(scope, at) if key == BUSIEST else read(key) for key in wanted}
    wanted["before"] = ["matters.confirmed"]
    periods["before"] = year_before(read(WEEKS))
    return {
        (figure, key): value
        for key, figures in wanted.items()
        for figure, value in values_of(
            [FIGURES[name] for name in figures], scope, periods[key], at
        ).items()
    }


def _weeks() -> Iterator[Period]:
    term = read(TERM)
    week = week_of(term.first)
    while week.first < term.after:
        yield week
        week = week_of(week.first + timedelta(days=7))


def _busiest(scope: Scope, at: datetime) -> Period:
    """Give the week of the term in which the rolls are fullest, the first of several."""
    weeks = list(_weeks())
    counted = by_period(Records("study.roll", "evening"), scope, weeks, at)
    return weeks[counted.index(max(counted))]


def _said(row: Printed, found: Mapping[tuple[str, str], Value]) -> Said:
    if row.key == "study.minutes_min":
        minutes = int(SHORTEST.total_seconds() // 60)
        return Said(row, spring.judge(row, minutes, 1), Count(minutes))
    if row.key == _SOLVED:
        solved, visits = found["matters.confirmed", TERM], found["service.visits", TERM]
        ratio = Ratio(solved.n, visits.n)
        return Said(row, spring.judge(row, None, 0), ratio, beside=found[_RATE, TERM])
    if row.key == _SATISFIED:
        happy = found[_HAPPY, TERM].number
        assert isinstance(happy, Share)
        verdict = spring.judge(row, happy.percent, happy.said)
        return Said(row, verdict, happy.rate, beside=happy.reply)
    value = found.get((row.figure, row.period))
    if value is None:
        return Said(row, spring.judge(row, None, 0))
    number = value.number
    shown = number.part if isinstance(number, Rate) else getattr(number, "n", None)
    verdict = spring.judge(row, shown, value.n)
    before = found["matters.confirmed", "before"]
    beside = before if (row.figure, row.period) == ("matters.confirmed", WEEKS) else None
    return Said(row, verdict, number, value, beside)
