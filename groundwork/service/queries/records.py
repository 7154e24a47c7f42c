"""Visits, contact points and rounds as plain values for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import page_by_key
from groundwork.registry.models import Body, Place
from groundwork.service.models import ContactPoint, PatrolArea, Round, RoundQuestion, Visit
from groundwork.service.policy.rounds import public_rounds
from groundwork.service.queries.points import contact_points, patrol_areas
from groundwork.service.queries.visits import VisitPage
from groundwork.service.rules.rounds import NoSuchQuestion

Record = dict[str, Any]


def _named(row: Body | Place) -> Record:
    return {"code": row.code, "name": str(row)}


def visit_record(visit: Visit) -> Record:
    """Tell a visit."""
    return {
        "id": visit.public_id,
        "service": visit.service,
        "day": visit.day.isoformat(),
        "unit": _named(visit.unit),
        "place": _named(visit.place),
        "host": _named(visit.host) if visit.host else None,
        "brought": list(visit.brought),
        "found": visit.found,
    }


def visit_page_record(page: VisitPage) -> Record:
    """Tell a visit with who went and what became of it."""
    return visit_record(page.visit) | {
        "people": page.people,
        "note": page.visit.note if page.reads_note else "",
        "matters": [matter.public_id for matter in page.matters],
        "matters_unseen": page.unseen,
    }


def host_named(by: Actor, text: str) -> Body | None:
    """Find the open body that was visited by its code or public id. Raises NotFound."""
    if not text.strip():
        return None
    named = Q(code=text.strip()) | Q(public_id=text.strip())
    found = Body.objects.filter(named, valid_to=None).select_related("place").first()
    if found is None or by.is_anonymous:
        raise NotFound
    return found


def point_records(by: Actor, after: str) -> tuple[list[Record], str]:
    """Tell a page of contact points with today's squads."""
    listed = contact_points(by, after=after)
    return [_point(row) for row in listed.rows], listed.next


def _point(row: ContactPoint) -> Record:
    return {
        "id": row.public_id,
        "name": row.name,
        "unit": _named(row.body),
        "place": _named(row.place),
        "weekdays": list(row.weekdays),
        "squad": [member.person.name for member in row.now],  # type: ignore[attr-defined]
    }


def area_records(by: Actor, after: str) -> tuple[list[Record], str]:
    """Tell a page of patrol areas with who is responsible."""
    listed = patrol_areas(by, after=after)
    return [_area(row) for row in listed.rows], listed.next


def _area(row: PatrolArea) -> Record:
    return {
        "id": row.public_id,
        "name": row.name,
        "unit": _named(row.body),
        "places": [_named(place) for place in row.covered],  # type: ignore[attr-defined]
        "keepers": [kept.person.name for kept in row.now],  # type: ignore[attr-defined]
        "last_day": row.last_day.isoformat() if row.last_day else None,  # type: ignore[attr-defined]
    }


def questions_numbered(public_id: str, numbers: Sequence[int]) -> dict[int, str]:
    """Give the keys of a round's questions by their numbers from 1. Raises NoSuchQuestion."""
    rows = RoundQuestion.objects.filter(round__public_id=public_id)
    keys = dict(enumerate((str(row.pk) for row in rows), 1))
    for number in numbers:
        if number not in keys:
            raise NoSuchQuestion(number=number)
    return keys


def round_records(at: datetime, after: str) -> tuple[list[Record], str]:
    """Tell a page of the rounds that everybody may see, the newest first."""
    listed = page_by_key(_complete(public_rounds(at)), ("-opens_at", "-id"), after)
    return [round_record(row) for row in listed.rows], listed.next


def round_page_record(public_id: str, at: datetime) -> Record:
    """Tell one such round with its questions. Raises NotFound."""
    found = _complete(public_rounds(at)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return round_record(found) | {"questions": [row.text for row in found.questions.all()]}


def _complete(rows: QuerySet[Round]) -> QuerySet[Round]:
    return rows.select_related("body", "place")


def round_record(row: Round) -> Record:
    """Tell a round; what came of it once it is published."""
    return {
        "id": row.public_id,
        "title": row.title,
        "unit": _named(row.body),
        "place": _named(row.place),
        "state": row.state,
        "opens_at": row.opens_at.astimezone(clock.ZONE).isoformat(),
        "closes_at": row.closes_at.astimezone(clock.ZONE).isoformat(),
        "why": row.why,
        "outcome": row.outcome if row.state == Round.State.REPORTED else "",
    }
