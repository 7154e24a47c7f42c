"""What every act on people shares: the row as written, its search words, its change rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from groundwork.base import changes, search, text
from groundwork.registry.actions import memberships
from groundwork.registry.models import Body, Person
from groundwork.registry.rules.people import NewPerson

KIND, RESIDENT = "registry.person", "registry.resident"
# What the figures know of a person: (unit, status, party member) at work, (community) at home.
Dimensions = tuple[tuple[int, str, bool], int | None]
_NOT_LETTERS = str.maketrans("", "", " 0123456789")


def person_from(row: NewPerson, *, demo: bool = False) -> Person:
    """Make the row of a new person, not yet written."""
    key = row.sort_key or text.sort_key(row.name)
    return Person(
        name=row.name,
        sort_key=key,
        initials=text.initials(key)[:20],
        work_number=row.work_number,
        phone=row.phone,
        status=row.status,
        party_member=row.party_member,
        unit_id=row.unit_id,
        office_id=row.office_id,
        branch_id=row.branch_id,
        home_community_id=row.home_community_id,
        demo=demo,
    )


def insert_people(
    rows: Sequence[NewPerson], *, day: date, at: datetime, demo: bool = False
) -> list[Person]:
    """Write new people whose rows are already clean: entries, memberships, search, changes."""
    people = Person.objects.bulk_create([person_from(row, demo=demo) for row in rows])
    memberships.open_first(people, [row.since or day for row in rows])
    index_people(people)
    record_changes([(None, dimensions(person)) for person in people], at=at)
    return people


def index_people(people: Iterable[Person]) -> None:
    """Make people findable by name, pinyin, initials, work number and unit."""
    people = list(people)
    units = Body.objects.in_bulk({person.unit_id for person in people})
    unit_tokens = {pk: text.tokens(unit_words(unit)) for pk, unit in units.items()}
    search.index_tokens(
        KIND, [(person.pk, f"{tokens(person)} {unit_tokens[person.unit_id]}") for person in people]
    )


def tokens(person: Person) -> str:
    """Cut a person's own search words; the unit's are cut once for all its people."""
    number = person.work_number
    return " ".join(
        [
            text.tokens(person.name),
            person.initials,
            person.sort_key.translate(_NOT_LETTERS),
            number.lower() if number.isalnum() else text.tokens(number),
        ]
    )


def unit_words(unit: Body) -> str:
    """Join the names a unit is called by."""
    return " ".join([unit.name, unit.short_name, *unit.aliases])


def dimensions(person: Person) -> Dimensions:
    """Give what the figures know of a person: no name, no number."""
    return (person.unit_id, person.status, person.party_member), person.home_community_id


def record_changes(
    pairs: Iterable[tuple[Dimensions | None, Dimensions | None]], *, at: datetime
) -> None:
    """Append one change row per kind of change, with how many people it met.

    Work and home are counted apart: 28,000 people live in 3,000 communities and work in 1,000
    units, but hardly two share all.
    """
    work, home = Counter[Any](), Counter[Any]()
    for before, after in pairs:
        work[before and before[0], after and after[0]] += 1
        home[before and before[1], after and after[1]] += 1
    rows = [
        changes.change(KIND, "", before=_at_work(before), after=_at_work(after), n=n, at=at)
        for (before, after), n in work.items()
        if before != after
    ]
    rows += [
        changes.change(RESIDENT, "", before=_at_home(before), after=_at_home(after), n=n, at=at)
        for (before, after), n in home.items()
        if before != after
    ]
    changes.record_many(rows)


def _at_work(values: tuple[int, str, bool] | None) -> dict[str, str | int | None] | None:
    if values is None:
        return None
    unit, status, party = values
    return {"unit": unit, "status": status, "party_member": int(party)}


def _at_home(place: int | None) -> dict[str, str | int | None] | None:
    return None if place is None else {"home_community": place}
