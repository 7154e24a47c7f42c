"""Lists of people and the person card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from groundwork.base import search
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.text import tidy
from groundwork.registry import policy
from groundwork.registry.models import Body, Membership, Person
from groundwork.registry.rules.people import EXPECTED, is_expected, mask_phone

KEYS = ("sort_key", "pk")


@dataclass(frozen=True)
class PersonLine:
    """One line of a list of people; the phone is masked."""

    public_id: str
    name: str
    work_number: str
    unit: str
    office: str
    status: str
    phone: str
    demo: bool
    expected: bool


@dataclass(frozen=True)
class PeoplePage:
    """A page of people: the lines, the next cursor, the capped total, the unit filtered by."""

    lines: list[PersonLine]
    next: str
    total: int
    unit: Body | None = None


def find_people(by: Actor, q: str = "", *, unit: Body | None = None) -> QuerySet[Person]:
    """Find visible people by name, pinyin, initials, work number or unit, within a body."""
    people = policy.visible_people(by)
    if unit is not None:
        path = unit.path
        people = people.filter(Q(unit__path__startswith=path) | Q(office=unit) | Q(branch=unit))
    if tidy(q):
        people = people.filter(pk__in=search.matching("registry.person", q))
    return people


def people_page(
    by: Actor, *, q: str = "", unit: str = "", status: str = "", cursor: str = ""
) -> PeoplePage:
    """List people sorted by pinyin, page by key; raises NotFound for a unit that is none."""
    body = policy.body_for(by, unit, "view") if unit else None
    people = find_people(by, q, unit=body)
    if status:
        people = people.filter(status=status)
    page = page_by_key(people.select_related("unit", "office"), KEYS, cursor)
    return PeoplePage(_lines(page), page.next, capped_count(people), body)


def _lines(page: Listing[Person]) -> list[PersonLine]:
    return [person_line(person) for person in page.rows]


def person_line(person: Person) -> PersonLine:
    """Make a line of a person whose unit and office are loaded."""
    return PersonLine(
        public_id=person.public_id,
        name=person.name,
        work_number=person.work_number,
        unit=str(person.unit),
        office=str(person.office) if person.office else "",
        status=person.status,
        phone=mask_phone(person.phone),
        demo=person.demo,
        expected=is_expected(person.status),
    )


@dataclass(frozen=True)
class Belonging:
    """One line of a person's history: where, from when, to when."""

    kind: str
    name: str
    valid_from: date
    valid_to: date | None
    body_id: str = ""


@dataclass(frozen=True)
class PersonCard:
    """All that a page may say of a person."""

    person: Person
    line: PersonLine
    history: list[Belonging]
    may_edit: bool
    may_reveal: bool
    merged_from: int

    @property
    def open(self) -> list[Belonging]:
        """Where the person belongs now: unit, office, branch, home."""
        order = list(Membership.Kind.values)
        now = [row for row in self.history if row.valid_to is None]
        return sorted(now, key=lambda row: order.index(row.kind))


def person_card(by: Actor, public_id: str) -> PersonCard:
    """Show one person with the history of memberships, latest first. Raises NotFound."""
    person = policy.person_for(by, public_id, "view")
    rows = Membership.objects.filter(person=person).select_related("body", "place")
    keeps = policy.may_keep_unit(by, person.unit)
    return PersonCard(
        person=person,
        line=person_line(person),
        history=[
            Belonging(
                kind=row.kind,
                name=str(row.body or row.place),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                body_id=row.body.public_id if row.body else "",
            )
            for row in rows.order_by("valid_to", "-valid_from", "pk")
        ],
        may_edit=keeps,
        may_reveal=bool(person.phone) and (keeps or person.pk == by.person_id),
        merged_from=Person.objects.filter(merged_into=person).count(),
    )


def expected_people(people: QuerySet[Person]) -> QuerySet[Person]:
    """Keep those who are expected at their unit's evenings."""
    return people.filter(status__in=EXPECTED, merged_into=None)


def namesakes(by: Actor, person: Person) -> Sequence[Person]:
    """List visible people of the same name: candidates for merging."""
    people = policy.visible_people(by).filter(name=person.name).exclude(pk=person.pk)
    return list(people.select_related("unit", "office").order_by("pk")[:20])


def people_to_export(by: Actor, *, q: str = "", unit: str = "") -> QuerySet[Person]:
    """Give the people of a filtered list for an export, in list order."""
    body = policy.body_for(by, unit, "view") if unit else None
    related = ("unit", "office", "branch", "home_community")
    return find_people(by, q, unit=body).select_related(*related).order_by(*KEYS)


def own_public_id(by: Actor) -> str:
    """Name the actor's own entry; "" for who has none."""
    own = Person.objects.filter(pk=by.person_id or 0).values_list("public_id", flat=True)
    return own.first() or ""
