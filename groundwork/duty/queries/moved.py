"""What moved between reading a plan's question and writing its answer, and what it touches.

To judge a city's plan takes seconds in which nobody else's writing should wait. So it is read and
judged first; in the short writing after it, whoever moved meanwhile is left as they are, with
everything that hangs on them: what is left of a plan that holds every rule then holds it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from groundwork.duty.models import PlanRun, Post, Shift, UnitPart, Volunteer
from groundwork.duty.queries.instance import GONE
from groundwork.duty.queries.packing import Row
from groundwork.duty.rules.posts import HOLDS

Pair = tuple[int, int]
AROUND = timedelta(days=8)  # the week's cap and the rest reach so far beyond the days planned


@dataclass(frozen=True)
class Seen:
    """What a plan was judged against, as plain values to be compared."""

    posts: Mapping[Pair, Any]
    shifts: Mapping[int, Any]
    calls: Mapping[int, Any]
    units: Mapping[int, int]
    stays: Mapping[int, int]


def seen(run: PlanRun) -> Seen:
    """Read it, in four statements."""
    first, last = run.first_day, run.first_day + timedelta(days=run.days - 1)
    posts = Post.objects.filter(
        shift__day__gte=first - AROUND, shift__day__lte=last + AROUND, state__in=(*HOLDS, *GONE)
    ).values_list("person_id", "shift_id", "pk", "state", "kind")
    shifts = Shift.objects.filter(order=run.order_id, day__gte=first, day__lte=last)
    calls = list(
        Volunteer.objects.filter(order=run.order_id).values_list(
            "person_id", "unit_id", "excused_at", "held_at", "answered_at"
        )
    )
    parts = UnitPart.objects.filter(order=run.order_id)
    return Seen(
        posts={(person, shift): rest for person, shift, *rest in posts},
        shifts={pk: rest for pk, *rest in shifts.values_list("pk", "called_off_at", "wanted")},
        calls={person: rest for person, _unit, *rest in calls},
        units={person: unit for person, unit, *_rest in calls},
        stays=dict(parts.values_list("unit_id", "stay")),
    )


def _differ(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> set[Any]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


@dataclass(frozen=True)
class Touched:
    """Who and what a plan must leave as it is now."""

    people: set[int]
    shifts: set[int]

    def frees(self, person: int, shift: int) -> bool:
        """Tell whether the plan may act on this person at this shift."""
        return person not in self.people and shift not in self.shifts


def touched(before: Seen, now: Seen, given: Collection[Row], taken: Collection[Pair]) -> Touched:
    """Name who moved, and all that hangs on them.

    A post that is not taken back keeps its person, its shift and, for the office's minimum, its
    unit as they are; who would have been given a shift that stays as it is, is left out whole.
    """
    pairs = _differ(before.posts, now.posts)
    units = _differ(before.stays, now.stays)
    people = {person for person, _shift in pairs} | _differ(before.calls, now.calls)
    people |= {person for person, unit in before.units.items() if unit in units}
    shifts = {shift for _person, shift in pairs} | _differ(before.shifts, now.shifts)
    if people or shifts:
        _spread(before.units, given, taken, people, shifts)
    return Touched(people, shifts)


def _spread(
    units: Mapping[int, int],
    given: Collection[Row],
    taken: Collection[Pair],
    people: set[int],
    shifts: set[int],
) -> None:
    """Add whoever and whatever hangs on somebody or something that moved, until it is all."""
    by_unit: dict[int, set[int]] = defaultdict(set)
    for person, unit in units.items():
        by_unit[unit].add(person)
    size = -1
    while size != len(people) + len(shifts):
        size = len(people) + len(shifts)
        for person, shift in taken:
            if person in people or shift in shifts:
                people.add(person)
                shifts.add(shift)
                people |= by_unit.get(units.get(person, 0), set())
        people |= {person for person, shift, _kind in given if shift in shifts}
