"""Who may exchange sheets with the hotline, and for which places."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import NOWHERE, covers
from groundwork.matters.policy.matter import DISPATCHERS
from groundwork.matters.rules.hotline import IN, OUT
from groundwork.registry.models import ImportBatch, Place

BatchVerb = Literal["view", "choose", "confirm", "undo"]


def may_exchange(by: Actor) -> bool:
    """Whoever accepts and dispatches for a place exchanges its orders."""
    return bool(by.system) or bool(by.places(*DISPATCHERS))


def check_may_exchange(by: Actor) -> None:
    """Refuse whoever dispatches nowhere. Raises Forbidden."""
    if not may_exchange(by):
        raise Forbidden


def may_take_in(by: Actor, path: str) -> bool:
    """Tell whether a place of this path is the actor's to take orders in for."""
    return bool(by.system) or covers(by.places(*DISPATCHERS), path)


def visible_batches(by: Actor) -> QuerySet[ImportBatch]:
    """One's own sheets; who dispatches for the whole city sees all. They hold callers' numbers."""
    if not may_exchange(by):
        return ImportBatch.objects.none()
    rows = ImportBatch.objects.filter(kind__in=(IN, OUT))
    if by.system or any(len(path) == Place.steplen for path in by.places(*DISPATCHERS)):
        return rows
    return rows.filter(Q(account_id=by.account_id) if by.account_id is not None else NOWHERE)


def batch_for(by: Actor, public_id: str, verb: BatchVerb, *, lock: bool = False) -> ImportBatch:
    """Fetch a hotline's sheet for an act. Raises NotFound, or Forbidden for whom it is not.

    A sheet taken in belongs to who made it: choices and confirmation are weighed by what the
    one who confirms may dispatch for.
    """
    if lock:
        hold_row(ImportBatch, public_id=public_id)
    rows = visible_batches(by).select_related("attachment")
    batch = sole(rows.filter(public_id=public_id))
    if batch is None or (verb != "view" and batch.kind != IN):
        raise NotFound
    return batch
