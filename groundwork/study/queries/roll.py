"""Rooms, scans and rolls as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.base import clock, text
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo, capped_count
from groundwork.registry.models import Person
from groundwork.study.models import (
    Absence,
    Evening,
    Leave,
    RollConfirmation,
    RollEntry,
    RollSheet,
)
from groundwork.study.policy import roll as policy
from groundwork.study.queries.audience import expected_people, expecting, home_of_actor
from groundwork.study.rules import roll as rules
from groundwork.study.rules.roll import Hours

OPEN = (Evening.State.PUBLISHED, Evening.State.HELD)
ROLLED = (*OPEN, Evening.State.CLOSED)


def hours_of(evening: Evening) -> Hours:
    """Give what the rules need of an evening, its hours as the city's clocks show them."""
    return Hours(
        str(evening.state),
        evening.starts_at.astimezone(clock.ZONE),
        evening.ends_at.astimezone(clock.ZONE),
        bool(evening.live_url),
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


def people_of(sheet: RollSheet, by: Actor) -> QuerySet[Person]:
    """Give the people of a sheet whom the actor keeps: the expected, and who came from the unit."""
    came = RollEntry.objects.filter(evening=sheet.evening_id, person=OuterRef("pk"))
    expected = expected_people(sheet.evening, sheet.body).values("pk")
    return (
        Person.objects.filter(Q(pk__in=expected) | Q(Exists(came.filter(body=sheet.body_id))))
        .filter(policy.people_kept(by, sheet))
        .select_related("office")
        .order_by("sort_key", "id")
    )


def lines(sheet: RollSheet, by: Actor, q: str = "", people: Iterable[int] = ()) -> list[Line]:
    """List a sheet's people in pinyin order with what is known of each (constant statements)."""
    rows = _found(people_of(sheet, by), q)
    only = list(people)
    if only:
        rows = rows.filter(pk__in=only)
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
    expected = set(expected_people(sheet.evening, sheet.body).values_list("pk", flat=True))
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


def _found(people: QuerySet[Person], q: str) -> QuerySet[Person]:
    q = text.tidy(q).lower()
    if not q:
        return people
    return people.filter(
        Q(name__contains=text.tight(q)) | Q(initials__startswith=q) | Q(work_number__istartswith=q)
    )


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
