"""Who may ask for a plan, read it before it is published, and publish it: the order's keepers."""

from __future__ import annotations

from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.duty.models import Order, PlanRun
from groundwork.duty.policy.orders import Shut, keeps_order, visible_orders


def run_for(by: Actor, public_id: str, *, lock: bool = False) -> PlanRun:
    """Fetch a run for whoever keeps its order; nobody else reads a plan that may never be."""
    runs = PlanRun.objects.filter(order__in=visible_orders(by)).defer("result")
    runs = runs.select_related("order__place", "order__body")
    if lock:
        runs = runs.select_for_update(of=("self",))
    run = sole(runs.filter(public_id=public_id))
    if run is None:
        raise NotFound
    if not keeps_order(by, run.order):
        raise Forbidden
    return run


def calls(order: Order, at: datetime) -> bool:
    """Tell whether an order in force calls people up; also before its first day has come."""
    return order.state == Order.State.ACTIVE and order.calls_up and at < order.ends_at


def require_call(order: Order, at: datetime) -> None:
    """Refuse whatever belongs to a plan outside an order that calls people up. Raises Shut."""
    if not calls(order, at):
        raise Shut
