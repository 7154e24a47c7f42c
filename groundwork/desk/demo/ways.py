"""Invent the ways of the demo city's matters: when each came, how it went, what it became.

Plain values, no I/O. The moment something was closed is chosen first, so that counts by day hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from groundwork.base.clock import local
from groundwork.base.workdays import Calendar
from groundwork.desk.demo.figures import (
    ENTERPRISE,
    SOLVED,
    SOLVED_BEFORE,
    UNSOLVED_BEFORE,
    Term,
    apportioned,
    unsolved,
)

TOOK, TOOK_WEIGHTS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13), (8, 18, 18, 14, 11, 9, 7, 6, 5, 4)
FREE_DAY = 0.3  # what a weekend or holiday has of a working day's
ASKING = 24  # calendar days that seven working days never exceed, Spring Festival included
OPEN = ("raised", "accepted", "assigned", "handling", "redo", "answered", "outside")
# How long ago one that stands there came in, in days: from … to.
SINCE = {
    "raised": (0.05, 2.6),
    "accepted": (0.3, 5),
    "assigned": (0.6, 9),
    "handling": (1, 30),
    "outside": (4, 20),
    "answered": (3, 14),
    "redo": (9, 30),
}
DOORS = (("visit", 58), ("portal", 13), ("phone", 10), ("hotline", 10), ("patrol", 4), ("staff", 3),
         ("round", 1), ("open311", 1))  # fmt: skip
DOORS_BEFORE = (("phone", 40), ("hotline", 40), ("staff", 20))  # nobody walked areas yet


@dataclass(slots=True)
class Way:
    """One matter before it has words: raised when, closed or last moved when, standing where."""

    raised: datetime
    end: datetime
    fate: str
    door: str = ""
    satisfied: bool | None = None
    twin: bool = False  # somebody else raises the same, and it is merged into this
    before: bool = False  # of the year before
    visit: int | None = None  # the number of the visit that found it
    patrol: int | None = None  # the number of the round that found it


def all_ways(term: Term, now: datetime, scale: float, calendar: Calendar, rng: Random) -> list[Way]:
    """Invent every matter of the city, in the order in which they were raised."""
    before = Term(term.weeks_before[0] - timedelta(days=20), term.weeks_before[1])
    days = Days(term, calendar)
    solved = [*_solved(days, apportioned(SOLVED, scale), rng)]
    others = unsolved(scale)
    for way in rng.sample([w for w in solved if w.end.date() > w.raised.date()], others["merged"]):
        way.twin = True
    rest = [*_closed(days, others, rng), *_open(others, term, now, rng)]
    _enterprise(solved, rest, scale, rng)
    for way in (*solved, *rest):
        way.door = way.door or _draw(DOORS, rng)
        if way.satisfied is None and rng.random() < 0.84:
            way.satisfied = rng.random() < 0.93
    early = list(_before(Days(before, calendar), term.weeks_before, scale, rng))
    return sorted([*early, *solved, *rest], key=lambda way: way.raised)


class Days:
    """The days of a term with their weight: offices are quieter on free days."""

    def __init__(self, term: Term, calendar: Calendar) -> None:
        self.term = term
        n = (term.last - term.first).days  # the last day is not over
        self.all = [term.first + timedelta(days=i) for i in range(1, n)]
        self.weight = {day: 1 if calendar.is_working(day) else FREE_DAY for day in self.all}

    def draw(self, days: Sequence[date], n: int, rng: Random) -> list[date]:
        """Draw `n` days by weight."""
        if not n:
            return []
        return rng.choices(days, cum_weights=list(accumulate(self.weight[d] for d in days)), k=n)

    def parts(self, inside: tuple[date, date]) -> tuple[list[date], list[date]]:
        """Part the days into those within and the others."""
        first, last = inside
        within = [day for day in self.all if first <= day <= last]
        return within, [day for day in self.all if not first <= day <= last]


def _span(day: date, first: date, rng: Random) -> tuple[datetime, datetime]:
    """Choose when something closed on `day` was raised, not before `first`, and the hours."""
    took = min(rng.choices(TOOK, TOOK_WEIGHTS)[0], (day - first).days)
    if took == 0:
        return _at(day, 7, 10, rng), _at(day, 13, 21, rng)
    return _at(day - timedelta(days=took), 7, 22, rng), _at(day, 8, 21, rng)


def _at(day: date, first: int, end: int, rng: Random) -> datetime:
    minute = rng.randrange(first * 60, end * 60)
    return local(day, time(minute // 60, minute % 60, rng.randrange(60)))


def _solved(days: Days, counts: dict[str, int], rng: Random) -> Iterator[Way]:
    weeks, rest = days.parts(days.term.weeks)
    for part, within in (("weeks", weeks), ("rest", rest)):
        for day in days.draw(within, counts[part], rng):
            yield Way(*_span(day, days.term.first, rng), "solved")


def _before(days: Days, weeks: tuple[date, date], scale: float, rng: Random) -> Iterator[Way]:
    """Invent the year before: what was solved in the same weeks, and some that was not."""
    within, _rest = days.parts(weeks)
    counts = apportioned({"solved": SOLVED_BEFORE, **UNSOLVED_BEFORE}, scale)
    counts["solved"] = apportioned({"solved": SOLVED_BEFORE}, scale)["solved"]
    for fate, n in counts.items():
        for day in days.draw(within, n, rng):
            span = _span(day, days.term.first, rng)
            yield Way(*span, fate, _draw(DOORS_BEFORE, rng), before=True)


def _closed(days: Days, counts: dict[str, int], rng: Random) -> Iterator[Way]:
    """Invent what is closed and not solved; what lapsed was answered long enough before."""
    long_ago = [day for day in days.all if day <= days.term.last - timedelta(days=ASKING)]
    for fate in ("unit_done", "declined", "withdrawn"):
        within = long_ago if fate == "unit_done" else days.all
        for day in days.draw(within, counts[fate], rng):
            yield Way(*_span(day, days.term.first, rng), fate)


def _open(counts: dict[str, int], term: Term, now: datetime, rng: Random) -> Iterator[Way]:
    for fate in OPEN:
        least, most = SINCE[fate]
        for _ in range(counts[fate]):
            days = rng.uniform(least, most)
            raised = max(now - timedelta(days=days), local(term.first, time(9)))
            last = {"answered": 0.35, "redo": 0.4}.get(fate, 0.6)
            end = now - timedelta(days=days * last * rng.random(), minutes=20)
            yield Way(raised.replace(microsecond=0), end.replace(microsecond=0), fate)


def _enterprise(solved: list[Way], rest: list[Way], scale: float, rng: Random) -> None:
    """Give exactly so many of them the enterprises' own door."""
    counts = apportioned(ENTERPRISE, scale)
    chosen = rng.sample(
        [way for way in solved if not way.twin], counts["satisfied"] + counts["other"]
    )
    for n, way in enumerate(chosen):
        way.door, way.satisfied = "enterprise", n < counts["satisfied"]
    # None that counts as done because its raiser was silent: 300 of 310 were.
    others = [w for w in rest if w.fate in ("answered", "handling", "redo")]
    for way in rng.sample(others, counts["open"]):
        way.door = "enterprise"


def _draw(weighted: Sequence[tuple[str, int]], rng: Random) -> str:
    return rng.choices([key for key, _n in weighted], [n for _key, n in weighted])[0]


# ---- the verbs ------------------------------------------------------------------------------
PLAIN = ("accept", "assign", "start", "answer", "confirm")
LONG = timedelta(days=3)
_SHARE = {"accept": 0.03, "assign": 0.05, "start": 0.08, "hand_out": 0.1, "return": 0.15,
          "reply": 0.1, "answer": 0.5, "refuse": 0.1, "remind": 0.2}  # fmt: skip
TO: dict[str, tuple[str, ...]] = {
    "raised": (),
    "accepted": ("accept",),
    "assigned": ("accept", "assign"),
    "handling": ("accept", "assign", "start"),
    "outside": ("accept", "hand_out"),
    "answered": PLAIN[:4],
    "redo": (*PLAIN[:4], "refuse"),
    "unit_done": PLAIN[:4],  # the lapse follows from the days of asking
    "declined": ("decline",),
    "withdrawn": ("accept", "withdraw"),
}


def verbs(way: Way, rng: Random) -> tuple[str, ...]:
    """Choose the verbs that lead there."""
    if way.fate == "handling":
        later = (("reply",), ("reply", "remind"), ("remind",), ())
        return TO["handling"] + rng.choices(later, (45, 8, 5, 42))[0]
    if way.fate != "solved":
        return TO[way.fate]
    chance = rng.random()
    if way.end - way.raised > LONG:
        if chance < 0.05:
            return (*PLAIN[:4], "refuse", "start", "answer", "confirm")
        if chance < 0.09:
            return ("accept", "assign", "return", *PLAIN[1:])
        if chance < 0.1:
            return ("accept", "hand_out", "answer", "confirm")
    return ("accept", "assign", "answer", "confirm") if chance > 0.85 else PLAIN


def moments(way: Way, chosen: Sequence[str], rng: Random) -> list[datetime]:
    """Give each verb its moment, in order, the last one at the end; offices keep their hours."""
    shares = list(accumulate(_SHARE.get(verb, 0.1) * rng.uniform(0.5, 1.5) for verb in chosen))
    whole = (way.end - way.raised).total_seconds()
    out: list[datetime] = []
    last = way.raised
    for n, share in enumerate(shares[:-1], 1):
        at = way.raised + timedelta(seconds=int(whole * share / shares[-1]))
        if not 8 <= at.hour < 18:
            at = at.replace(hour=rng.randrange(9, 17))
        latest = way.end - timedelta(minutes=2 * (len(shares) - n))
        last = min(max(at, last + timedelta(seconds=rng.randrange(60, 900))), latest)
        last = max(last, out[-1] if out else way.raised)
        out.append(last)
    return [*out, way.end] if chosen else []
