"""Whether one person may stand one shift: the planner's hard rules, told one by one.

The words are codes; what a person may choose all the same is in `CHOSEN`, what nobody may, in
`NEVER`. The solver and the judge have the same rules as arrays; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from groundwork.duty.rules.kinds import OFFICE, REST_MINUTES, WANTS

REST = timedelta(minutes=REST_MINUTES)
NEVER = ("there", "busy", "held", "office", "off", "past")
"""Stands in the way of everybody, also of who wants to."""
CHOSEN = ("unlisted", "excused", "unable", "gave", "week", "rest", "far")
"""Keeps the planner off; a person may choose otherwise."""
SWAPPED = ("unlisted", "excused", "unable", "gave", "far")
"""What may be chosen otherwise when taking over from a colleague: rest and cap hold there."""


@dataclass(frozen=True)
class Duty:
    """A stretch somebody stands, in the city's own time."""

    starts_at: datetime
    ends_at: datetime
    shift: int


def busy(duties: Sequence[Duty], starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether a shift would overlap another."""
    return any(one.starts_at < ends_at and starts_at < one.ends_at for one in duties)


def short_rest(duties: Sequence[Duty], starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether there would be less than eleven hours to the shift before or after."""
    return any(one.starts_at < ends_at + REST and starts_at < one.ends_at + REST for one in duties)


def in_week(duties: Sequence[Duty], starts_at: datetime) -> int:
    """Count the shifts that begin in the same calendar week."""
    week = starts_at.isocalendar()[:2]
    return sum(one.starts_at.isocalendar()[:2] == week for one in duties)


def office_days(
    starts_at: datetime, ends_at: datetime, working: Callable[[date], bool]
) -> list[date]:
    """Name the working days out of whose office hours a shift takes somebody."""
    opens, closes = (timedelta(minutes=minutes) for minutes in OFFICE)
    found, day = [], starts_at.date()
    while day <= ends_at.date():
        midnight = datetime.combine(day, time(), starts_at.tzinfo)
        if working(day) and starts_at < midnight + closes and ends_at > midnight + opens:
            found.append(day)
        day += timedelta(days=1)
    return found


def matches(kind: str, has: Mapping[str, bool]) -> bool:
    """Tell whether somebody has what a kind of need asks for."""
    wants = WANTS[kind]
    return not wants or any(has.get(name, False) for name in wants)


def distance(home: str, place: str, *, deep: int = 4) -> int:
    """Give how far apart two places of the tree are, by their paths: 0 same community … 3 city."""
    common = 0
    for a, b in zip(_steps(home), _steps(place), strict=False):
        if a != b:
            break
        common += 1
    return max(0, min(3, deep - common))


def _steps(path: str) -> list[str]:
    return [path[at : at + 4] for at in range(0, len(path), 4)]
