"""Evenings: tonight's, the list by month, one evening's page, what publishing would mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse

from groundwork.base import clock
from groundwork.base import search as index
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.listing import Hit, Listing, page_by_key
from groundwork.registry.models import Body, Priority
from groundwork.study.models import (
    Evening,
    EveningSpeaker,
    Material,
    Room,
    Theme,
)
from groundwork.study.policy.evening import (
    is_planner,
    plannable_bodies,
    planned_evenings,
    plans_anywhere,
    plans_for,
    visible_evenings,
)
from groundwork.study.queries import choices
from groundwork.study.queries.audience import (
    TOLD,
    expected_by_unit,
    expecting,
    home_of_actor,
    prefixes,
)
from groundwork.study.queries.roll import LIVE, OwnPart, own_part
from groundwork.study.rules import evening as rules
from groundwork.study.rules.evening import Home

SHOWN = (*TOLD, Evening.State.CANCELLED)
MOST_ROOMS = 60  # on one page; a hall has one, a city evening up to one per unit
LINGER = timedelta(hours=2)  # tonight's stays pinned this long after its end


# --- tonight ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tonight:
    """The evening pinned on somebody's home: today's, or the next one within the days ahead."""

    evening: Evening
    today: bool
    room: Room | None
    own: OwnPart

    @property
    def live(self) -> bool:
        """Tell whether the evening can be watched in its hall while it runs."""
        return self.evening.broadcast in LIVE


def tonight(by: Actor, at: datetime, *, ahead: timedelta = timedelta(0)) -> Tonight | None:
    """Find the evening that expects the actor today, else the next one within `ahead`."""
    home = home_of_actor(by)
    if not home:
        return None
    midnight = clock.local(at.astimezone(clock.ZONE).date(), time()) + timedelta(days=1)
    evening = (
        expecting(home)
        .filter(state__in=TOLD, ends_at__gt=at - LINGER, starts_at__lt=midnight + ahead)
        .select_related("host", "topic")
        .order_by("starts_at", "id")
        .first()
    )
    if evening is None:
        return None
    return Tonight(
        evening=evening,
        today=evening.starts_at < midnight,
        room=nearest_room(evening, home),
        own=own_part(evening, by, at),
    )


def nearest_room(evening: Evening, home: Home) -> Room | None:
    """Give the room of the body closest to a home: the own office's before the unit's."""
    rooms = list(
        evening.rooms.filter(body__path__in=prefixes(home)).select_related("body").order_by("id")
    )
    return max(rooms, key=lambda room: len(room.body.path), default=None)


# --- the list ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a reader of the list asked for."""

    when: str = "upcoming"  # upcoming | past | drafts
    scope: str = "mine"  # mine | all
    month: date | None = None  # its first day
    theme: str = ""
    q: str = ""
    after: str = ""


def evenings(by: Actor, wanted: Wanted, at: datetime) -> Listing[Evening]:
    """List evenings: those that concern the reader, or all that were announced."""
    rows = visible_evenings(by).select_related("host", "topic")
    if wanted.when == "drafts":
        rows = rows.filter(state=Evening.State.DRAFT)
    else:
        rows = rows.filter(state__in=SHOWN, published_at__isnull=False)
    if wanted.scope == "mine":
        rows = rows.filter(_mine(by))
    if wanted.month is not None:
        rows = rows.filter(_in_month(wanted.month))
    elif wanted.when == "upcoming":
        rows = rows.filter(ends_at__gt=at)
    elif wanted.when == "past":
        rows = rows.filter(ends_at__lte=at)
    if wanted.theme:
        rows = rows.filter(theme=wanted.theme)
    if wanted.q:
        rows = rows.filter(Q(title__contains=wanted.q) | Q(speakers__name=wanted.q)).distinct()
    keys = ("-starts_at", "-id") if wanted.when == "past" else ("starts_at", "id")
    return page_by_key(rows, keys, wanted.after, size=40)


def _mine(by: Actor) -> Q:
    """Make a condition: an evening that expects the reader or that the reader plans.

    The city plans all; units' own evenings under its own would drown them, so they stay out.
    """
    home = home_of_actor(by)
    condition = Q(pk__in=expecting(home).values("pk")) if home else Q(pk__in=())
    if plans_anywhere(by):
        return condition | Q(parent=None)
    if is_planner(by):
        condition |= Q(pk__in=planned_evenings(by).values("pk"))
    return condition


def _in_month(first: date) -> Q:
    following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Q(
        starts_at__gte=clock.local(first.replace(day=1), time()),
        starts_at__lt=clock.local(following, time()),
    )


# --- one evening ------------------------------------------------------------------------------


@dataclass(frozen=True)
class EveningPage:
    """What the evening page shows, and what its reader may do there."""

    evening: Evening
    speakers: list[EveningSpeaker]
    materials: list[Material]
    priorities: list[Priority]
    audience: list[Body]
    rooms: list[Room]
    room_total: int
    own_room: Room | None
    own: OwnPart | None
    units: int
    own_evenings: list[Evening]
    verbs: frozenset[str]
    room_bodies: list[Body]  # bodies for which the reader keeps rooms here

    @property
    def planner(self) -> bool:
        """Tell whether the reader plans this evening."""
        return "plan" in self.verbs


def evening_page(by: Actor, evening: Evening, at: datetime) -> EveningPage:
    """Read one evening with all that hangs on it; the number of statements is constant."""
    home = home_of_actor(by)
    planner = plans_for(by, evening.host)
    verbs = set(rules.verbs_in(evening.state)) | {"plan"} if planner else set()
    if is_planner(by):
        verbs.add("copy")
    rooms, total = _rooms(by, evening, home, planner)
    told = evening.state in TOLD
    return EveningPage(
        evening=evening,
        speakers=list(evening.speakers.all()),
        materials=list(evening.materials.select_related("attachment").order_by("id")),
        priorities=list(evening.priorities.all()),
        audience=list(evening.audience.order_by("path")[:30]),
        rooms=rooms,
        room_total=total,
        own_room=_own_room(evening, home, rooms, total),
        own=own_part(evening, by, at) if told and by.person_id is not None else None,
        units=evening.sheets.count() if told else 0,
        own_evenings=list(
            visible_evenings(by)
            .filter(parent=evening, state__in=SHOWN)
            .select_related("host")
            .order_by("host__path", "id")[:20]
        ),
        verbs=frozenset(verbs),
        room_bodies=_room_bodies(by, evening, planner),
    )


def _rooms(by: Actor, evening: Evening, home: Home, planner: bool) -> tuple[list[Room], int]:
    """List the host's rooms and those that concern the reader; the planner sees all."""
    rooms = evening.rooms.select_related("body").order_by("body__path", "id")
    if not planner:
        near = Q(body__path__in=prefixes(home)) | Q(body=evening.host_id)
        if is_planner(by):
            near |= Q(body__in=plannable_bodies(by))
        rooms = rooms.filter(near)
    found = list(rooms[:MOST_ROOMS])
    return found, len(found) if len(found) < MOST_ROOMS else rooms.count()


def _own_room(evening: Evening, home: Home, shown: list[Room], total: int) -> Room | None:
    """Pick the reader's room among those shown; ask only where not all are."""
    if total > len(shown):
        return nearest_room(evening, home)
    above = prefixes(home)
    near = [room for room in shown if room.body.path in above]
    return max(near, key=lambda room: len(room.body.path), default=None)


def _room_bodies(by: Actor, evening: Evening, planner: bool) -> list[Body]:
    """List bodies for which the reader may add a room: the host, the own unit."""
    if evening.state not in (Evening.State.DRAFT, Evening.State.PUBLISHED):
        return []
    if planner:
        return [evening.host]
    if not is_planner(by):
        return []
    invited = list(evening.audience.values_list("path", flat=True))
    mine = plannable_bodies(by).order_by("path")[:30]
    return [b for b in mine if any(b.path.startswith(path) for path in invited)]


# --- before publishing ------------------------------------------------------------------------


@dataclass(frozen=True)
class SmallRoom:
    """A unit whose rooms do not hold its people."""

    body: Body
    seats: int
    expected: int


@dataclass(frozen=True)
class Preview:
    """Whom publishing would call, and what a planner should look at first."""

    units: int
    people: int
    small_rooms: list[SmallRoom] = field(default_factory=list)
    no_place: bool = False
    day: rules.Day | None = None  # set where the day is no default day
    missing_themes: list[str] = field(default_factory=list)


def preview(evening: Evening) -> Preview:
    """Count whom an evening expects and collect the warnings; nothing here forbids."""
    by_unit = expected_by_unit(evening)
    day = evening.starts_at.astimezone(clock.ZONE).date()
    return Preview(
        units=len(by_unit),
        people=sum(by_unit.values()),
        small_rooms=_small_rooms(evening, by_unit),
        no_place=evening.broadcast not in LIVE and not evening.rooms.exists(),
        day=_odd_day(day),
        missing_themes=_missing_themes(evening),
    )


def _small_rooms(evening: Evening, by_unit: dict[int, int]) -> list[SmallRoom]:
    seats = (
        evening.rooms.filter(body__in=list(by_unit))
        .values("body")
        .annotate(seats=Sum("capacity"), open=Count("id", filter=Q(capacity=None)))
        .filter(open=0)
        .values_list("body", "seats")
    )
    small = {pk: n for pk, n in seats if n < by_unit[pk]}
    bodies = Body.objects.filter(pk__in=small).order_by("path")
    return [SmallRoom(body, small[body.pk], by_unit[body.pk]) for body in bodies[:20]]


def _odd_day(day: date) -> rules.Day | None:
    """Say what is unusual about a day: free, an eve, or in a year without a notice."""
    found = rules.look_at(day, calendar())
    return found if found.reason or not found.known else None


def _missing_themes(evening: Evening) -> list[str]:
    if evening.programme_id is None:
        return []
    themes = (
        Evening.objects.filter(programme=evening.programme_id)
        .exclude(state=Evening.State.CANCELLED)
        .values_list("theme", flat=True)
    )
    return [str(Theme(theme).label) for theme in rules.missing_themes(themes)]


# --- copying and searching ----------------------------------------------------------------------


def last_own_evening(by: Actor, at: datetime) -> Evening | None:
    """Find the planner's latest announced evening: the model for a copy."""
    body = choices.own_body(by)
    if body is None:
        return None
    return (
        Evening.objects.filter(host=body, state__in=TOLD, starts_at__lt=at + timedelta(days=7))
        .order_by("-starts_at", "-id")
        .first()
    )


def search(by: Actor, q: str, limit: int) -> list[Hit]:
    """Find announced evenings, and own drafts, by the words of their titles."""
    found = (
        visible_evenings(by)
        .filter(pk__in=index.matching("study.evening", q))
        .select_related("host")
        .order_by("-starts_at", "-id")[:limit]
    )
    return [
        Hit("study.evening", e.title, reverse("study:evening", args=[e.public_id]), str(e.host))
        for e in found
    ]
