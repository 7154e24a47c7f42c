"""How an entry's status changes: seconded and back, retired, moved away, merged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from groundwork.base import clock, search, trail
from groundwork.base.actor import Actor
from groundwork.registry import policy, signals
from groundwork.registry.actions import entries
from groundwork.registry.actions.memberships import FIELDS, Switcher
from groundwork.registry.models import Membership, Person
from groundwork.registry.rules import people as rules

KIND = entries.KIND
# What a duplicate may know that the other entry does not.
CARRIED = ("phone", "office_id", "branch_id", "home_community_id")


@transaction.atomic
def second_person(person: Person, *, since: date, by: Actor, at: datetime | None = None) -> Person:
    """Send a person on secondment outside; the unit stays, but no evening expects them."""
    return _set_status(person, rules.SECONDED, since, "second", by, at)


@transaction.atomic
def return_person(
    person: Person,
    *,
    since: date,
    status: str = rules.ON_ROLL,
    by: Actor,
    at: datetime | None = None,
) -> Person:
    """Take a person back from secondment, or back into work at the last unit."""
    was_away = person.status == rules.LEFT
    person = _set_status(person, status, since, "return", by, at)
    if was_away:
        switcher = Switcher([person.pk])
        for kind, name in FIELDS.items():
            switcher.switch(person.pk, kind, getattr(person, name), since)
        switcher.write()
    return person


@transaction.atomic
def retire_person(person: Person, *, since: date, by: Actor, at: datetime | None = None) -> Person:
    """Retire a person: unit and branch stay, roles end (`signals.left`)."""
    person = _set_status(person, rules.RETIRED, since, "retire", by, at)
    signals.left.send(Person, person=person, by=by, at=at or clock.now())
    return person


@transaction.atomic
def leave_person(person: Person, *, since: date, by: Actor, at: datetime | None = None) -> Person:
    """Close the entry of a person who left the city's offices: memberships end, roles end."""
    person = _set_status(person, rules.LEFT, since, "leave", by, at)
    _end_all(person, since)
    signals.left.send(Person, person=person, by=by, at=at or clock.now())
    return person


def _set_status(
    person: Person, status: str, since: date, verb: str, by: Actor, at: datetime | None
) -> Person:
    at = at or clock.now()
    person = policy.person_for(by, person.public_id, "edit", lock=True)
    rules.check_since(since, at.astimezone(clock.ZONE).date())
    rules.check_status_step(person.status, status)
    before = entries.dimensions(person)
    person.status = status
    person.save(update_fields=["status"])
    entries.record_changes([(before, entries.dimensions(person))], at=at)
    trail.record(by, verb, KIND, person.public_id, ["status"], at=at)
    return person


def _end_all(person: Person, since: date) -> None:
    switcher = Switcher([person.pk])
    for kind in FIELDS:
        switcher.switch(person.pk, kind, None, since)
    switcher.write()


@transaction.atomic
def merge_people(
    duplicate: Person, *, into: Person, by: Actor, at: datetime | None = None
) -> Person:
    """Merge a duplicate into the entry that stays; its history stays readable, its roles move.

    Raises SamePerson, or NotFound and Forbidden for either of the two.
    """
    at = at or clock.now()
    day = at.astimezone(clock.ZONE).date()
    first, second = sorted([duplicate, into], key=lambda person: person.pk)  # one order of locks
    locked = {p.pk: policy.person_for(by, p.public_id, "merge", lock=True) for p in (first, second)}
    duplicate, into = locked[duplicate.pk], locked[into.pk]
    if duplicate.pk == into.pk:
        raise rules.SamePerson
    before = [(entries.dimensions(duplicate), None), (entries.dimensions(into), None)]
    fields = _carry(duplicate, into, day)
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    _end_all(duplicate, max(day, _latest_start(duplicate)))
    search.remove(KIND, [duplicate.pk])
    entries.index_people([into])
    entries.record_changes([before[0], (before[1][0], entries.dimensions(into))], at=at)
    signals.merged.send(Person, person=duplicate, into=into, by=by, at=at)
    trail.record(by, "merge", KIND, duplicate.public_id, [into.public_id, *fields], at=at)
    return into


def _carry(duplicate: Person, into: Person, day: date) -> list[str]:
    """Fill what the staying entry lacks from the duplicate; offices only within one unit."""
    same_unit = duplicate.unit_id == into.unit_id
    fields = [
        name
        for name in CARRIED
        if not getattr(into, name)
        and getattr(duplicate, name)
        and (same_unit or name in ("phone", "home_community_id"))
    ]
    switcher = Switcher([into.pk])
    kinds = {name: kind for kind, name in FIELDS.items()}
    for name in fields:
        setattr(into, name, getattr(duplicate, name))
        if name in kinds and into.status != rules.LEFT:
            switcher.switch(into.pk, kinds[name], getattr(duplicate, name), day)
    if duplicate.party_member and not into.party_member:
        into.party_member = True
        fields.append("party_member")
    switcher.write()
    if fields:
        into.save(update_fields=[name.removesuffix("_id") for name in fields])
    return [name.removesuffix("_id") for name in fields]


def _latest_start(person: Person) -> date:
    starts = Membership.objects.filter(person=person, valid_to=None).values_list(
        "valid_from", flat=True
    )
    return max(starts, default=date.min) + timedelta(days=0)
