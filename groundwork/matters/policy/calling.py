"""Who may ring a raiser: a caller of the place, and nobody who had a hand in the answer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import chain, covers, under
from groundwork.matters.models import CallTask, CoHandler, Matter, Raiser
from groundwork.matters.policy.matter import CALLERS, locked, may, visible_matters
from groundwork.registry.models import Body

ASKABLE = ("answered", "unit_done")  # where the raiser's word is still missing


def may_call(by: Actor) -> bool:
    """Tell whether the actor calls back for some place."""
    return bool(by.system) or bool(by.places(*CALLERS))


def callable_tasks(by: Actor, at: datetime) -> QuerySet[CallTask]:
    """Open call-backs the actor may make: of the own places, not of the own unit's answers."""
    tasks = CallTask.objects.filter(done_at=None, matter__state__in=ASKABLE)
    if by.system:
        return tasks
    if not may_call(by):
        return tasks.none()
    own = Body.objects.filter(path__in=chain(by.unit or ""))
    matters = (
        visible_matters(by, at)
        .filter(under("place__path", by.places(*CALLERS)))
        .exclude(
            Q(lead__in=own) | Q(pk__in=CoHandler.objects.filter(body__in=own).values("matter"))
        )
    )
    return tasks.filter(matter__in=matters)


def call_for(by: Actor, public_id: str, *, at: datetime, lock: bool = False) -> CallTask:
    """Fetch a call-back to make it. Raises NotFound out of scope, Forbidden where not allowed.

    With `lock` the matter is held first and the task after it, as every act on a matter does.
    """
    found = sole(CallTask.objects.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if lock:
        locked(found.matter_id)
    matters = visible_matters(by, at).select_related("place", "lead", "category")
    matter = matters.filter(pk=found.matter_id).first()
    if matter is None:
        raise NotFound
    if not may(by, matter, "call_back") or helped(by, matter):
        raise Forbidden
    if lock:
        found = CallTask.objects.select_for_update().get(pk=found.pk)
    found.matter = matter
    return found


def helped(by: Actor, matter: Matter) -> bool:
    """Tell whether the actor belongs to a body that helped to answer."""
    paths = matter.co_handlers.values_list("body__path", flat=True)
    return by.unit is not None and any(covers([path], by.unit) for path in paths)


def raiser_to_call(task: CallTask) -> Raiser | None:
    """Give who is rung: the first raiser, else who joined; None where nobody is left to ask.

    Of what was merged into it, the one the task is for. Somebody whose number is known and who
    has not said a word on this answer. Only for callers
    whom `call_for` let through: a raiser unknown to the lead is unknown to its people here too.
    """
    spoken = task.matter.verdicts.filter(round=task.round, raiser__isnull=False)
    if task.raiser_id is not None:
        theirs = Raiser.objects.filter(pk=task.raiser_id, erased_at=None).exclude(phone="")
        return theirs.exclude(pk__in=spoken.values("raiser")).select_related("matter").first()
    if spoken.filter(raiser__first=True, raiser__matter=task.matter).exists():
        return None  # the first raiser's word decides
    raisers = task.matter.raisers.filter(erased_at=None).exclude(phone="")
    silent = raisers.exclude(pk__in=spoken.values("raiser")).select_related("matter")
    return silent.order_by("-first", "pk").first()
