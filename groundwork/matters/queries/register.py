"""A unit's register of the matters it led: on the page, on paper, as a sheet. No raisers in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.listing import capped_count, page_by_key
from groundwork.matters.models import Category, Matter, State
from groundwork.matters.policy import visible_matters
from groundwork.matters.queries.queue import Line, lines_of
from groundwork.matters.queries.rates import Satisfaction, rates_of
from groundwork.registry.models import Body, Priority
from groundwork.registry.queries.workbooks import book_of

PAGE = 50
MOST_PRINTED = 500
MOST_EXPORTED = 20_000
USUAL = timedelta(days=90)
WIDTHS = {1: 40, 13: 20, 14: 60}  # of the title, the central task, the answer


class TooManyRows(RuleBroken):
    """Refuse a sheet that nobody reads and no office program opens at ease."""

    code = "matters.register_too_long"
    text = N_("一张表最多 %(most)s 件，请把日期或条件缩小一些再导出。")


@dataclass(frozen=True)
class Wanted:
    """Which matters of a unit: assigned from … to (both included), what they are, deadline."""

    start: date
    end: date
    state: str = ""
    category: Category | None = None
    priority: Priority | None = None
    late: bool = False
    after: str = ""


@dataclass(frozen=True)
class Register:
    """One page of a unit's register."""

    unit: Body
    wanted: Wanted
    lines: list[Line]
    next: str
    n: int
    rates: Satisfaction


def usual(at: datetime) -> Wanted:
    """Ask for the last quarter."""
    today = clock.day_of(at)
    return Wanted(today - USUAL, today)


def matters_of(by: Actor, unit: Body, wanted: Wanted, at: datetime) -> QuerySet[Matter]:
    """Give the matters that the unit or what is below it leads, of those the reader sees."""
    start = clock.local(wanted.start, time.min)
    end = clock.local(wanted.end + timedelta(days=1), time.min)
    bodies = list(Body.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
    led = Q(lead=bodies[0]) if len(bodies) == 1 else Q(lead__in=bodies)
    rows = visible_matters(by, at).filter(led, assigned_at__gte=start, assigned_at__lt=end)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.category is not None:
        rows = rows.filter(Q(category=wanted.category) | Q(category__parent=wanted.category.pk))
    if wanted.priority is not None:
        rows = rows.filter(priority=wanted.priority)
    if wanted.late:
        rows = rows.filter(due_at__lt=at)
    return rows


def register(by: Actor, unit: Body, wanted: Wanted, at: datetime) -> Register:
    """Give one page of a unit's register, the newest first, and the three rates of the whole."""
    rows = matters_of(by, unit, wanted, at)
    listing = page_by_key(_whole(rows), ("-id",), wanted.after, size=PAGE)
    return Register(
        unit=unit,
        wanted=wanted,
        lines=lines_of(listing.rows, at, calendar()),
        next=listing.next,
        n=capped_count(rows),
        rates=rates_of(rows),
    )


def printed(by: Actor, unit: Body, wanted: Wanted, at: datetime) -> Register:
    """Give the register for paper: the newest that fit a binder, all on one page."""
    rows = matters_of(by, unit, replace(wanted, after=""), at)
    shown = list(_whole(rows).order_by("-id")[:MOST_PRINTED])
    lines = lines_of(shown, at, calendar())
    return Register(unit, wanted, lines, "", capped_count(rows), rates_of(rows))


def _whole(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("category", "place", "lead").defer("text")


TITLES = (
    N_("回执号"),
    N_("标题"),
    N_("性质"),
    N_("类别"),
    N_("地点"),
    N_("来源"),
    N_("主办单位"),
    N_("状态"),
    N_("派单时间"),
    N_("办结期限"),
    N_("答复时间"),
    N_("重办次数"),
    N_("督办"),
    N_("服务中心工作"),
    N_("答复"),
)


def workbook(by: Actor, unit: Body, wanted: Wanted, at: datetime) -> bytes:
    """Write the register as xlsx, narrowed as on the page. Raises TooManyRows."""
    return sheet_of(matters_of(by, unit, wanted, at), N_("台账"))


def sheet_of(rows: QuerySet[Matter], name: str) -> bytes:
    """Write matters as xlsx, the newest first, no raisers in it. Raises TooManyRows."""
    if rows.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        raise TooManyRows(most=f"{MOST_EXPORTED:,}")
    found = _whole(rows).select_related("priority").order_by("-id").iterator(chunk_size=2000)
    with translation.override("zh-hans"):  # sheets are exchanged between offices
        titles = [_(title) for title in TITLES]
        return book_of(_(name), titles, (_cells(row) for row in found), widths=WIDTHS)


def _cells(row: Matter) -> list[str]:
    return [
        row.receipt,
        row.title,
        row.get_kind_display(),
        row.category.name,
        row.place.name,
        row.get_door_display(),
        str(row.lead or ""),
        State(row.state).label.__str__(),
        _moment(row.assigned_at),
        _moment(row.solve_by),
        _moment(row.answered_at),
        str(row.redo_count or ""),
        "是" if row.supervised else "",
        str(row.priority or ""),
        row.answer,
    ]


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(clock.ZONE):%Y-%m-%d %H:%M}" if moment else ""
