"""Send back to work what was closed and is not solved, whoever found it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundwork.base.actor import Actor
from groundwork.matters.actions import steps, telling
from groundwork.matters.models import Matter
from groundwork.matters.rules import states


def reopen(
    matter: Matter,
    text: str,
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    solve_by: datetime | None = None,
) -> bool:
    """Reopen a locked matter and tell lead and raisers; False where it is at work already.

    The right to it was shown by the caller: an audited sample, a re-visit of the programme. The
    words are whose who looked until the lead was heard: for raiser and lead, not for the board.
    """
    if not states.can(matter.state, "reopen"):
        return False
    audience = steps.Audience.RAISER
    step = steps.redo(
        matter, "reopen", by=by, at=at, text=text, audience=audience, data=data, solve_by=solve_by
    )
    telling.tell_lead(matter, "reopen", by=by, at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return True
