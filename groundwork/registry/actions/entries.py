"""What every act on people shares: the row as written, its search words, its change rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from groundwork.base import changes, search, text
from groundwork.registry.actions import memberships
from groundwork.registry.models import Body, Person
from groundwork.registry.rules.people import NewPerson

KIND = "registry.person"
Dimensions = tuple[int, int | None, str, bool]


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
    unit_texts = {pk: unit_words(unit) for pk, unit in units.items()}
    search.index_many(
        KIND, [(person.pk, (*words(person), unit_texts[person.unit_id])) for person in people]
    )


def words(person: Person) -> tuple[str, ...]:
    """List a person's own search words."""
    plain = "".join(c for c in person.sort_key if c.isalpha())
    return person.name, person.initials, plain, person.work_number


def unit_words(unit: Body) -> str:
    """Join the names a unit is called by."""
    return " ".join([unit.name, unit.short_name, *unit.aliases])


def dimensions(person: Person) -> Dimensions:
    """Give what the figures know of a person: no name, no number."""
    return person.unit_id, person.home_community_id, person.status, person.party_member


def record_changes(
    pairs: Iterable[tuple[Dimensions | None, Dimensions | None]], *, at: datetime
) -> None:
    """Append one change row per kind of change, with how many people it met."""
    counted = Counter(pair for pair in pairs if pair[0] != pair[1])
    changes.record_many(
        changes.change(KIND, "", before=_named(before), after=_named(after), n=n, at=at)
        for (before, after), n in counted.items()
    )


def _named(values: Dimensions | None) -> dict[str, str | int | None] | None:
    if values is None:
        return None
    unit, home, status, party = values
    return {"unit": unit, "home_community": home, "status": status, "party_member": int(party)}
