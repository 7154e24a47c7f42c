"""Matters as plain values for other programs: the board's, the staff's, a way's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from groundwork.base import clock, search
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import page_by_key
from groundwork.matters.models import Category, Matter, State
from groundwork.matters.policy import public_matters, visible_matters
from groundwork.matters.policy.places import at_place
from groundwork.matters.queries.naming import categories_on, labels_of
from groundwork.matters.queries.timeline import Timeline
from groundwork.matters.rules import private
from groundwork.matters.rules.open311 import confirmed
from groundwork.registry.models import Place, Priority

Record = dict[str, Any]
MOST_PLACES = 20


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; "" leaves a condition out."""

    category: str = ""
    place: str = ""
    state: str = ""
    q: str = ""
    after: str = ""
    size: int = 50
    priority: str = ""


@dataclass(frozen=True)
class Found:
    """A page of records with the cursor of the next."""

    items: list[Record]
    next: str


def board(wanted: Wanted, at: datetime) -> Found:
    """Give a page of what the public board shows, the newest first."""
    rows = _narrowed(public_matters(at), wanted, "matters.public")
    listed = page_by_key(_complete(rows), ("-id",), wanted.after, size=wanted.size)
    return Found(_told(listed.rows, public_record), listed.next)


def staff_list(by: Actor, wanted: Wanted, at: datetime) -> Found:
    """Give a page of what the actor reads as one of the staff, the newest first."""
    rows = _narrowed(visible_matters(by, at), wanted, "matters.matter")
    complete = _complete(rows).select_related("priority")
    listed = page_by_key(complete, ("-id",), wanted.after, size=wanted.size)
    return Found(_told(listed.rows, staff_record), listed.next)


def board_matter(public_id: str, at: datetime) -> Matter:
    """Fetch a matter of the public board. Raises NotFound."""
    found = _complete(public_matters(at)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _narrowed(rows: QuerySet[Matter], wanted: Wanted, index: str) -> QuerySet[Matter]:
    if wanted.category:
        named = Category.objects.filter(code=wanted.category)
        parts = Category.objects.filter(parent__code=wanted.category)
        rows = rows.filter(category__in=named | parts)
    if wanted.place:
        place = Place.objects.filter(code=wanted.place).first()
        if place is None:
            return rows.none()
        rows = rows.filter(at_place(place))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.priority:
        rows = rows.filter(priority__public_id=wanted.priority)
    if wanted.q.strip():
        rows = rows.filter(pk__in=search.matching(index, wanted.q))
    return rows


def _complete(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("category", "place", "lead", "merged_into")


def _told(rows: Iterable[Matter], tell: Any) -> list[Record]:
    matters = list(rows)
    labels = labels_of([matter.place for matter in matters])
    return [tell(matter, labels[matter.place_id]) for matter in matters]


def told(matter: Matter, *, staff: bool) -> Record:
    """Tell one matter, to the public or to the staff who fetched it."""
    [record] = _told([matter], staff_record if staff else public_record)
    return record


def public_record(matter: Matter, where: str) -> Record:
    """Tell what the board shows of a matter."""
    return {
        "id": matter.public_id,
        "words": private.blanked(matter.public_text),
        "category": _category(matter.category),
        "place": {"code": matter.place.code, "name": where},
        "state": matter.state,
        "state_name": str(State(matter.state).label),
        "lead": str(matter.lead) if matter.lead else "",
        "raised_at": _moment(matter.raised_at),
        "solve_by": _moment(matter.solve_by),
        "answer": private.blanked(matter.answer),
        "answered_at": _moment(matter.answered_at),
        "closed_at": _moment(matter.closed_at),
        "confirmed_by_raiser": confirmed(matter.state),
        "reopened": matter.redo_count > 0,
        "raisers": matter.raisers_count,
    }


def staff_record(matter: Matter, where: str) -> Record:
    """Tell what the staff read of a matter: never who raised it."""
    return public_record(matter, where) | {
        "words": matter.text,
        "answer": matter.answer,
        "receipt": matter.receipt,
        "title": matter.title,
        "public_words": matter.public_text,
        "door": matter.door,
        "kind": matter.kind,
        "urgency": matter.urgency,
        "priority": _task(matter.priority),
        "due_at": _moment(matter.due_at),
        "supervised": matter.supervised,
    }


def _category(row: Category) -> Record:
    return {"code": row.code, "name": row.name, "name_en": row.name_en}


def _task(priority: Priority | None) -> Record | None:
    return {"id": priority.public_id, "name": priority.name} if priority else None


def way_record(way: Timeline, *, receipt: bool) -> Record:
    """Tell a way in plain words; the receipt's number only to those who have it or may see it."""
    matter = way.matter
    return {
        "id": matter.public_id,
        "receipt": matter.receipt if receipt else None,
        "state": matter.state,
        "state_name": str(State(matter.state).label),
        "steps": [
            {
                "at": _moment(entry.at),
                "verb": entry.verb,
                "sentence": str(entry.sentence),
                "body": entry.body,
                "text": entry.text,
            }
            for entry in way.entries
        ],
        "went_into": way_record(way.went_into, receipt=False) if way.went_into else None,
    }


def category_records(day: date) -> list[Record]:
    """List the categories in force."""
    return [
        {
            **_category(row),
            "group": (row.parent or row).name,
            "group_en": (row.parent or row).name_en,
            "audience": row.audience,
        }
        for row in categories_on(day)
    ]


def place_records(text: str) -> list[Record]:
    """List places of today that a text may mean, twenty at most."""
    rows = Place.objects.filter(valid_to=None).exclude(level=Place.Level.GRID)
    text = text.strip()
    named = Q(code=text) | Q(name=text) | Q(pk__in=search.matching("registry.place", text))
    found = list(rows.filter(named).order_by("path")[:MOST_PLACES]) if text else []
    labels = labels_of(found)
    return [{"code": row.code, "name": labels[row.pk], "level": row.level} for row in found]


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(clock.ZONE).isoformat() if value else None
