"""Who is expected at an evening, and at which evenings somebody is expected.

One definition for publishing, rolls, to-do and calendars: somebody who works here now, whose
unit, office or branch lies in the audience, and whom no own evening under it releases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import In

from groundwork.base.actor import Actor
from groundwork.registry.models import Body, Person
from groundwork.study.models import Absence, Evening, RollEntry
from groundwork.study.rules.evening import EXPECTED_STATUSES, Home

HOMES = ("unit__path", "office__path", "branch__path")
GONE = (Person.Status.RETIRED, Person.Status.LEFT)
TOLD = (Evening.State.PUBLISHED, Evening.State.HELD, Evening.State.CLOSED)


def audience_paths(evening: Evening) -> list[str]:
    """List the paths of an evening's audience."""
    return list(evening.audience.values_list("path", flat=True))


def released_paths(evening: Evening) -> list[str]:
    """List the paths of whom an evening's own evenings take over."""
    taken = Body.objects.filter(evenings__parent=evening, evenings__state__in=TOLD)
    return list(taken.values_list("path", flat=True))


def staff() -> QuerySet[Person]:
    """People who work here now."""
    return Person.objects.filter(status__in=EXPECTED_STATUSES, merged_into=None)


def people_in(paths: Iterable[str]) -> Q:
    """Make a condition on people: unit, office or branch lies in one of the subtrees.

    Compares prefixes with IN lists: a thousand subtrees as a chain of OR would pass SQLite's
    depth of 1,000 terms. Coalesce, because NOT of an unknown would lose people without a branch.
    """
    condition = Q()
    for length, some in groupby(sorted(set(paths), key=lambda p: (len(p), p)), key=len):
        group = list(some)
        for home in HOMES:
            prefix = Substr(Coalesce(F(home), Value("")), 1, length)
            condition |= Q(In(prefix, group))
    return condition or Q(pk__in=())


def expected_people(evening: Evening, unit: Body | None = None) -> QuerySet[Person]:
    """Give the people expected at an evening, of one unit or of all (two statements run here)."""
    people = staff() if unit is None else staff().filter(unit=unit)
    people = people.filter(people_in(audience_paths(evening)))
    released = released_paths(evening)
    return people.exclude(people_in(released)) if released else people


def expected_then(evening: Evening, unit: Body | None = None) -> dict[int, list[int]]:
    """List who counts as expected on the sheets of an evening, by the unit's primary key.

    Today's homes, except where the evening's own rows know better: whoever came from a unit or was
    absent from its closed sheet stays on it after moving, retiring or leaving.
    """
    written = _written_homes(evening, unit)
    found: dict[int, list[int]] = defaultdict(list)
    for person, home in expected_people(evening, unit).order_by().values_list("pk", "unit"):
        if person not in written:
            found[home].append(person)
    for person, home in written.items():
        if unit is None or home == unit.pk:
            found[home].append(person)
    return found


def _written_homes(evening: Evening, unit: Body | None) -> dict[int, int]:
    """Give the unit then of the people whose home today says otherwise (two statements)."""
    absences = Absence.objects.filter(sheet__evening=evening, person__merged_into=None).filter(
        ~Q(sheet__body=F("person__unit")) | ~Q(person__status__in=EXPECTED_STATUSES)
    )
    # Who is seconded was a guest from the own unit: not expected, however the evening was met.
    entries = RollEntry.objects.filter(evening=evening, person__merged_into=None).filter(
        ~Q(body=F("person__unit")) | Q(person__status__in=GONE)
    )
    if unit is not None:
        absences = absences.filter(Q(sheet__body=unit) | Q(person__unit=unit))
        entries = entries.filter(Q(body=unit) | Q(person__unit=unit))
    return {
        **dict(entries.values_list("person", "body")),
        **dict(absences.values_list("person", "sheet__body")),
    }


def expected_by_unit(evening: Evening) -> dict[int, int]:
    """Count the people expected at an evening, by primary key of their unit."""
    rows = expected_people(evening).order_by().values_list("unit_id").annotate(n=Count("id"))
    return dict(rows)


def homes_by_unit(paths: Iterable[str]) -> list[tuple[int, Home]]:
    """List the different homes of the staff in some subtrees, each with its unit's key."""
    rows = staff().filter(people_in(paths)).order_by().values_list("unit_id", *HOMES).distinct()
    return [(unit, tuple(path for path in home if path)) for unit, *home in rows]


def home_of(person_id: int) -> Home:
    """Give the home of somebody who works here now; of anybody else an empty one."""
    row = staff().filter(pk=person_id).values_list(*HOMES).first()
    return tuple(path for path in row if path) if row else ()


def home_of_actor(by: Actor) -> Home:
    """Give the actor's own home."""
    return home_of(by.person_id) if by.person_id is not None else ()


def prefixes(home: Home) -> set[str]:
    """List a home's paths and those of every body above."""
    step = Body.steplen
    return {path[:n] for path in home for n in range(step, len(path) + 1, step)}


def expecting(home: Home) -> QuerySet[Evening]:
    """Give the evenings, of whatever state, that expect people of this home."""
    above = prefixes(home)
    if not above:
        return Evening.objects.none()
    invited = Evening.audience.through.objects.filter(body__path__in=above)
    taken = Evening.objects.filter(parent__isnull=False, state__in=TOLD, audience__path__in=above)
    return Evening.objects.filter(pk__in=invited.values("evening_id")).exclude(
        pk__in=taken.values("parent_id")
    )
