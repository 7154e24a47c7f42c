"""Lists of visits, one visit with its matters, the sheet to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.numbers import Count
from groundwork.base.sheets import Cell, plain_sheet
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.matters.policy.places import at_place
from groundwork.registry.models import Body, Place
from groundwork.service.models import Brought, HeldVisit, Visit
from groundwork.service.policy import visits as policy

KIND = "service.visit"
KEYS = ("-day", "-id")
SIZE = 40
MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Wanted:
    """Which visits a list shows; "" and None leave out a condition."""

    side: policy.Side = "mine"
    service: str = ""
    found: bool = False  # only those that found something
    since: date | None = None
    until: date | None = None
    place: Place | None = None
    unit: Body | None = None
    after: str = ""


def wanted_visits(by: Actor, wanted: Wanted) -> QuerySet[Visit]:
    """Give the visits of a side, narrowed."""
    rows = policy.visits_seen(by, wanted.side)
    if wanted.service:
        rows = rows.filter(service=wanted.service)
    if wanted.found:
        rows = rows.filter(found__gt=0)
    if wanted.since:
        rows = rows.filter(day__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(day__lte=wanted.until)
    if wanted.place:
        rows = rows.filter(at_place(wanted.place))
    if wanted.unit:
        rows = rows.filter(unit=wanted.unit)
    return rows


def visits(by: Actor, wanted: Wanted) -> Listing[Visit]:
    """Give a page of visits, the newest day first."""
    rows = _told(wanted_visits(by, wanted))
    return page_by_key(rows, KEYS, wanted.after, size=SIZE)


def _told(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.select_related("unit", "place", "host").defer("note")


def counted(by: Actor, wanted: Wanted) -> Count:
    """Count what a list shows, up to 1,000."""
    n = capped_count(wanted_visits(by, wanted))
    return Count(n, capped=n >= 1000)


def held(by: Actor) -> list[HeldVisit]:
    """Give visits from the own phone that wait to be mended."""
    return list(policy.own_held(by)[:20])


@dataclass(frozen=True)
class VisitPage:
    """What a visit's page shows its reader."""

    visit: Visit
    people: list[str]
    brought: list[str]
    matters: list[Matter]  # those the reader may read
    unseen: int  # those the reader may not
    may_change: bool
    reads_note: bool


def visit_page(by: Actor, visit: Visit, at: datetime) -> VisitPage:
    """Read a visit with who went and what became of what was found."""
    names = list(visit.visitors.order_by("id").values_list("person__name", flat=True))
    matters = matters_of(by, KIND, visit.public_id, at)
    return VisitPage(
        visit=visit,
        people=names,
        brought=brought_words(visit.brought),
        matters=matters,
        unseen=max(0, visit.found - len(matters)),
        may_change=policy.may_change(by, visit),
        reads_note=policy.reads_note(by, visit),
    )


def matters_of(by: Actor, kind: str, public_id: str, at: datetime) -> list[Matter]:
    """Give the matters that came out of something, among those the reader may read."""
    rows = visible_matters(by, at).filter(source_kind=kind, source_id=public_id)
    return list(rows.select_related("category", "place", "lead").order_by("id")[:50])


def brought_words(brought: list[str]) -> list[str]:
    """Say what was brought."""
    return [str(Brought(value).label) for value in brought if value in Brought.values]


def visits_workbook(by: Actor, wanted: Wanted) -> bytes:
    """Write the visits of a list as xlsx, up to 50,000; who went by name only for the staff."""
    heads = [
        _("日期"),
        _("服务"),
        _("走访单位"),
        _("地点"),
        _("走访对象"),
        _("带去什么"),
        _("发现问题"),
        _("走访人"),
        _("备注"),
    ]
    return plain_sheet(_("走访"), heads, _rows(by, wanted), [12, 10, 24, 24, 24, 16, 10, 24, 40])


def _rows(by: Actor, wanted: Wanted) -> Iterator[list[Cell]]:
    rows = wanted_visits(by, wanted).select_related("unit", "place", "host").order_by(*KEYS)
    shown = rows.prefetch_related("visitors__person")[:MOST_EXPORTED]
    for visit in shown.iterator(chunk_size=2000):
        yield [
            visit.day,
            visit.get_service_display(),
            str(visit.unit),
            str(visit.place),
            str(visit.host or ""),
            "、".join(brought_words(visit.brought)),
            visit.found,
            "、".join(one.person.name for one in visit.visitors.all()),
            visit.note if policy.reads_note(by, visit) else "",
        ]
