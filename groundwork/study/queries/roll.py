"""Rooms, scans and rolls as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.base import clock, text
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, Todo, capped_count, page_by_key
from groundwork.registry.models import Person
from groundwork.study.models import (
    Absence,
    Broadcast,
    Evening,
    Leave,
    RollConfirmation,
    RollCorrection,
    RollEntry,
    RollSheet,
)
from groundwork.study.policy import roll as policy
from groundwork.study.queries.audience import expected_then, expecting, home_of_actor
from groundwork.study.rules import roll as rules
from groundwork.study.rules.roll import Hours

LIVE = (Broadcast.EMBEDDED, Broadcast.OUTSIDE)  # what runs while the evening does
OPEN = (Evening.State.PUBLISHED, Evening.State.HELD)
ROLLED = (*OPEN, Evening.State.CLOSED)


def hours_of(evening: Evening) -> Hours:
    """Give what the rules need of an evening, its hours as the city's clocks show them."""
    return Hours(
        str(evening.state),
        evening.starts_at.astimezone(clock.ZONE),
        evening.ends_at.astimezone(clock.ZONE),
        evening.broadcast in LIVE,
    )


def evenings_now(at: datetime) -> QuerySet[Evening]:
    """Give the evenings whose doors are open at `at`."""
    return Evening.objects.filter(
        state__in=OPEN, starts_at__lte=at + rules.OPENS_BEFORE, ends_at__gte=at
    )


# ---- one's own evening ----------------------------------------------------------------------
@dataclass(frozen=True)
class OwnPart:
    """How one person stands to an evening: on the roll, on leave, and what can be done now."""

    evening: Evening
    expected: bool
    entry: RollEntry | None
    leave: Leave | None
    can_sign_in: bool
    can_attend: bool
    can_make_up: bool
    can_ask_leave: bool
    make_up_until: datetime


def own_part(evening: Evening, by: Actor, at: datetime) -> OwnPart:
    """Say what the actor's own part in an evening is and which acts are open."""
    hours = hours_of(evening)
    entry = policy.own_entries(by).filter(evening=evening, withdrawn=False).first()
    leave = Leave.objects.filter(evening=evening, person=by.person_id).first()
    expected = expecting(home_of_actor(by)).filter(pk=evening.pk).exists()
    held = hours.state in ROLLED and by.person_id is not None
    absent = held and entry is None
    asked = leave is not None and leave.state in (Leave.State.ASKED, Leave.State.GRANTED)
    until = rules.make_up_until(hours.ends_at)
    return OwnPart(
        evening=evening,
        expected=expected,
        entry=entry,
        leave=leave,
        can_sign_in=absent and rules.opens_at(hours.starts_at) <= at <= hours.ends_at,
        can_attend=absent and hours.live and hours.starts_at <= at <= hours.ends_at,
        can_make_up=absent and hours.ends_at < at <= until,
        can_ask_leave=absent and expected and not asked and at <= hours.ends_at,
        make_up_until=until,
    )


# ---- the sheet as its keeper sees it --------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One person of a sheet: on the roll or not, and why not."""

    person: Person
    entry: RollEntry | None = None
    confirmed: tuple[str, ...] = ()
    leave: Leave | None = None
    absence: Absence | None = None
    guest: bool = False

    @property
    def here(self) -> bool:
        """Tell whether the person took part."""
        return self.entry is not None and not self.entry.withdrawn

    @property
    def absent(self) -> bool:
        """Tell whether the person was expected and did not come."""
        return not self.here and not self.guest

    @property
    def why(self) -> str:
        """Give the category of the absence: as closed, else as the granted leave says."""
        if self.absence is not None:
            return self.absence.category
        granted = self.leave is not None and self.leave.state == Leave.State.GRANTED
        return self.leave.category if self.leave is not None and granted else ""

    def named(self, public_id: str) -> bool:
        """Tell whether this is the line of the person with that public id."""
        return self.person.public_id == public_id


def people_of(sheet: RollSheet, by: Actor) -> QuerySet[Person]:
    """Give the people of a sheet whom the actor keeps: ticks and corrects."""
    return _people(sheet).filter(policy.people_kept(by, sheet))


def expected_on(sheet: RollSheet) -> set[int]:
    """Name who counts as expected on a sheet."""
    return set(expected_then(sheet.evening, sheet.body).get(sheet.body_id, ()))


def _people(sheet: RollSheet) -> QuerySet[Person]:
    """Give the people of a sheet: the expected, and who came from the unit."""
    came = RollEntry.objects.filter(evening=sheet.evening_id, person=OuterRef("pk"))
    return (
        Person.objects.filter(
            Q(pk__in=expected_on(sheet)) | Q(Exists(came.filter(body=sheet.body_id))),
            merged_into=None,
        )
        .select_related("office")
        .order_by("sort_key", "id")
    )


def lines(sheet: RollSheet, by: Actor) -> list[Line]:
    """List a sheet's people in pinyin order with what is known of each (constant statements)."""
    rows = _people(sheet).filter(policy.people_seen(by, sheet))
    entries = {
        e.person_id: e
        for e in RollEntry.objects.filter(evening=sheet.evening_id).filter(
            Q(body=sheet.body_id) | Q(person__unit=sheet.body_id)
        )
    }
    leaves = {
        x.person_id: x
        for x in Leave.objects.filter(evening=sheet.evening_id, person__unit=sheet.body_id)
    }
    absences = {x.person_id: x for x in Absence.objects.filter(sheet=sheet)}
    confirmed: dict[int, list[str]] = {}
    for pk, source in RollConfirmation.objects.filter(
        entry__evening=sheet.evening_id, entry__body=sheet.body_id
    ).values_list("entry__person", "source"):
        confirmed.setdefault(pk, []).append(source)
    expected = expected_on(sheet)
    return [
        Line(
            person=p,
            entry=entries.get(p.pk),
            confirmed=tuple(confirmed.get(p.pk, ())),
            leave=leaves.get(p.pk),
            absence=absences.get(p.pk),
            guest=p.pk not in expected,
        )
        for p in rows
    ]


@dataclass(frozen=True)
class Tally:
    """The sums over a sheet."""

    expected: int
    here: int
    on_leave: int
    guests: int

    @property
    def missing(self) -> int:
        """How many were expected, are not here and have no leave."""
        return max(0, self.expected - self.here - self.on_leave)


def matching(found: list[Line], q: str) -> list[Line]:
    """Keep the lines whose name, initials or work number begin with or contain what was typed."""
    q = text.tight(q).lower()
    if not q:
        return found
    return [
        line
        for line in found
        if q in text.tight(line.person.name)
        or line.person.initials.startswith(q)
        or q in line.person.work_number.lower()
    ]


def line_of(sheet: RollSheet, by: Actor, person_id: str) -> Line:
    """Give one person's line. Raises NotFound for somebody who is not on this sheet."""
    for line in lines(sheet, by):
        if line.named(person_id):
            return line
    raise NotFound


def corrections(sheet: RollSheet, person: Person) -> QuerySet[RollCorrection]:
    """List what was corrected about one person on an evening, the latest first."""
    found = RollCorrection.objects.filter(evening=sheet.evening_id, person=person)
    return found.order_by("-corrected_at", "-id")


def doors_open(evening: Evening) -> datetime:
    """Tell from when somebody may come onto the roll."""
    return rules.opens_at(evening.starts_at)


def tally(found: list[Line]) -> Tally:
    """Sum up the lines of a sheet."""
    expected = [line for line in found if not line.guest]
    return Tally(
        expected=len(expected),
        here=sum(line.here for line in expected),
        on_leave=sum(
            not line.here and line.leave is not None and line.leave.state == Leave.State.GRANTED
            for line in expected
        ),
        guests=sum(line.here for line in found if line.guest),
    )


def own_sheets(evening: Evening, by: Actor) -> list[RollSheet]:
    """List the sheets of an evening that the actor may open, in directory order, at most fifty."""
    return list(
        policy.visible_sheets(by)
        .filter(evening=evening)
        .select_related("body")
        .order_by("body__path")[:50]
    )


def open_sheets(by: Actor, at: datetime) -> QuerySet[RollSheet]:
    """Give the sheets in the actor's scope that are open though their evening is over."""
    return (
        policy.visible_sheets(by)
        .filter(closed_at=None, evening__state__in=OPEN, evening__ends_at__lt=at)
        .select_related("evening__host", "body")
        .order_by("evening__ends_at", "body__path")
    )


def open_sheets_page(by: Actor, at: datetime, cursor: str = "") -> Listing[RollSheet]:
    """Page the open sheets: by evening, then in directory order."""
    return page_by_key(open_sheets(by, at), ("evening__ends_at", "body__path", "id"), cursor)


@dataclass(frozen=True)
class Leaves:
    """Leave that waits for the actor, what was decided lately, and the own."""

    waiting: list[Leave]
    decided: list[Leave]
    own: list[Leave]


def leaves(by: Actor, at: datetime) -> Leaves:
    """List leave of three kinds, each at most a hundred (three statements)."""
    theirs = policy.decidable_leaves(by).select_related("evening", "person__unit")
    since = at - timedelta(days=60)
    own = policy.visible_leaves(by).filter(person=by.person_id, asked_at__gte=since)
    decided = theirs.filter(decided_at__gte=since).exclude(state=Leave.State.ASKED)
    return Leaves(
        waiting=list(
            theirs.filter(state=Leave.State.ASKED).order_by("evening__starts_at", "id")[:100]
        ),
        decided=list(decided.order_by("-decided_at", "-id")[:100]),
        own=list(own.select_related("evening").order_by("-asked_at", "-id")[:100]),
    )


# ---- to do ----------------------------------------------------------------------------------
MOST_TODO = 20
LATE_AFTER = timedelta(days=3)


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what waits for the actor: sign in, decide leave, close sheets (constant statements)."""
    return [*_sign_ins(by, at), *_leaves(by), *_closings(by, at)]


def _sign_ins(by: Actor, at: datetime) -> list[Todo]:
    if by.person_id is None:
        return []
    mine = RollEntry.objects.filter(person=by.person_id, withdrawn=False)
    away = Leave.objects.filter(person=by.person_id, state=Leave.State.GRANTED)
    evenings = (
        evenings_now(at)
        .filter(pk__in=expecting(home_of_actor(by)))
        .exclude(pk__in=mine.values("evening"))
        .exclude(pk__in=away.values("evening"))
    )
    return [
        Todo(
            title=_("签到：%(title)s") % {"title": evening.title},
            url=reverse("study:own_part", args=[evening.public_id]),
            sub=_("用手机相机扫会场屏幕上的码，或输入六位口令"),
            chip=_("正在签到"),
            tone="due",
            due=evening.ends_at,
        )
        for evening in evenings.order_by("starts_at")[:3]
    ]


def _leaves(by: Actor) -> list[Todo]:
    if not by.has(*policy.SECRETARIES) or by.system:
        return []
    waiting = (
        policy.decidable_leaves(by)
        .filter(state=Leave.State.ASKED)
        .select_related("evening", "person")
        .order_by("evening__starts_at", "id")
    )
    return [
        Todo(
            title=_("请假待批：%(name)s") % {"name": leave.person.name},
            url=reverse("study:leaves"),
            sub=f"{leave.evening.title} · {leave.get_category_display()}",
            chip=_("待批"),
            tone="due",
            due=leave.evening.starts_at,
        )
        for leave in waiting[:MOST_TODO]
    ]


def _closings(by: Actor, at: datetime) -> list[Todo]:
    if by.system:
        return []
    waiting = open_sheets(by, at)
    if policy.may_remind(by):
        n = capped_count(waiting)
        sentence = ngettext("%(n)s 份名册还没有封存", "%(n)s 份名册还没有封存", n) % {"n": n}
        return (
            [Todo(sentence, reverse("study:open_sheets"), chip=_("可提醒"), tone="due")]
            if n
            else []
        )
    if not by.has(*policy.SECRETARIES):
        return []
    return [
        Todo(
            title=_("核对并封存名册：%(title)s") % {"title": sheet.evening.title},
            url=reverse("study:sheet", args=[sheet.public_id]),
            sub=str(sheet.body),
            chip=_("待封存"),
            tone="late" if at - sheet.evening.ends_at > LATE_AFTER else "due",
        )
        for sheet in waiting[:MOST_TODO]
        if policy.sheet_allows(by, sheet, "close")
    ]
