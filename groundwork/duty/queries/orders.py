"""An order as its list and its page show it: its state in words, its doors, what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.models import Tombstone
from groundwork.base.numbers import Rate
from groundwork.duty.models import GateNotice, LogEntry, Order, OrderBranch, OrderStep, Post
from groundwork.duty.policy.orders import keeps_order, may_order, visible_orders
from groundwork.duty.policy.supply import RELEASERS
from groundwork.duty.queries.stones import stones_of
from groundwork.duty.rules.orders import DOORS, Door
from groundwork.duty.rules.posts import AHEAD

Tone = Literal["ok", "due", "plain"]
State = Order.State
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Word:
    """An order's state as people say it."""

    tone: Tone
    text: str


def word_of(order: Order, at: datetime) -> Word:
    """Say where an order stands at `at`: by the clock, not by the last run of the worker."""
    if order.state == State.DRAFT:
        return Word("plain", _("草稿，未下达"))
    if order.state == State.ENDED or order.ends_at <= at:
        return Word("plain", _("已结束"))
    if order.starts_at > at:
        return Word("due", _("已下达，还没开始"))
    if order.ends_at - at <= SOON:
        return Word("due", _("生效中，24 小时内结束"))
    return Word("ok", _("生效中"))


@dataclass(frozen=True)
class Line:
    """One order of the list."""

    order: Order
    word: Word


@dataclass(frozen=True)
class OrderList:
    """The list of orders and what its reader may do."""

    listing: Listing[Order]
    lines: list[Line]
    may_order: bool


def order_list(by: Actor, at: datetime, *, state: str = "", after: str = "") -> OrderList:
    """List the orders a reader may see, the latest first."""
    rows = visible_orders(by).select_related("place", "body")
    if state:
        rows = rows.filter(state=state)
    listing = page_by_key(rows, ("-starts_at", "-id"), after)
    lines = [Line(order, word_of(order, at)) for order in listing.rows]
    return OrderList(listing, lines, may_order(by))


@dataclass(frozen=True)
class DoorLine:
    """One switch: on or off."""

    door: Door
    on: bool


@dataclass(frozen=True)
class OrderPage:
    """Everything the page of an order shows."""

    order: Order
    word: Word
    doors: list[DoorLine]
    keeps: bool
    runs: bool  # in force, or will be
    over: bool
    gates: int
    shifts: int
    answered: Rate | None
    answers: bool  # the reader answers for a unit
    own: bool  # the reader may say when they can
    notice: GateNotice | None
    branches: list[OrderBranch]
    steps: list[tuple[OrderStep, str]]
    stones: list[Tombstone]
    erased: int


def order_page(by: Actor, order: Order, at: datetime) -> OrderPage:
    """Collect the page of an order that the actor fetched."""
    over = order.state == State.ENDED or (order.state == State.ACTIVE and order.ends_at <= at)
    stones = list(stones_of(order)) if over else []
    keeps = keeps_order(by, order)
    open_now = order.state == State.ACTIVE and order.starts_at <= at and not over
    return OrderPage(
        order=order,
        word=word_of(order, at),
        doors=[DoorLine(door, bool(getattr(order, door.code))) for door in DOORS],
        keeps=keeps,
        runs=order.state == State.ACTIVE and not over,
        over=over,
        gates=order.gates.count(),
        shifts=capped_count(order.shifts.filter(called_off_at=None)),
        answered=_answered(order) if keeps else None,
        answers=order.calls_up and by.has(*RELEASERS),
        own=open_now and order.calls_up and by.person_id is not None,
        notice=order.notices.order_by("-version").first(),
        branches=list(order.branches.select_related("body", "place", "secretary").order_by("pk")),
        steps=[(row, step_text(row)) for row in order.steps.order_by("-id")],
        stones=stones,
        erased=sum(stone.count for stone in stones),
    )


def _answered(order: Order) -> Rate | None:
    row = order.volunteers.aggregate(
        asked=Count("pk"), said=Count("pk", filter=Q(answered_at__isnull=False))
    )
    return Rate(row["said"], row["asked"]) if row["asked"] else None


def step_text(row: OrderStep) -> str:
    """Say a step in the reader's language."""
    data = row.data
    if row.verb == "switch":
        names = {door.code: _(door.name) for door in DOORS}
        on = [names[code] for code, value in data.items() if value]
        off = [names[code] for code, value in data.items() if not value]
        parts = [
            _("打开：%(doors)s") % {"doors": _("、").join(on)} if on else "",
            _("关上：%(doors)s") % {"doors": _("、").join(off)} if off else "",
        ]
        return " ".join(part for part in parts if part)
    words = {
        "draft": _("起草"),
        "edit": _("修改草稿"),
        "activate": _("下达，生效"),
        "prolong": _("延长或提前结束时间"),
        "end": _("结束"),
        "call": _("召集了 %(n)s 人") % {"n": data.get("asked", 0)},
        "erase": _("密钥已销毁，抹除登记 %(n)s 条") % {"n": data.get("erased", 0)},
    }
    return words.get(row.verb, row.verb)


@dataclass(frozen=True)
class Ending:
    """What goes when an order ends."""

    entries: int
    entries_capped: bool
    posts: int
    branches: int


def ending_of(order: Order) -> Ending:
    """Count what the end of an order would take with it."""
    entries = capped_count(LogEntry.objects.filter(order=order))
    return Ending(
        entries=entries,
        entries_capped=entries >= 1000,
        posts=Post.objects.filter(shift__order=order, state__in=AHEAD).count(),
        branches=order.branches.filter(body__valid_to=None).count(),
    )
