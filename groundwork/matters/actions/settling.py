"""Settle what was asked for where a matter went on without waiting for the decision."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.matters.models import Matter, Request

KIND = "matters.request"
OVERTAKEN = N_("这件诉求已有新的进展，不再另行裁定。")


def settle_requests(matter: Matter, state: str, kind: str, *, by: Actor, at: datetime) -> None:
    """Close the open requests of a locked matter, of one kind or ("") of all."""
    waiting = matter.requests.filter(state=Request.State.ASKED)
    for request in waiting.filter(kind=kind) if kind else waiting:
        close_request(request, state, gettext(OVERTAKEN), by=by, at=at)


def close_request(request: Request, state: str, decision: str, *, by: Actor, at: datetime) -> None:
    """Write a decision."""
    request.state, request.decision = state, decision
    request.decided_at, request.decided_by = at, by.account_id
    request.save(update_fields=["state", "decision", "decided_at", "decided_by"])
    trail.record(by, "decide", KIND, request.public_id, ["state", "decision"], at=at)
