"""Which matters a stranger may join, and who sits at the telephone."""

from __future__ import annotations

from datetime import datetime

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.matters.models import Matter
from groundwork.matters.policy.matter import public_matters

PHONES = (Role.DISPATCHER, Role.CLERK)


def may_take_calls(by: Actor) -> bool:
    """Tell whether the actor writes down calls."""
    return by.has(*PHONES)


def may_look_up_callers(by: Actor) -> bool:
    """Tell whether a number shows what it brought before: to dispatchers only."""
    return by.has(Role.DISPATCHER)


def joinable_for(public_id: str, *, at: datetime, lock: bool = False) -> Matter:
    """Fetch a matter of the board for joining; a merged one leads to what it was merged into.

    Raises NotFound.
    """
    matters = public_matters(at).select_related("place", "category")
    if lock:
        hold_row(Matter, public_id=public_id)
    matter = sole(matters.filter(public_id=public_id))
    if matter is not None and matter.merged_into_id is not None:
        if lock:
            hold_row(Matter, pk=matter.merged_into_id)
        matter = matters.filter(pk=matter.merged_into_id).first()
    if matter is None:
        raise NotFound
    return matter
