"""The desk's lists: matters by deadline for who accepts, handles, helps or watches."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groundwork.base import search
from groundwork.base.actor import Actor, Role
from groundwork.base.days import calendar
from groundwork.base.errors import N_, Forbidden
from groundwork.base.listing import Listing, capped_counts, page_by_key
from groundwork.base.tree import under
from groundwork.base.workdays import Calendar
from groundwork.matters.models import CoHandler, Kind, Matter, Request, State, Urgency
from groundwork.matters.policy import (
    AUDITORS,
    DISPATCHERS,
    HANDLERS,
    OPERATORS,
    visible_matters,
)
from groundwork.matters.policy.matter import FEW_BODIES
from groundwork.matters.queries.wanted import Wanted, narrowed
from groundwork.matters.rules import deadlines
from groundwork.matters.rules.states import AT_WORK, CLOSED
from groundwork.registry.models import Body

DESK_ROLES = (*DISPATCHERS, *HANDLERS, *AUDITORS, Role.COMMUNITY_SECRETARY)
KIND = "matters.matter"
PAGE = 30
MOST_REQUESTS = 20
MOST_COUNTED = 100  # on a tab: that many or more
TABS = {
    "new": _("新来的"),
    "accepted": _("待派单"),
    "work": _("办理中"),
    "co": _("协办"),
    "waiting": _("等回音"),
    "closed": _("已结束"),
}
STATES_OF: dict[str, tuple[str, ...]] = {
    "new": (State.RAISED,),
    "accepted": (State.ACCEPTED,),
    "work": AT_WORK,
    "co": (*AT_WORK, State.ANSWERED),
    "waiting": (State.ANSWERED, State.OUTSIDE),
    "closed": CLOSED,
}
OWED = (State.RAISED, State.ACCEPTED, *AT_WORK)  # somebody of the office owes the next step
BY_DEADLINE, LONGEST, NEWEST = ("due_at", "id"), ("state_since", "id"), ("-id",)
# What a line reads: thirty rows need no more of the ledger's forty columns.
COLUMNS = (
    *("public_id", "receipt", "title", "kind", "urgency", "state", "state_since", "due_at"),
    *("replied_at", "reply_by", "reminded_at", "supervised", "returned_count", "redo_count"),
    *("raisers_count", "concerns", "category__name", "category__name_en"),
    *("place__name", "lead__name", "lead__short_name", "handler__name"),
)
OWED_WORDS: dict[str, Promise] = {
    "accept": _("受理期限"),
    "reply": _("首次回复期限"),
    "solve": _("办结期限"),
}
STATE_WORDS: dict[str, Promise] = dict(State.choices)
DUE_CHIPS: dict[deadlines.Light, tuple[str, str]] = {
    "red": ("late", "alert-triangle"),
    "amber": ("due", "clock"),
    "green": ("ok", "circle-check"),
}
RECEIPT = re.compile(r"[0-9]{6}-[0-9A-Za-z]{4,9}")


def has_desk(by: Actor) -> bool:
    """Tell whether matters are the actor's to accept, handle, audit or read as one of the staff."""
    return by.has(*DESK_ROLES)


class NoDesk(Forbidden):
    """Refuse the desk to those whose role has nothing to do with matters."""

    code = "matters.no_desk"
    text = N_("诉求工作台给受理派单、承办、社区和审核的同志用。您提的诉求在“我提出的”里。")


@dataclass(frozen=True)
class Due:
    """A deadline as a reader sees it: the light, whole days to go or gone, what is owed."""

    at: datetime
    light: deadlines.Light
    days: int
    owed: Literal["accept", "reply", "solve"]

    @property
    def tone(self) -> str:
        """Name the colour of its chip."""
        return DUE_CHIPS[self.light][0]

    @property
    def symbol(self) -> str:
        """Name the symbol of its chip."""
        return DUE_CHIPS[self.light][1]

    @property
    def words(self) -> str:
        """Say how near it is."""
        n = self.days
        if self.light == "red":
            over = ngettext("超期 %(n)s 天", "超期 %(n)s 天", n) % {"n": n}
            return over if n > 0 else gettext("刚过期限")
        if self.light == "green":
            return ngettext("还有 %(n)s 天", "还有 %(n)s 天", n) % {"n": n}
        near = ngettext("快到期，还有 %(n)s 天", "快到期，还有 %(n)s 天", n) % {"n": n}
        return near if n else gettext("今天到期")

    @property
    def owed_words(self) -> Promise:
        """Say what is owed."""
        return OWED_WORDS[self.owed]


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    matter: Matter
    due: Due | None

    @property
    def state(self) -> str:
        """Say where the matter stands."""
        return str(STATE_WORDS[self.matter.state])

    @property
    def marked(self) -> bool:
        """Tell whether there is anything to mark: most rows need not ask for each mark."""
        matter = self.matter
        counts = (matter.returned_count, matter.redo_count, matter.raisers_count > 1)
        said = (matter.supervised, matter.reminded_at, matter.kind == Kind.COMPLAINT)
        return matter.urgency != Urgency.NORMAL or any((*counts, *said))


@dataclass(frozen=True)
class Tab:
    """One tab: its key, its words, how many (capped), whether it is open."""

    key: str
    label: str
    n: int
    on: bool


@dataclass(frozen=True)
class Queue:
    """The desk of one reader."""

    wanted: Wanted
    tabs: list[Tab]
    lines: list[Line]
    next: str
    late: int
    dispatches: bool
    handles: bool
    registers: bool
    requests: list[Request]


def desk_of(by: Actor, wanted: Wanted, at: datetime) -> Queue:
    """Give the reader's desk: tabs with capped counts, one page by deadline. Raises NoDesk."""
    wanted = settled(by, wanted)
    keys, tab = tabs_of(by), wanted.tab
    scope = Scope.of(by, at)
    days = calendar()
    matters = narrowed(scope.matters, wanted, by, at, days)
    listing = _page(scope.tab(matters, wanted), wanted)
    late, *counts = capped_counts(
        [scope.owed().filter(due_at__lt=at), *map(scope.counted, keys)], MOST_COUNTED
    )
    return Queue(
        wanted=wanted,
        tabs=[Tab(key, str(TABS[key]), n, key == tab) for key, n in zip(keys, counts, strict=True)],
        lines=lines_of(listing.rows, at, days),
        next=listing.next,
        late=late,
        dispatches=by.has(*DISPATCHERS),
        handles=by.has(*HANDLERS),
        registers=by.has(*DISPATCHERS, *HANDLERS, *AUDITORS),
        requests=open_requests(by, scope.matters),
    )


def settled(by: Actor, wanted: Wanted) -> Wanted:
    """Open a tab that the reader has. Raises NoDesk."""
    if not has_desk(by):
        raise NoDesk
    keys = tabs_of(by)
    return wanted if wanted.tab in keys else replace(wanted, tab=keys[0])


def tabs_of(by: Actor) -> list[str]:
    """Name the tabs of a reader, the one to begin with first."""
    if by.has(*DISPATCHERS):
        return ["new", "accepted", "work", "waiting", "closed"]
    if by.has(*HANDLERS):
        return ["work", "co", "waiting", "closed"]
    return ["work", "new", "accepted", "waiting", "closed"]


_LED = Matter.objects.filter(lead=OuterRef("pk"))  # ever led one: of a unit most often one body


@dataclass(frozen=True)
class Scope:
    """What one reader's lists start from, the own bodies named so that their index is used."""

    matters: QuerySet[Matter]
    lead: Q | None  # of those who only handle
    helps: Q | None

    @classmethod
    def of(cls, by: Actor, at: datetime) -> Scope:
        """Start from the visible matters."""
        seen = visible_matters(by, at)
        if by.system or by.has(*DISPATCHERS, *AUDITORS, Role.COMMUNITY_SECRETARY):
            return cls(seen, None, None)
        below = Body.objects.filter(under("path", by.bodies(*HANDLERS)))
        rows = below.annotate(led=Exists(_LED)).values_list("pk", "led")[: FEW_BODIES + 1]
        own, led = [pk for pk, _ in rows], [pk for pk, ever in rows if ever]
        if len(own) > FEW_BODIES:
            led = list(below.filter(Exists(_LED)).values_list("pk", flat=True))
        lead = Q(lead=led[0]) if len(led) == 1 else Q(lead__in=led)
        within = own if len(own) <= FEW_BODIES else below
        asked = CoHandler.objects.filter(body__in=within, over=False)
        return cls(seen, lead, Q(pk__in=asked.values("matter")))

    def tab(self, matters: QuerySet[Matter], wanted: Wanted) -> QuerySet[Matter]:
        """Narrow to a tab; a state chosen by hand goes before the tab."""
        if wanted.q:  # a number or words are looked for everywhere
            return matters.filter(state=wanted.state) if wanted.state else matters
        found = _in_state(matters, wanted.state) if wanted.state else _in_tab(matters, wanted.tab)
        if self.lead is None or self.helps is None:
            return found
        return found.filter(self.helps if wanted.tab == "co" else self.lead)

    def counted(self, tab: str) -> QuerySet[Matter]:
        """Give what a tab's badge counts; what has ended is not counted."""
        return Matter.objects.none() if tab == "closed" else self.tab(self.matters, Wanted(tab=tab))

    def owed(self) -> QuerySet[Matter]:
        """Give what somebody owes the next step of."""
        owed = self.matters.filter(due_at__isnull=False)
        return owed if self.lead is None else owed.filter(self.lead)


def _in_state(matters: QuerySet[Matter], state: str) -> QuerySet[Matter]:
    found = matters.filter(state=state, closed_at__isnull=state not in CLOSED)
    return found.filter(due_at__isnull=False) if state in OWED else found


def _in_tab(matters: QuerySet[Matter], tab: str) -> QuerySet[Matter]:
    """Narrow so that an index gives the order: no list of states where one would draw the planner
    to sort by hand all that has them.
    """
    if tab == "closed":
        return matters.filter(closed_at__isnull=False)
    if tab == "work":
        owed = matters.filter(closed_at=None, due_at__isnull=False)
        return owed.exclude(state__in=(State.RAISED, State.ACCEPTED, State.OUTSIDE))
    if len(STATES_OF[tab]) == 1:
        return _in_state(matters, STATES_OF[tab][0])
    return matters.filter(closed_at=None, state__in=STATES_OF[tab])


def _page(matters: QuerySet[Matter], wanted: Wanted) -> Listing[Matter]:
    """Give one page: what is owed by deadline, what waits the longest first, else the newest."""
    rows = matters.select_related("category", "place", "lead", "handler").only(*COLUMNS)
    if wanted.q:
        return _found(rows, wanted)
    states = {wanted.state} if wanted.state else set(STATES_OF[wanted.tab])
    keys: tuple[str, ...] = NEWEST
    if states <= set(OWED):
        keys = BY_DEADLINE
    elif not states & set(CLOSED):
        keys = LONGEST
    return page_by_key(rows, keys, wanted.after, size=PAGE)


def _found(rows: QuerySet[Matter], wanted: Wanted) -> Listing[Matter]:
    """Find by receipt number, else by words, the newest first, however many hold them."""
    if RECEIPT.fullmatch(wanted.q):
        return Listing(list(rows.filter(receipt=wanted.q.upper())))
    before = int(wanted.after) if wanted.after.isdecimal() and len(wanted.after) < 18 else None
    found = search.newest(rows, KIND, wanted.q, size=PAGE + 1, before=before)
    return Listing(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def lines_of(matters: Iterable[Matter], at: datetime, days: Calendar) -> list[Line]:
    """Put its deadline beside each matter."""
    bound = deadlines.amber_until(days, at)
    return [Line(matter, due_of(matter, at, bound)) for matter in matters]


def due_of(matter: Matter, at: datetime, amber_until: datetime) -> Due | None:
    """Say what is owed next, until when, and how near that is."""
    due_at = matter.due_at
    if due_at is None:
        return None
    light: deadlines.Light = "green"
    if at > due_at:
        light = "red"
    elif due_at < amber_until:
        light = "amber"
    owed: Literal["accept", "reply", "solve"] = "solve"
    if matter.state == State.RAISED:
        owed = "accept"
    elif matter.replied_at is None and due_at == matter.reply_by:
        owed = "reply"
    seconds = (at - due_at).total_seconds()
    gone = math.ceil(seconds / 86400)
    to_go = (due_at.astimezone(deadlines.ZONE).date() - at.astimezone(deadlines.ZONE).date()).days
    return Due(due_at, light, gone if light == "red" else to_go, owed)


def open_requests(by: Actor, matters: QuerySet[Matter]) -> list[Request]:
    """Give what waits for the actor's decision: more time, a dispute; the oldest first."""
    paths = by.places(*OPERATORS)
    if not paths:
        return []
    rows = Request.objects.filter(under("matter__place__path", paths), state=Request.State.ASKED)
    oldest = rows.select_related("matter", "body").order_by("asked_at", "id")[: 3 * MOST_REQUESTS]
    asked = list(oldest)
    # The keys by hand: a subquery of all that is visible would be read to its end.
    keys = [one.matter_id for one in asked]
    seen = set(matters.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [one for one in asked if one.matter_id in seen][:MOST_REQUESTS]


def picked(by: Actor, public_ids: Iterable[str], at: datetime) -> list[Matter]:
    """Give the visible matters of a batch, in the order of their deadlines."""
    found = visible_matters(by, at).filter(public_id__in=list(public_ids)[:PAGE])
    rows = found.select_related("category", "place", "lead", "concerns").order_by("due_at", "id")
    return list(rows)
