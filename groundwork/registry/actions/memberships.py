"""The one writer of memberships: every action that says where a person belongs goes through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from groundwork.registry.models import Membership, Person
from groundwork.registry.rules import people as rules

Kind = Membership.Kind
# kind → the field of Person that says the same of today
FIELDS: dict[str, str] = {
    Kind.UNIT: "unit_id",
    Kind.OFFICE: "office_id",
    Kind.BRANCH: "branch_id",
    Kind.HOME_COMMUNITY: "home_community_id",
}
CHUNK = 5000


@dataclass
class Switches:
    """What a batch did to memberships, so that it can be taken back."""

    created: list[Membership] = field(default_factory=list)
    before: list[tuple[int, int | None, int | None, str, str | None]] = field(default_factory=list)
    deleted: list[tuple[int, str, int | None, int | None, str]] = field(default_factory=list)


_INSERT = (
    f'INSERT INTO "{Membership._meta.db_table}"'  # noqa: S608 - the table's own name
    " (person_id, kind, body_id, place_id, valid_from) VALUES (%s, %s, %s, %s, %s)"
)


def open_first(people: Sequence[Person], since: Sequence[date]) -> None:
    """Open the memberships of people who have none yet.

    Plain SQL: 28,000 people open 100,000 memberships, and as model objects these took longer than
    everything else of an import together (measured 2026-11-22: a third of the whole).
    """
    rows: list[tuple[int | str | None, ...]] = []
    for person, day in zip(people, since, strict=True):
        if person.status != rules.LEFT:
            start = str(connection.ops.adapt_datefield_value(day))
            rows += _first_rows(person, start)
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def _first_rows(person: Person, start: str) -> Iterator[tuple[int | str | None, ...]]:
    yield person.pk, "unit", person.unit_id, None, start
    if person.office_id is not None:
        yield person.pk, "office", person.office_id, None, start
    if person.branch_id is not None:
        yield person.pk, "branch", person.branch_id, None, start
    if person.home_community_id is not None:
        yield person.pk, "home_community", None, person.home_community_id, start


def _membership(person_id: int, kind: str, target: int, since: date) -> Membership:
    at_place = kind == Kind.HOME_COMMUNITY
    return Membership(
        person_id=person_id,
        kind=kind,
        body_id=None if at_place else target,
        place_id=target if at_place else None,
        valid_from=since,
    )


class Switcher:
    """Close and open memberships of some people, one write at the end."""

    def __init__(self, person_ids: Iterable[int]) -> None:
        ids = list(person_ids)
        self.done = Switches()
        self._changed: dict[int, Membership] = {}
        self._gone: list[Membership] = []
        self._open: dict[tuple[int, str], Membership] = {}
        for i in range(0, len(ids), CHUNK):
            rows = Membership.objects.filter(person_id__in=ids[i : i + CHUNK], valid_to=None)
            self._open.update({(row.person_id, row.kind): row for row in rows})

    def target(self, person_id: int, kind: str) -> int | None:
        """Tell where the person belongs now."""
        row = self._open.get((person_id, kind))
        return None if row is None else row.place_id or row.body_id

    def switch(self, person_id: int, kind: str, target: int | None, since: date) -> None:
        """Let the person belong to `target` from `since` on. Raises BeforePrevious."""
        row = self._open.get((person_id, kind))
        if (row.place_id or row.body_id if row else None) == target:
            return
        if row is not None:
            rules.check_since(since, since, row.valid_from)
            self._end(row, since)
        if target is not None:
            made = _membership(person_id, kind, target, since)
            self._open[person_id, kind] = made
            self.done.created.append(made)
        else:
            self._open.pop((person_id, kind), None)

    def _end(self, row: Membership, since: date) -> None:
        """End a membership the day before; one that would not have lasted a day goes."""
        if row.pk is None:
            self.done.created.remove(row)
        elif row.valid_from == since:
            self._gone.append(row)
            target = (row.body_id, row.place_id)
            self.done.deleted.append((row.person_id, row.kind, *target, since.isoformat()))
        else:
            self.done.before.append(
                (row.pk, row.body_id, row.place_id, row.valid_from.isoformat(), None)
            )
            row.valid_to = since - timedelta(days=1)
            self._changed[row.pk] = row

    def write(self) -> Switches:
        """Write everything and tell what was done."""
        Membership.objects.filter(pk__in=[row.pk for row in self._gone]).delete()
        Membership.objects.bulk_update(self._changed.values(), ["valid_to"], batch_size=300)
        self.done.created = Membership.objects.bulk_create(self.done.created)
        return self.done
