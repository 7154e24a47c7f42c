"""One's own community: where one is registered, what it calls for; what waits for its secretary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.sheets import plain_sheet
from groundwork.registry.models import Membership, Person, Place
from groundwork.voices.models import Call, Drive, Registration, Taking
from groundwork.voices.policy import deeds as deeds_policy
from groundwork.voices.policy import home as policy
from groundwork.voices.policy.drives import visible_drives
from groundwork.voices.rules import calls as rules

SIZE = 30
SOON = 5
MOST_WAITING = 100
TAKEN = CountOf("takings", filter=Q(takings__state__in=rules.HOLDS))


@dataclass(frozen=True)
class Stay:
    """Where somebody lived, from when to when, as the directory has it."""

    place: Place
    since: date
    until: date | None


@dataclass(frozen=True)
class Home:
    """What the page of one's own community shows."""

    person: Person | None
    place: Place | None
    confirmed: bool
    waiting: Registration | None
    refused: Registration | None  # the last answer, where it was a no
    stays: list[Stay]
    calls: list[Call]
    taken: list[Taking]
    drives: list[Drive]


def home(by: Actor, at: datetime) -> Home:
    """Read one's own community in a fixed number of statements."""
    if by.person_id is None:
        return Home(None, None, False, None, None, [], [], [], [])
    person = Person.objects.select_related("home_community").get(pk=by.person_id)
    asked = list(
        Registration.objects.filter(person=person).select_related("place").order_by("-id")[:20]
    )
    place = person.home_community
    stays = Membership.objects.filter(person=person, kind="home_community")
    last = asked[0] if asked else None
    return Home(
        person=person,
        place=place,
        confirmed=any(
            r.state == "confirmed" and r.place_id == person.home_community_id for r in asked
        ),
        waiting=last if last and last.state == "asked" else None,
        refused=last if last and last.state == "refused" else None,
        stays=[
            Stay(row.place, row.valid_from, row.valid_to)
            for row in stays.select_related("place").order_by("-valid_from", "-pk")
            if row.place is not None
        ],
        calls=list(open_calls(by, at, place, with_room=True)[:SOON]) if place else [],
        taken=_ahead(by, at),
        drives=open_drives(by, at),
    )


def _ahead(by: Actor, at: datetime) -> list[Taking]:
    rows = policy.own_takings(by).filter(state="taken", call__ends_at__gt=at)
    return list(rows.select_related("call__place").order_by("call__starts_at", "pk")[:SOON])


def open_drives(by: Actor, at: datetime) -> list[Drive]:
    """Give the drives that run now where one lives or keeps the community."""
    today = clock.day_of(at)
    rows = visible_drives(by).filter(state="open", first_day__lte=today, last_day__gte=today)
    return list(rows.select_related("place").order_by("last_day", "pk")[:SOON])


# ---- calls --------------------------------------------------------------------------------------
def open_calls(
    by: Actor, at: datetime, place: Place | None, *, with_room: bool = False
) -> QuerySet[Call]:
    """Give what is called for at a place or below, still to begin, the soonest first."""
    rows = policy.visible_calls(by).filter(starts_at__gt=at, called_off_at=None)
    if place is not None:
        rows = rows.filter(place__path__startswith=place.path)
    counted = rows.select_related("place").annotate(taken=TAKEN).order_by("starts_at", "pk")
    return counted.filter(taken__lt=F("wanted")) if with_room else counted


def calls_page(by: Actor, at: datetime, near: str, after: str = "") -> Listing[Call]:
    """List what is called for: in one's own community, the township around it, everywhere."""
    return page_by_key(open_calls(by, at, around(by, near)), ("starts_at", "id"), after, size=SIZE)


def around(by: Actor, near: str) -> Place | None:
    """Give the place to look in: "home", "near" (the township) or "all"."""
    if near == "all" or by.home_community is None:
        return None
    end = 3 * Place.steplen if near == "near" else len(by.home_community)
    return Place.objects.filter(path=by.home_community[:end]).first()


def kept_calls(by: Actor, after: str = "") -> Listing[Call]:
    """List the calls of the communities one keeps, the latest first."""
    rows = Call.objects.filter(policy.at_kept(by)).select_related("place").annotate(taken=TAKEN)
    return page_by_key(rows, ("-starts_at", "-id"), after, size=SIZE)


@dataclass(frozen=True)
class CallPage:
    """What the page of a call shows its reader."""

    call: Call
    left: int
    mine: Taking | None
    takings: list[Taking]  # with names, for the community alone
    keeps: bool
    may_take: bool
    begun: bool


def call_page(by: Actor, call: Call, at: datetime) -> CallPage:
    """Read a call; who took it is known to the community and to each for oneself."""
    held = Taking.objects.filter(call=call, state__in=rules.HOLDS).count()
    mine = policy.own_takings(by).filter(call=call, state__in=rules.HOLDS).first()
    keeps = policy.keeps(by, call.place)
    rows = Taking.objects.filter(call=call).exclude(state="given_back")
    takings = rows.select_related("person__unit").order_by("person__sort_key", "pk")
    open_now = call.called_off_at is None and at < call.starts_at
    return CallPage(
        call=call,
        left=max(0, call.wanted - held),
        mine=mine,
        takings=list(takings) if keeps else [],
        keeps=keeps,
        may_take=open_now and held < call.wanted and mine is None and by.person_id is not None,
        begun=at >= call.starts_at,
    )


def taking_to_settle(by: Actor, public_id: str) -> Taking:
    """Give what somebody took, to be confirmed by its community. Raises NotFound."""
    rows = Taking.objects.filter(policy.at_kept(by, "call__place__path"))
    found = rows.select_related("call__place", "person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


# ---- the secretary's page -----------------------------------------------------------------------
@dataclass(frozen=True)
class Community:
    """What waits for a community's secretary."""

    places: list[Place]
    asks: list[Registration]
    done: list[Taking]  # begun, to be confirmed
    calls: Listing[Call]
    drives: list[Drive]


def community(by: Actor, at: datetime, after: str = "") -> Community:
    """Read what waits for the actor in the communities the actor keeps."""
    asks = Registration.objects.filter(policy.at_kept(by), state="asked")
    done = Taking.objects.filter(
        policy.at_kept(by, "call__place__path"), state="taken", call__starts_at__lte=at
    )
    return Community(
        places=list(policy.kept_communities(by)[:50]),
        asks=list(asks.select_related("person__unit", "place").order_by("id")[:MOST_WAITING]),
        done=list(
            done.select_related("person__unit", "call__place").order_by("call__starts_at", "id")[
                :MOST_WAITING
            ]
        ),
        calls=kept_calls(by, after),
        drives=open_drives(by, at),
    )


# ---- one's own hours ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Done:
    """One line of one's own record: when, what, where, how long, by whose word."""

    day: date
    what: str
    where: str
    time: timedelta
    source: str
    url: str = ""

    @property
    def hours(self) -> float:
        """The time in hours, to the half hour."""
        return rules.hours(self.time)


def own_deeds(by: Actor) -> list[Done]:
    """Give what the communities confirmed and what came from other systems."""
    takings = policy.own_takings(by).filter(state="confirmed").select_related("call__place")
    found = [
        Done(
            clock.day_of(row.began_at),
            row.call.title,
            str(row.call.place),
            row.ended_at - row.began_at,
            _("社区确认"),
        )
        for row in takings
        if row.began_at and row.ended_at
    ]
    found += [
        Done(row.day, row.what, row.where, row.lasted, _("原系统导入"))
        for row in deeds_policy.own_deeds(by)
    ]
    return found


@dataclass(frozen=True)
class Hours:
    """One's own record by year, with one's own time; nobody else opens it."""

    years: list[tuple[int, list[Done], float]]

    @property
    def all(self) -> list[Done]:
        """Every line, the latest first."""
        return [done for _year, lines, _hours in self.years for done in lines]


def hours(lines: Sequence[Done]) -> Hours:
    """Put lines of all sources together by year, the latest first."""
    ordered = sorted(lines, key=lambda done: (done.day, done.what), reverse=True)
    years: dict[int, list[Done]] = {}
    for done in ordered:
        years.setdefault(done.day.year, []).append(done)
    return Hours(
        [
            (year, rows, rules.hours(sum((row.time for row in rows), timedelta())))
            for year, rows in years.items()
        ]
    )


def hours_workbook(found: Hours) -> bytes:
    """Write one's own record as xlsx."""
    rows: list[list[Any]] = [
        [done.day, done.what, done.where, float(done.hours), done.source] for done in found.all
    ]
    heads = [_("日期"), _("做了什么"), _("在哪里"), _("小时"), _("谁确认的")]
    return plain_sheet(_("服务记录"), heads, rows, [12, 36, 30, 8, 16])
