"""Reading that leaves a mark: raisers' telephones shown, a list taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.matters.actions.steps import KIND
from groundwork.matters.models import Raiser
from groundwork.matters.policy import matter_for, raisers_seen
from groundwork.matters.policy.register import may_take_lists
from groundwork.matters.queries import queue, queue_sheet
from groundwork.matters.queries import wanted as desk
from groundwork.matters.queries.register import Wanted, workbook
from groundwork.registry.models import Body

MOST = 20


@dataclass(frozen=True)
class Known:
    """How a raiser can be reached; never kept, never logged."""

    name: str
    phone: str
    email: str


@transaction.atomic
def reveal_raisers(public_id: str, *, by: Actor, at: datetime | None = None) -> list[Known]:
    """Show how the raisers can be reached whom the actor may know; the trail keeps who looked.

    Raises NotFound for a matter out of scope. Confidential raisers are not among them for the lead.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "view", at=at)
    seen: list[Raiser] = list(raisers_seen(by, matter).order_by("-first", "id")[:MOST])
    if not seen:
        return []
    trail.record(by, "reveal_raisers", KIND, matter.public_id, ["name", "phone", "email"], at=at)
    return [Known(raiser.name, raiser.phone, raiser.email) for raiser in seen]


@transaction.atomic
def export_register(unit: Body, wanted: Wanted, *, by: Actor, at: datetime | None = None) -> bytes:
    """Give a unit's register as xlsx, narrowed as on the page; the trail keeps who took it."""
    at = at or clock.now()
    content = workbook(by, unit, wanted, at)
    trail.record(by, "export", "matters.register", unit.public_id, at=at)
    return content


@transaction.atomic
def export_desk(wanted: desk.Wanted, *, by: Actor, at: datetime | None = None) -> bytes:
    """Give the desk's list as xlsx, narrowed as on the page; the trail keeps who took it.

    Raises Forbidden for those who only read along.
    """
    at = at or clock.now()
    if not may_take_lists(by):
        raise Forbidden
    content = queue_sheet.workbook(by, wanted, at)
    trail.record(by, "export", "matters.queue", queue.settled(by, wanted).tab, at=at)
    return content
