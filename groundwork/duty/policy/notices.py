"""Who reads the notice at the gates: everybody, once the order is in force."""

from __future__ import annotations

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.duty.models import GateNotice, Order
from groundwork.duty.policy.orders import visible_orders


def notice_for(by: Actor, order_id: str, version: str = "") -> GateNotice:
    """Fetch an order's latest notice, or one version; a draft's only for who may see the draft."""
    notices = GateNotice.objects.filter(order__public_id=order_id).select_related("order__body")
    if version.isascii() and version.isdigit() and len(version) < 5:
        notices = notices.filter(version=int(version))
    found = notices.order_by("-version").first()
    if found is None:
        raise NotFound
    draft = found.order.state == Order.State.DRAFT
    if draft and not visible_orders(by).filter(pk=found.order_id).exists():
        raise NotFound
    return found
