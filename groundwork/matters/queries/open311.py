"""The ledger in the words of Open311 GeoReport v2: only what the public board shows.

A program that sent a report itself also sees that one before it is public, with its own words,
and nothing of it that is withheld.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.matters.models import Category, Kind, Matter, State, Step
from groundwork.matters.policy import not_withheld, public_matters
from groundwork.matters.queries.naming import categories_on, labels_of
from groundwork.matters.queries.timeline import BY_RAISERS, plain_sentence
from groundwork.matters.rules import open311 as rules
from groundwork.matters.rules import private
from groundwork.matters.rules.states import CLOSED

SOURCE = "open311.key"  # soft source of a report: the public id of the key it came by
Record = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which requests a list asks for."""

    ids: Sequence[str] = ()
    services: Sequence[str] = ()
    statuses: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None


# ---- services ---------------------------------------------------------------------------------
def services(day: date) -> list[Record]:
    """List what may be reported on a day."""
    return [
        {
            "service_code": row.code,
            "service_name": row.name,
            "description": row.description or row.name,
            "metadata": True,
            "type": "realtime",
            "keywords": ",".join(str(word) for word in row.words),
            "group": row.parent.name if row.parent else row.name,
        }
        for row in categories_on(day)
    ]


def service_definition(code: str, day: date) -> Record:
    """Describe what may be said with a report of a service. Raises NoSuchService."""
    if not categories_on(day).filter(code=code).exists():
        raise rules.NoSuchService(value=code[:40])
    yes_no = [{"key": "no", "name": _("否")}, {"key": "yes", "name": _("是")}]
    kinds = [{"key": kind.value, "name": str(kind.label)} for kind in Kind]
    place = _("社区（村）、街道或区县：名称或官方代码。已写 address_string 的不必再写。")
    return {
        "service_code": code,
        "attributes": [
            _attribute(1, "place", "string", place),
            _attribute(2, "kind", "singlevaluelist", _("您想要什么，不填算求助。"), kinds),
            _attribute(
                3, "confidential", "singlevaluelist", _("是否不让承办单位知道您是谁。"), yes_no
            ),
        ],
    }


def _attribute(
    order: int, code: str, datatype: str, description: str, values: list[Record] | None = None
) -> Record:
    row: Record = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": description,
        "order": order,
        "description": description,
    }
    return row | {"values": values} if values else row


# ---- requests ---------------------------------------------------------------------------------
def requests_list(wanted: Wanted, *, key: str, at: datetime) -> list[Record]:
    """List public requests, the newest first, at most 1,000. Raises the refusals of the rules."""
    rows = public_matters(at)
    if wanted.ids:  # overrides all other arguments
        found = _by_ids(list(wanted.ids), key, at)
        if not found:
            raise rules.NoSuchRequest
        return _records(found, key)
    start, end = rules.span(wanted.start, wanted.end, at)
    rows = rows.filter(raised_at__gte=start, raised_at__lte=end)
    if wanted.services:
        categories = _categories(wanted.services)
        rows = rows.filter(category__in=categories)
    if wanted.statuses == ["open"]:
        rows = rows.exclude(state__in=CLOSED)
    elif wanted.statuses == ["closed"]:
        rows = rows.filter(state__in=CLOSED)
    return _records(_complete(rows).order_by("-raised_at", "-id")[: rules.MOST], key)


def _categories(codes: Sequence[str]) -> list[Category]:
    found = list(Category.objects.filter(code__in=codes))
    missing = set(codes) - {row.code for row in found}
    if missing:
        raise rules.NoSuchService(value=min(missing)[:40])
    return found


def one_request(public_id: str, *, key: str, at: datetime) -> list[Record]:
    """Give one request. Raises NoSuchRequest."""
    return requests_list(Wanted(ids=[public_id]), key=key, at=at)


def _by_ids(ids: list[str], key: str, at: datetime) -> list[Matter]:
    ids = ids[: rules.MOST]
    rows = list(_complete(public_matters(at)).filter(public_id__in=ids))
    if key:
        own = Matter.objects.filter(not_withheld(at), source_kind=SOURCE, source_id=key)
        seen = {row.pk for row in rows}
        mine = _complete(own.filter(erased_at=None)).filter(public_id__in=ids)
        rows += [row for row in mine if row.pk not in seen]
    return sorted(rows, key=lambda row: -row.pk)


def _complete(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("category", "place", "lead")


def _records(rows: Iterable[Matter], key: str) -> list[Record]:
    matters = list(rows)
    labels = labels_of([matter.place for matter in matters])
    return [_record(matter, labels[matter.place_id], key) for matter in matters]


def _record(matter: Matter, address: str, key: str) -> Record:
    own = bool(key) and (matter.source_kind, matter.source_id) == (SOURCE, key)
    return {
        "service_request_id": matter.public_id,
        "status": rules.status_of(matter.state),
        "status_notes": private.blanked(matter.answer) or str(State(matter.state).label),
        "service_name": matter.category.name,
        "service_code": matter.category.code,
        "description": private.blanked(matter.public_text) or (matter.text if own else ""),
        "agency_responsible": str(matter.lead) if matter.lead else "",
        "service_notice": "",
        "requested_datetime": moment(matter.raised_at),
        "updated_datetime": moment(matter.state_since),
        "expected_datetime": moment(matter.solve_by),
        "address": address,
        "address_id": matter.place.code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
        "confirmed_by_raiser": rules.confirmed(matter.state),
        "reopened": matter.redo_count > 0,
    }


def moment(value: datetime | None) -> str | None:
    """Write a moment in the W3C form, to the second."""
    return value.astimezone(clock.ZONE).isoformat(timespec="seconds") if value else None


# ---- updates ----------------------------------------------------------------------------------
def updates(wanted: Wanted, *, at: datetime) -> list[Record]:
    """List what happened to public requests, the oldest first, at most 1,000.

    Of a step whose words are the raiser's alone, but which moved the matter, the bare sentence:
    a status never changes without an update.
    """
    moved = Q(audience=Step.Audience.RAISER) & ~Q(before=F("after"))
    steps = Step.objects.filter(Q(audience=Step.Audience.PUBLIC) | moved)
    if wanted.ids:
        shown = public_matters(at).filter(public_id__in=list(wanted.ids)[: rules.MOST])
    else:
        start, end = rules.span(wanted.start, wanted.end, at)
        steps = steps.filter(at__gte=start, at__lte=end)
        shown = public_matters(at)
    rows = steps.filter(matter__in=shown).select_related("matter").order_by("id")
    return [_update(step) for step in rows[: rules.MOST]]


def _update(step: Step) -> Record:
    told = step.audience == Step.Audience.PUBLIC and step.verb not in BY_RAISERS
    text = private.blanked(step.text) if told else ""
    return {
        "update_id": hashlib.sha256(f"open311 {step.pk}".encode()).hexdigest()[:16],
        "service_request_id": step.matter.public_id,
        "status": rules.status_of(step.after),
        "updated_datetime": moment(step.at),
        "description": text or str(plain_sentence(step)),
        "media_url": None,
        "confirmed_by_raiser": rules.confirmed(step.after),
        "reopened": rules.reopens(step.verb),
    }
