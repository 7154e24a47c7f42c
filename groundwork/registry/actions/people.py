"""Every act on one person; bulk adding obeys the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from groundwork.base import clock, text, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict
from groundwork.base.rows import hold_row
from groundwork.registry import policy, signals
from groundwork.registry.actions import entries
from groundwork.registry.actions.memberships import FIELDS, Switcher
from groundwork.registry.models import Body, Membership, Person, Place
from groundwork.registry.queries.fitness import check_homes
from groundwork.registry.rules import people as rules
from groundwork.registry.rules.people import NewPerson

KIND = entries.KIND


@transaction.atomic
def add_person(row: NewPerson, *, by: Actor, at: datetime | None = None) -> Person:
    """Add one person. Raises what `rules.people` and `fitness.check_homes` raise, or Forbidden."""
    [person] = _add([row], by=by, at=at or clock.now(), demo=False)
    trail.record(by, "add", KIND, person.public_id, _said(row), at=at)
    return person


@transaction.atomic
def add_people_many(
    rows: Sequence[NewPerson], *, by: Actor, at: datetime | None = None, demo: bool = False
) -> list[Person]:
    """Add many people by the rules for one; one trail row, grouped change rows."""
    people = _add(rows, by=by, at=at or clock.now(), demo=demo)
    trail.record(by, "add_many", KIND, str(len(people)), ["*"], at=at)
    return people


def _add(rows: Sequence[NewPerson], *, by: Actor, at: datetime, demo: bool) -> list[Person]:
    day = at.astimezone(clock.ZONE).date()
    policy.check_keeps_units(by, {row.unit_id for row in rows})
    rows = [rules.clean_new(row, day) for row in rows]
    check_homes(rows)
    numbers = [row.work_number for row in rows]
    for taken in find_taken(numbers):
        raise rules.WorkNumberTaken(work_number=taken)
    try:
        with transaction.atomic():
            return entries.insert_people(rows, day=day, at=at, demo=demo)
    except IntegrityError as error:  # somebody else was quicker with the same work number
        raise Conflict from error


def find_taken(numbers: Sequence[str]) -> list[str]:
    """List work numbers that stand twice in `numbers` or already belong to somebody."""
    seen: set[str] = set()
    twice = [n for n in numbers if n in seen or seen.add(n)]  # type: ignore[func-returns-value]
    if twice:
        return twice
    taken: list[str] = []
    for i in range(0, len(numbers), 5000):
        chunk = numbers[i : i + 5000]
        found = Person.objects.filter(work_number__in=chunk)
        taken += found.values_list("work_number", flat=True)[:1]
    return taken


def _said(row: NewPerson) -> list[str]:
    return [name for name in NewPerson.__slots__ if getattr(row, name) not in (None, "")]


@transaction.atomic
def edit_person(
    person: Person,
    *,
    name: str | None = None,
    sort_key: str | None = None,
    phone: str | None = None,
    party_member: bool | None = None,
    status: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Person:
    """Change what an entry says of the person itself; None leaves a field as it is."""
    at = at or clock.now()
    person = policy.person_for(by, person.public_id, "edit", lock=True)
    before = entries.dimensions(person)
    if status is not None:
        rules.check_status_step(person.status, status)
    wanted: dict[str, object] = {
        "name": None if name is None else rules.clean_name(name),
        "sort_key": None if sort_key is None else rules.clean_sort_key(sort_key),
        "phone": None if phone is None else rules.clean_phone(phone),
        "party_member": party_member,
        "status": status,
    }
    if wanted["sort_key"] == "" or (wanted["name"] not in (None, person.name) and not sort_key):
        wanted["sort_key"] = text.sort_key(str(wanted["name"] or person.name))
    fields = [k for k, v in wanted.items() if v is not None and v != getattr(person, k)]
    if not fields:
        return person
    for field in fields:
        setattr(person, field, wanted[field])
    if "sort_key" in fields:
        person.initials = text.initials(person.sort_key)[:20]
        fields.append("initials")
    person.save(update_fields=fields)
    entries.index_people([person])
    entries.record_changes([(before, entries.dimensions(person))], at=at)
    trail.record(by, "edit", KIND, person.public_id, fields, at=at)
    return person


@transaction.atomic
def move_person(
    person: Person,
    *,
    unit: Body,
    office: Body | None = None,
    branch: Body | None = None,
    since: date,
    by: Actor,
    at: datetime | None = None,
) -> Person:
    """Move a person to a unit, office and branch from `since`, which may not lie ahead.

    Whoever keeps the old unit may send, whoever keeps the new one must receive: the actor keeps
    both, or the district or the city moves. Raises Forbidden, FutureDate, BeforePrevious.
    """
    person = policy.person_for(by, person.public_id, "move", lock=True)
    policy.check_keeps_units(by, {unit.pk})
    targets = {
        Membership.Kind.UNIT: unit.pk,
        Membership.Kind.OFFICE: office.pk if office else None,
        Membership.Kind.BRANCH: branch.pk if branch else None,
    }
    return _settle(person, targets, since=since, verb="move", by=by, at=at)


@transaction.atomic
def set_home_community(
    person: Person, *, place: Place | None, since: date, by: Actor, at: datetime | None = None
) -> Person:
    """Say in which community a person lives from `since`: the second half of dual membership."""
    person = policy.person_for(by, person.public_id, "edit", lock=True)
    targets = {Membership.Kind.HOME_COMMUNITY: place.pk if place else None}
    return _settle(person, targets, since=since, verb="set_home", by=by, at=at)


@transaction.atomic
def receive_resident(
    person: Person, *, place: Place, since: date, by: Actor, at: datetime | None = None
) -> Person:
    """Let a community say that a person lives there from `since`, as the person told it.

    Who keeps the community need not keep the person's unit. Raises Forbidden, FutureDate,
    BeforePrevious.
    """
    policy.check_receives(by, place)
    hold_row(Person, pk=person.pk)
    person = Person.objects.select_related("unit__place", "home_community").get(pk=person.pk)
    targets: dict[Membership.Kind, int | None] = {Membership.Kind.HOME_COMMUNITY: place.pk}
    return _settle(person, targets, since=since, verb="receive", by=by, at=at)


def _settle(
    person: Person,
    targets: dict[Membership.Kind, int | None],
    *,
    since: date,
    verb: str,
    by: Actor,
    at: datetime | None,
) -> Person:
    at = at or clock.now()
    rules.check_since(since, at.astimezone(clock.ZONE).date())
    if person.status == rules.LEFT:
        raise rules.HasLeft(name=person.name)
    before, unit = entries.dimensions(person), person.unit_id
    for kind, target in targets.items():
        setattr(person, FIELDS[kind], target)
    check_homes([_as_new(person)])
    switcher = Switcher([person.pk])
    for kind, target in targets.items():
        switcher.switch(person.pk, kind, target, since)
    switcher.write()
    fields = [FIELDS[kind].removesuffix("_id") for kind in targets]
    person.save(update_fields=fields)
    entries.index_people([person])
    entries.record_changes([(before, entries.dimensions(person))], at=at)
    trail.record(by, verb, KIND, person.public_id, fields, at=at)
    if person.unit_id != unit:
        signals.moved.send(Person, people=[person], by=by, at=at)
    return person


def _as_new(person: Person) -> NewPerson:
    return NewPerson(
        person.name,
        person.work_number,
        person.unit_id,
        person.office_id,
        person.branch_id,
        person.home_community_id,
    )


@transaction.atomic
def reveal_phone(person: Person, *, by: Actor, at: datetime | None = None) -> str:
    """Show the whole phone number to who may see it; the trail keeps that it was shown."""
    person = policy.person_for(by, person.public_id, "reveal_phone")
    trail.record(by, "reveal_phone", KIND, person.public_id, ["phone"], at=at)
    return person.phone


@transaction.atomic
def hand_over(person: Person, *, successor: Person, by: Actor, at: datetime | None = None) -> None:
    """Hand everything open of a person to a successor in one act; areas above listen and move it.

    Raises SamePerson, or NotFound and Forbidden for either of the two.
    """
    at = at or clock.now()
    person = policy.person_for(by, person.public_id, "hand_over", lock=True)
    successor = policy.person_for(by, successor.public_id, "hand_over", lock=True)
    if person.pk == successor.pk:
        raise rules.SamePerson
    signals.handed_over.send(Person, person=person, successor=successor, by=by, at=at)
    trail.record(by, "hand_over", KIND, person.public_id, [successor.public_id], at=at)
