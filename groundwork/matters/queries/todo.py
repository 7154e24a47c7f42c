"""What waits for somebody: to say whether it is solved, to accept, assign, answer, help, decide."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.base.tree import under
from groundwork.matters.models import CoHandler, Matter, Raiser, Request, State, Verdict
from groundwork.matters.policy import DISPATCHERS, HANDLERS, LEADERS, OPERATORS, visible_matters
from groundwork.matters.policy.own import own_leads, own_raisers
from groundwork.matters.queries.urgency import Lights
from groundwork.matters.queries.wanted import pressed
from groundwork.matters.rules import states
from groundwork.registry.models import Body

MOST = 5  # lines of a kind; the desk's queue has them all


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what the actor's part in the ledger waits for, by deadline.

    The matters a handler took up come first; what nobody at the lead has taken up is everybody's.
    """
    if by.system:
        return []
    lines = _to_say(by)
    if not by.has(*DISPATCHERS, *HANDLERS):
        return lines
    lights = Lights.at(at)
    seen = visible_matters(by, at)
    if by.places(*DISPATCHERS):
        lines += _to_accept(seen, lights)
        lines += _to_assign(seen, lights)
    if by.places(*OPERATORS):
        lines += _to_decide(seen, by)
        lines += _to_watch(seen, by, lights)
    if paths := by.bodies(*HANDLERS):
        bodies = Body.objects.filter(under("path", paths))
        lines += _to_answer(seen, by, bodies, lights)
        lines += _to_help(seen, bodies, lights)
    return lines


def raised(by: Actor) -> list[Todo]:
    """List what the actor raised and is still under way, the newest first."""
    rows = own_raisers(by).filter(matter__closed_at=None)
    return [_own_line(row, row.own_title) for row in _whole(rows).order_by("-id")[:MOST]]


def _to_say(by: Actor) -> list[Todo]:
    """List the own matters that were answered and where one has not yet said whether it helped.

    Not those of the own unit: whether its work solved them is for others to say.
    """
    said = Verdict.objects.filter(
        raiser=OuterRef("pk"), round=OuterRef("matter__redo_count"), solved__isnull=False
    )
    rows = own_raisers(by).filter(~Exists(said), matter__state=State.ANSWERED)
    rows = rows.exclude(matter__lead__path__in=own_leads(by))
    return [
        _own_line(row, _("解决了吗：%(title)s") % {"title": row.own_title}, asked=True)
        for row in _whole(rows).order_by(F("matter__ask_until").asc(nulls_last=True), "id")[:MOST]
    ]


def _whole(rows: QuerySet[Raiser]) -> QuerySet[Raiser]:
    return rows.select_related("matter__place", "matter__category", "matter__lead")


def _own_line(row: Raiser, title: str, *, asked: bool = False) -> Todo:
    matter = row.matter
    return Todo(
        title=title,
        url=reverse("matters:mine", args=[matter.public_id]),
        sub=" · ".join(str(part) for part in (matter.receipt, matter.place, matter.lead) if part),
        chip=_("等您说") if asked else matter.get_state_display(),
        tone="due" if asked else "",
        due=matter.ask_until if asked else None,
    )


def _to_accept(seen: QuerySet[Matter], lights: Lights) -> list[Todo]:
    rows = seen.filter(state=State.RAISED, closed_at=None)
    return _lines(rows, _("受理诉求：%(title)s"), _("待受理"), lights)


def _to_assign(seen: QuerySet[Matter], lights: Lights) -> list[Todo]:
    rows = seen.filter(state=State.ACCEPTED, closed_at=None)
    return _lines(rows, _("派单：%(title)s"), _("待派单"), lights)


def _to_answer(
    seen: QuerySet[Matter], by: Actor, bodies: QuerySet[Body], lights: Lights
) -> list[Todo]:
    """List the own queue: the red and amber ones, what nobody has started, what came back, what
    is supervised or was reminded of.

    A secretary sees those of the whole body that are late or nearly so.
    """
    mine = Q(handler=by.person_id) | Q(handler=None) if by.person_id else Q(handler=None)
    if by.bodies(*LEADERS):
        mine = Q(pk__isnull=False)
    pressing = Q(due_at__lt=lights.amber_until) | Q(state__in=(State.ASSIGNED, State.REDO))
    pressing |= pressed("supervised") | pressed("reminded")
    rows = seen.filter(
        mine, pressing, lead__in=bodies, state__in=states.AT_WORK, due_at__isnull=False
    )
    return _lines(rows, _("办理诉求：%(title)s"), "", lights)


def _to_watch(seen: QuerySet[Matter], by: Actor, lights: Lights) -> list[Todo]:
    """List what an operator put under supervision, at whichever step it stands."""
    rows = seen.filter(
        pressed("supervised"), under("place__path", by.places(*OPERATORS)), closed_at=None
    )
    return _lines(rows, _("督办中：%(title)s"), "", lights)


def _to_help(seen: QuerySet[Matter], bodies: QuerySet[Body], lights: Lights) -> list[Todo]:
    asked = CoHandler.objects.filter(body__in=bodies, over=False, contributed_at=None)
    rows = seen.filter(
        pk__in=asked.values("matter"), state__in=states.AT_WORK, due_at__isnull=False
    )
    return _lines(rows, _("协办诉求：%(title)s"), _("待协办"), lights)


def _to_decide(seen: QuerySet[Matter], by: Actor) -> list[Todo]:
    rows = Request.objects.filter(
        under("matter__place__path", by.places(*OPERATORS)),
        state=Request.State.ASKED,
        matter__in=seen.filter(state__in=states.AT_WORK),
    )
    rows = rows.exclude(body__path__in=own_leads(by))  # nobody decides what the own unit asks for
    return [
        Todo(
            title=_("裁定%(kind)s申请：%(title)s")
            % {"kind": row.get_kind_display(), "title": row.matter.title},
            url=reverse("matters:matter", args=[row.matter.public_id]),
            sub=str(row.body),
            chip=row.get_state_display(),
            tone="due",
            due=row.matter.due_at,
        )
        for row in rows.select_related("matter", "body").order_by("asked_at", "id")[:MOST]
    ]


def _lines(rows: QuerySet[Matter], sentence: str, chip: str, lights: Lights) -> list[Todo]:
    rows = rows.select_related("place", "category").defer("text", "answer", "public_text")
    return [
        Todo(
            title=sentence % {"title": matter.title},
            url=reverse("matters:matter", args=[matter.public_id]),
            sub=f"{matter.receipt} · {matter.category} · {matter.place}",
            chip=lights.word(matter.due_at) or chip or matter.get_state_display(),
            tone=lights.tone(matter.due_at),
            due=matter.due_at,
        )
        for matter in rows.order_by("due_at", "id")[:MOST]
    ]
