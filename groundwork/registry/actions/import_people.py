"""Write an import of people and take it back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Max, Model

from groundwork.base import search, text
from groundwork.base.actor import Actor
from groundwork.registry import signals
from groundwork.registry.actions import entries
from groundwork.registry.actions.memberships import CHUNK, FIELDS, Switcher, Switches
from groundwork.registry.models import Membership, Person
from groundwork.registry.queries.batches import Undo
from groundwork.registry.queries.checking import Checked, Values
from groundwork.registry.queries.people_check import FIELDS as SAID
from groundwork.registry.rules import people as rules
from groundwork.registry.rules.people import NewPerson

TARGETS = {name: kind for kind, name in FIELDS.items()}
WRITTEN = ("name", "initials", "work_number", *SAID)
GONE = (rules.RETIRED, rules.LEFT)


def write_people(checked: Checked, *, by: Actor, day: date, at: datetime) -> Undo:
    """Write the good rows: new people in bulk, changes with their memberships."""
    values = dict(checked.rows)
    new = [_as_new(values[p.row]) for p in checked.plan if p.do == "new"]
    people = entries.insert_people(new, day=day, at=at)
    undo = Undo(created={person.pk: fingerprint(person) for person in people})
    changed = [(p.pk, p.before, values[p.row]) for p in checked.plan if p.do == "changed"]
    _change([(pk, before, said) for pk, before, said in changed if pk], undo, by, day, at)
    undo.memberships["last"] = Membership.objects.aggregate(last=Max("pk"))["last"]
    return undo


def _as_new(said: Values) -> NewPerson:
    since = said.get("since")
    fields = {name: said[name] for name in SAID if said.get(name) is not None}
    return NewPerson(
        work_number=said["work_number"],
        since=date.fromisoformat(since) if since else None,
        **fields,
    )


def fingerprint(row: Person | Sequence[object]) -> int:
    """Sum up a person as written, to see later whether anything changed."""
    if isinstance(row, Person):
        row = [getattr(row, name) for name in WRITTEN]
    return zlib.crc32(repr(list(row)).encode())


def _change(
    rows: Sequence[tuple[int, Values, Values]], undo: Undo, by: Actor, day: date, at: datetime
) -> None:
    people = _load([pk for pk, _before, _said in rows])
    switcher = Switcher(people)
    pairs = []
    gone, moved = [], []
    for pk, before, said in rows:
        person = people[pk]
        dims = entries.dimensions(person)
        was, unit = person.status, person.unit_id
        for name in before:
            setattr(person, name, said[name])
        if person.unit_id != unit:
            moved.append(person)
        person.initials = text.initials(person.sort_key)[:20]
        _switch(person, was, said, switcher, day)
        if person.status in GONE and was not in GONE:
            gone.append(person)
        pairs.append((dims, entries.dimensions(person)))
        undo.changed.append((pk, before, {name: said[name] for name in before}))
    undo.memberships = _packed(switcher.write())
    Person.objects.bulk_update(people.values(), ["initials", *SAID], batch_size=200)
    entries.index_people(people.values())
    entries.record_changes(pairs, at=at)
    if moved:
        signals.moved.send(Person, people=moved, by=by, at=at)
    for person in gone:
        signals.left.send(Person, person=person, by=by, at=at)


def _switch(person: Person, was: str, said: Values, switcher: Switcher, day: date) -> None:
    """Let memberships follow the four homes; who has left belongs nowhere."""
    since = date.fromisoformat(said["since"]) if "since" in said else day
    moved = switcher.target(person.pk, "unit") != person.unit_id and was != rules.LEFT
    for name, kind in TARGETS.items():
        target = None if person.status == rules.LEFT else getattr(person, name)
        from_day = since if moved and kind != Membership.Kind.HOME_COMMUNITY else day
        switcher.switch(person.pk, kind, target, from_day)


def _packed(done: Switches) -> dict[str, list[object]]:
    return {
        "created": [row.pk for row in done.created],
        "closed": [row[0] for row in done.before],
        "deleted": [list(row) for row in done.deleted],
    }


def _load(pks: Sequence[int]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    for i in range(0, len(pks), CHUNK):
        rows = Person.objects.select_for_update().filter(pk__in=pks[i : i + CHUNK])
        found.update({person.pk: person for person in rows})
    return found


# ---- taking back ----------------------------------------------------------------------------
def stuck_people(undo: Undo) -> set[int]:
    """Find people whom the import wrote and who changed, or whom other records name, since."""
    created = _load(list(undo.created))
    stuck = {pk for pk in undo.created if pk not in created}
    stuck |= {pk for pk, p in created.items() if fingerprint(p) != undo.created[pk]}
    stuck |= in_use(Person, undo.created, leaving=(Membership,))
    changed = _load([pk for pk, _before, _after in undo.changed])
    for pk, _before, after in undo.changed:
        person = changed.get(pk)
        if person is None or person.merged_into_id or _differs(person, after):
            stuck.add(pk)
    return stuck | _moved_since(undo)


def _moved_since(undo: Undo) -> set[int]:
    """Find people who moved since, even there and back: their history goes on from the import."""
    last = undo.memberships.get("last")
    pks = [*undo.created, *(pk for pk, _before, _after in undo.changed)]
    moved: set[int] = set()
    for i in range(0, len(pks) if last is not None else 0, CHUNK):
        rows = Membership.objects.filter(person_id__in=pks[i : i + CHUNK], pk__gt=last)
        moved.update(rows.values_list("person_id", flat=True))
    return moved


def units_concerned(undo: Undo, stuck: set[int]) -> set[int]:
    """Collect the units whose people an undo would delete, change or take back."""
    pks = {*undo.created, *(pk for pk, _before, _after in undo.changed)} - stuck
    units = {person.unit_id for person in _load(sorted(pks)).values()}
    back = (before.get("unit_id") for pk, before, _after in undo.changed if pk not in stuck)
    return units | {unit for unit in back if unit is not None}


def _differs(person: Person, after: Values) -> bool:
    return any(getattr(person, name) != value for name, value in after.items())


def in_use(
    model: type[Model], pks: Iterable[int], *, leaving: tuple[type[Model], ...] = ()
) -> set[int]:
    """Find rows that any other table refers to, whichever area it belongs to."""
    wanted = list(pks)
    used: set[int] = set()
    for relation in model._meta.related_objects:
        if relation.related_model in leaving or relation.many_to_many:
            continue
        name = relation.field.attname
        for i in range(0, len(wanted), CHUNK):
            rows = relation.related_model._default_manager.filter(
                **{f"{name}__in": wanted[i : i + CHUNK]}
            )
            used.update(rows.values_list(name, flat=True))
    return used


def undo_people(undo: Undo, stuck: set[int], *, day: date, at: datetime) -> None:
    """Take back everything that is not stuck: delete the new, restore the changed."""
    _restore([row for row in undo.changed if row[0] not in stuck], undo, at)
    created = _load([pk for pk in undo.created if pk not in stuck])
    entries.record_changes([(entries.dimensions(p), None) for p in created.values()], at=at)
    pks = list(created)
    for i in range(0, len(pks), CHUNK):
        search.remove(entries.KIND, pks[i : i + CHUNK])
        Membership.objects.filter(person_id__in=pks[i : i + CHUNK]).delete()
        Person.objects.filter(pk__in=pks[i : i + CHUNK]).delete()


def _restore(rows: Sequence[tuple[int, Values, Values]], undo: Undo, at: datetime) -> None:
    people = _load([pk for pk, _before, _after in rows])
    pairs = []
    for pk, before, _after in rows:
        person = people[pk]
        dims = entries.dimensions(person)
        for name, value in before.items():
            setattr(person, name, value)
        person.initials = text.initials(person.sort_key)[:20]
        pairs.append((dims, entries.dimensions(person)))
    done = undo.memberships
    Membership.objects.filter(pk__in=done.get("created", ()), person_id__in=people).delete()
    Membership.objects.filter(pk__in=done.get("closed", ()), person_id__in=people).update(
        valid_to=None
    )
    Membership.objects.bulk_create(
        Membership(
            person_id=person_id,
            kind=kind,
            body_id=body,
            place_id=place,
            valid_from=date.fromisoformat(since),
        )
        for person_id, kind, body, place, since in done.get("deleted", ())
        if person_id in people
    )
    Person.objects.bulk_update(people.values(), ["initials", *SAID], batch_size=200)
    entries.index_people(people.values())
    entries.record_changes(pairs, at=at)
