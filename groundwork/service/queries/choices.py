"""What the forms offer: where one goes, with whom, which category; recent ones first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.text import tight
from groundwork.registry.models import Body, Person, Place, Priority
from groundwork.registry.queries import find_bodies, find_communities
from groundwork.registry.rules.bodies import UNIT_KINDS
from groundwork.service.models import ContactPoint, PatrolArea, Visit
from groundwork.service.policy import points
from groundwork.service.policy import visits as policy
from groundwork.service.rules.visits import UnknownColleague

RECENT = 6
COMPANIONS = 8
MOST = 12


class Choice(NamedTuple):
    """One answer: "place:…", "body:…" or "point:…" with a public id, its name, what tells it."""

    id: str
    label: str
    sub: str = ""


@dataclass(frozen=True)
class Where:
    """Where a visit went, as chosen: one of the three."""

    place: Place | None = None
    host: Body | None = None
    point: ContactPoint | None = None


def usual_places(by: Actor, today: date) -> list[Choice]:
    """Give one's own contact points, then where one went last."""
    if by.person_id is None:
        return []
    own = ContactPoint.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        squad__person=by.person_id,
        squad__valid_to=None,
    ).select_related("place")
    found = [Choice(f"point:{p.public_id}", p.name, str(p.place)) for p in own.order_by("id")[:4]]
    lately = (
        Visit.objects.filter(visitors__person=by.person_id, withdrawn_at=None, contact_point=None)
        .order_by("-day", "-id")
        .select_related("place", "host")[:30]
    )
    for visit in lately:
        if visit.host:
            found.append(Choice(f"body:{visit.host.public_id}", str(visit.host), str(visit.place)))
        else:
            found.append(Choice(f"place:{visit.place.public_id}", str(visit.place)))
    return list(dict.fromkeys(found))[: RECENT + 4]


def own_studios(by: Actor) -> list[Body]:
    """Give the studios in whose name the actor may go."""
    return list(policy.own_studios(by).order_by("path")[:MOST])


def last_service(by: Actor) -> str:
    """Give the service of one's last visit: most people go for one of the three."""
    last = Visit.objects.filter(visitors__person=by.person_id).order_by("-day", "-id")
    return last.values_list("service", flat=True).first() or "people"


def find_where(by: Actor, text: str) -> list[Choice]:
    """Find communities and enterprises by any way of writing their names."""
    kinds = (Body.Kind.ENTERPRISE.value, Body.Kind.PARK.value)
    hosts = [
        Choice(f"body:{row.id}", row.label, row.sub) for row in find_bodies(by, text, kinds=kinds)
    ]
    places = [Choice(f"place:{row.id}", row.label, row.sub) for row in find_communities(by, text)]
    return [*places[:8], *hosts][:MOST]


def where_of(by: Actor, value: str) -> Where | None:
    """Give what a choice names; None for what is not there."""
    kind, _colon, public_id = value.partition(":")
    if kind == "place":
        place = Place.objects.filter(public_id=public_id, valid_to=None).first()
        return Where(place=place) if place else None
    if kind == "body":
        kinds = (Body.Kind.ENTERPRISE, Body.Kind.PARK)
        hosts = Body.objects.filter(public_id=public_id, kind__in=kinds, valid_to=None)
        host = hosts.select_related("place").first()
        return Where(host=host) if host else None
    if kind == "point":
        point = points.visible_points(by).filter(public_id=public_id, valid_to=None)
        found = point.select_related("place").first()
        return Where(point=found) if found else None
    return None


def label_of_where(by: Actor, value: str) -> str:
    """Name what a choice names."""
    where = where_of(by, value)
    return "" if where is None else str(where.place or where.host or where.point)


def companions(by: Actor, today: date) -> list[Person]:
    """Give those one went with lately, then the people of one's office."""
    if by.person_id is None:
        return []
    me = Person.objects.get(pk=by.person_id)
    lately = Visit.objects.filter(visitors__person=me.pk, withdrawn_at=None).order_by("-day", "-id")
    keys = list(lately.values_list("pk", flat=True)[:30])
    people = _at_work().exclude(pk=me.pk)
    with_me = (
        people.filter(visits__visit__in=keys)
        .annotate(last=Max("visits__visit__day"))
        .order_by("-last", "pk")[:COMPANIONS]
    )
    found: list[Person] = [*with_me]
    if len(found) < COMPANIONS and me.office_id:
        near = people.filter(office=me.office_id).exclude(pk__in=[one.pk for one in found])
        found += list(near.order_by("sort_key", "pk")[: COMPANIONS - len(found)])
    return found


def _at_work() -> QuerySet[Person]:
    gone = (Person.Status.LEFT, Person.Status.RETIRED)
    return Person.objects.filter(merged_into=None).exclude(status__in=gone)


def colleagues_named(by: Actor, names: Iterable[str]) -> dict[str, list[Person]]:
    """Find people of one's own unit by whole name or work number."""
    wanted = {tight(name) for name in names if tight(name)}
    found: dict[str, list[Person]] = {name: [] for name in wanted}
    if not wanted or by.person_id is None:
        return found
    unit = Person.objects.values_list("unit", flat=True).get(pk=by.person_id)
    people = _at_work().filter(Q(name__in=wanted) | Q(work_number__in=wanted), unit=unit)
    for person in people:
        for name in (person.name, person.work_number):
            if name in found:
                found[name].append(person)
    return found


def companions_named(by: Actor, names: Iterable[str]) -> tuple[Person, ...]:
    """Find who came along by name or work number, one each. Raises UnknownColleague."""
    wanted = [tight(name) for name in names if tight(name)]
    found = colleagues_named(by, wanted)
    for name in wanted:
        if len(found[name]) != 1:
            raise UnknownColleague(name=name)
    return tuple(dict.fromkeys(found[name][0] for name in wanted))


def people_of_units(by: Actor, body: Body, text: str) -> list[Choice]:
    """Find people of a body by name, initials or number: for its squad, its areas."""
    word = tight(text)
    if not word:
        return []
    named = Q(name__startswith=word) | Q(initials__startswith=word.lower()) | Q(work_number=word)
    rows = points.people_of(body).filter(named).select_related("office", "unit")
    return [
        Choice(p.public_id, p.name, f"{p.office or p.unit} · {p.work_number}")
        for p in rows.order_by("sort_key", "pk")[:MOST]
    ]


def person_of(public_id: str) -> Person | None:
    """Give a person by public id."""
    return Person.objects.filter(public_id=public_id, merged_into=None).first()


def people_numbered(text: Iterable[str]) -> dict[str, Person]:
    """Find people by work number: whom a round names."""
    numbers = [tight(line) for line in text]
    return {p.work_number: p for p in _at_work().filter(work_number__in=numbers)}


def enterprises_named(lines: Iterable[str]) -> dict[str, Body]:
    """Find enterprises by whole name, short name or code: whom a round names."""
    words = [line.strip() for line in lines]
    rows = Body.objects.filter(
        Q(name__in=words) | Q(short_name__in=words) | Q(code__in=words),
        kind=Body.Kind.ENTERPRISE,
        valid_to=None,
    )
    return {name: row for row in rows for name in (row.name, row.short_name, row.code) if name}


def unit_choices(by: Actor, text: str) -> list[Choice]:
    """Find units for which the actor sets up points, areas and rounds."""
    found = find_bodies(by, text, kinds=UNIT_KINDS)
    kept = set(
        points.kept_units(by)
        .filter(public_id__in=[row.id for row in found])
        .values_list("public_id", flat=True)
    )
    return [Choice(*row) for row in found if row.id in kept]


def kept_unit(by: Actor, public_id: str) -> Body | None:
    """Give a unit that the actor keeps."""
    return points.kept_units(by).select_related("place").filter(public_id=public_id).first()


def own_unit(by: Actor) -> Body | None:
    """Guess for which unit the actor sets things up: the first of the grant's."""
    return points.kept_units(by).select_related("place").order_by("path").first()


def place_choices(by: Actor, text: str) -> list[Choice]:
    """Find communities."""
    return [Choice(*row) for row in find_communities(by, text)]


def place_of(public_id: str) -> Place | None:
    """Give a place of today."""
    return Place.objects.filter(public_id=public_id, valid_to=None).first() if public_id else None


def body_of(public_id: str) -> Body | None:
    """Give an open body."""
    return Body.objects.filter(public_id=public_id, valid_to=None).first() if public_id else None


def places_named(lines: Iterable[str]) -> dict[str, list[Place]]:
    """Find places by whole name or code: what a patrol area covers."""
    words = {line.strip() for line in lines if line.strip()}
    found: dict[str, list[Place]] = {word: [] for word in words}
    for place in Place.objects.filter(Q(name__in=words) | Q(code__in=words), valid_to=None):
        for name in {place.name, place.code} & words:
            found[name].append(place)
    return found


def area_places(area: PatrolArea) -> list[Place]:
    """Give an area's places in directory order."""
    return list(area.places.order_by("path"))


def priorities() -> list[Priority]:
    """Give the central tasks in force today."""
    today = clock.today()
    rows = Priority.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
    return list(rows)


def people_exactly(body: Body, text: str) -> list[Person]:
    """Find a body's people by whole name or work number."""
    word = tight(text)
    rows = points.people_of(body).filter(Q(name=word) | Q(work_number__iexact=word))
    return list(rows.order_by("sort_key", "pk")[:6])


def any_places(by: Actor, text: str) -> list[Choice]:
    """Find places of any level: the city's or a district's whole name, a street, a community."""
    word = text.strip()
    if not word:
        return []
    wide = Place.objects.filter(
        Q(name__startswith=word) | Q(code=word), depth__lte=3, valid_to=None
    )
    rows = [
        Choice(p.public_id, p.name, p.get_level_display()) for p in wide.order_by("path")[:MOST]
    ]
    return [*rows, *place_choices(by, text)][:MOST]
