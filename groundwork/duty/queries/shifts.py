"""Shifts of an order as lists: by place, day and what they lack; each figure is such a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count as CountOf
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.numbers import Count
from groundwork.duty.models import Need, Order, Post, Shift
from groundwork.duty.rules.kinds import REST_MINUTES
from groundwork.duty.rules.posts import CAME, HOLDS
from groundwork.registry.models import Place

KEYS = ("starts_at", "id")
SIZE = 50
SHOWN = (
    *("public_id", "starts_at", "ends_at", "called_off_at"),
    *("wanted", "posted", "confirmed", "present", "gate__name", "place__name"),
)
"""What a row of a list says: half the columns of three tables are half the work."""
NEXT = timedelta(hours=6)
RISK = timedelta(hours=24)
REST = timedelta(minutes=REST_MINUTES)
Narrow = Callable[[datetime], Q]


def _now(at: datetime) -> Q:
    return Q(starts_at__lte=at, ends_at__gt=at, starts_at__gt=at - timedelta(days=1))


def _soon(at: datetime) -> Q:
    return Q(starts_at__gt=at, starts_at__lte=at + NEXT)


def _risk(at: datetime) -> Q:
    return Q(starts_at__gt=at, starts_at__lte=at + RISK)


def _leaderless() -> Q:
    lead = Need.objects.filter(shift=OuterRef("pk"), kind="lead")
    posts = Post.objects.filter(shift=OuterRef("pk"), kind="lead", state__in=HOLDS)
    return Q(Exists(lead)) & ~Q(Exists(posts))


def _standing() -> Q:
    """Make a condition: somebody stands there. Who has gone came, but covers nothing."""
    posts = Post.objects.filter(shift=OuterRef("pk"), state="standing")
    return Q(present__gt=0) & Q(Exists(posts))


@dataclass(frozen=True)
class Look:
    """One way to look at the shifts: its words, what it means, which shifts these are."""

    code: str
    label: str | Promise
    means: str | Promise
    narrow: Narrow


LOOKS: tuple[Look, ...] = (
    Look("all", _("全部班次"), _("没有取消的班次。"), lambda at: Q()),
    Look("now", _("正在值守"), _("现在在时间之内的班次。"), _now),
    Look(
        "covered",
        _("有人在岗"),
        _("现在在时间之内、有人签到还没走的班次。"),
        lambda at: _now(at) & _standing(),
    ),
    Look(
        "uncovered",
        _("无人在岗"),
        _("现在在时间之内、没有人签到，或者来的人都走了的班次。"),
        lambda at: _now(at) & ~_standing(),
    ),
    Look("next", _("未来六小时"), _("六小时内开始的班次。"), _soon),
    Look(
        "short",
        _("未来六小时缺人"),
        _("六小时内开始、排上的人比需要的少。"),
        lambda at: _soon(at) & Q(posted__lt=F("wanted")),
    ),
    Look("ahead", _("未来 24 小时"), _("24 小时内开始的班次。"), _risk),
    Look(
        "lacking",
        _("未来 24 小时缺人"),
        _("24 小时内开始、排上的人比需要的少。"),
        lambda at: _risk(at) & Q(posted__lt=F("wanted")),
    ),
    Look(
        "unconfirmed",
        _("未全部确认"),
        _("24 小时内开始，有人还没有说能来。"),
        lambda at: _risk(at) & Q(confirmed__lt=F("posted")),
    ),
    Look(
        "alone",
        _("只有一人"),
        _("24 小时内开始，只排了一个人。"),
        lambda at: _risk(at) & Q(posted=1),
    ),
    Look(
        "leaderless",
        _("没有带班"),
        _("24 小时内开始，需要带班却没有。"),
        lambda at: _risk(at) & _leaderless(),
    ),
    Look(
        "empty",
        _("还缺人的"),
        _("还没开始、排上的人比需要的少。"),
        lambda at: Q(starts_at__gt=at, posted__lt=F("wanted")),
    ),
    Look(
        "resting",
        _("刚下班、在休息"),
        _("11 小时内结束的班次；班上的人这时不再排班。"),
        lambda at: Q(
            ends_at__gt=at - REST,
            ends_at__lte=at,
            starts_at__gt=at - REST - timedelta(days=1),
            starts_at__lt=at,
            present__gt=0,
        ),
    ),
)
BY_CODE = {look.code: look for look in LOOKS}


@dataclass(frozen=True)
class Wanted:
    """Which shifts a list shows."""

    look: str = "all"
    place: Place | None = None
    day: date | None = None
    after: str = ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is asked for."""
        return replace(self, after="") != Wanted()


def wanted_shifts(order: Order, wanted: Wanted, at: datetime) -> QuerySet[Shift]:
    """Give the shifts of an order that are not called off, narrowed."""
    rows = Shift.objects.filter(order=order, called_off_at=None)
    rows = rows.filter(BY_CODE.get(wanted.look, LOOKS[0]).narrow(at))
    if wanted.place is not None:
        rows = rows.filter(at_place(wanted.place))
    if wanted.day is not None:
        # By the moment and not by the day's column: it is the order of every index here.
        start = clock.local(wanted.day, datetime.min.time())
        rows = rows.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    return rows


def at_place(place: Place) -> Q:
    """Make a condition: the gate stands at a place or below, by the column that has an index."""
    if place.level == Place.Level.CITY:
        return Q()
    column = {
        Place.Level.DISTRICT: "district",
        Place.Level.TOWNSHIP: "township",
    }.get(Place.Level(place.level), "place")
    return Q(**{column: place.pk})


def shifts(order: Order, wanted: Wanted, at: datetime) -> Listing[Shift]:
    """Give a page of shifts, the earliest first."""
    rows = wanted_shifts(order, wanted, at).select_related("gate", "place").only(*SHOWN)
    return page_by_key(rows, KEYS, wanted.after, size=SIZE)


def counted(order: Order, wanted: Wanted, at: datetime) -> Count:
    """Count what a list shows, up to 1,000."""
    n = capped_count(wanted_shifts(order, wanted, at))
    return Count(n, capped=n >= 1000)


def place_of(public_id: str, order: Order) -> Place | None:
    """Find a place within an order's place; None where there is none of that name."""
    if not public_id:
        return None
    found = Place.objects.filter(path__startswith=order.place.path, public_id=public_id)
    return found.first()


def below(place: Place) -> list[Place]:
    """List the places one step below, in the directory's order."""
    if place.level in (Place.Level.COMMUNITY, Place.Level.GRID):
        return []
    return list(Place.objects.filter(path__startswith=place.path, depth=place.depth + 1))


def people_of(order: Order, wanted: Wanted, at: datetime) -> int:
    """Count who came to the shifts of a list, for those who rest after them."""
    return people_on(wanted_shifts(order, wanted, at))


def people_on(rows: QuerySet[Shift]) -> int:
    """Count who came to some shifts: each once, on however many of them they stood."""
    posts = Post.objects.filter(shift__in=rows.order_by().values("pk"), state__in=CAME)
    return posts.aggregate(n=CountOf("person", distinct=True))["n"] or 0


def days_of(order: Order) -> list[date]:
    """List the days from the first shift to the last: two looks at an index, not at all shifts."""
    rows = Shift.objects.filter(order=order, called_off_at=None).order_by("starts_at", "id")
    starts = rows.values_list("starts_at", flat=True)
    first, last = starts.first(), starts.last()
    if first is None or last is None:
        return []
    day, days = clock.day_of(first), (clock.day_of(last) - clock.day_of(first)).days
    return [day + timedelta(days=n) for n in range(days + 1)]


def totals(rows: QuerySet[Shift]) -> dict[str, int]:
    """Add up the four counts of some shifts, and how many shifts they are."""
    found = rows.order_by().aggregate(
        shifts=CountOf("pk"),
        wanted=Sum("wanted"),
        posted=Sum("posted"),
        confirmed=Sum("confirmed"),
        present=Sum("present"),
    )
    return {name: value or 0 for name, value in found.items()}
