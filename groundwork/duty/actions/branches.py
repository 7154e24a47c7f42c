"""Temporary party branches at a place, for the time of an order and no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.ids import public_id as new_id
from groundwork.duty.models import Order, OrderBranch
from groundwork.duty.policy.orders import order_for
from groundwork.duty.rules.needs import OrderOver
from groundwork.registry.actions import NewBody, add_body, close_body
from groundwork.registry.models import Person, Place
from groundwork.registry.rules.bodies import ClosedBeforeOpened, StillInUse

KIND = "duty.branch"
CLOSER = system("duty.order")  # the order's end closes them, whoever brought it about
ASKED = N_("请您担任%(branch)s书记，到启动令结束为止。")


class BranchElsewhere(RuleBroken):
    """Refuse a branch outside the order's place."""

    code = "duty.branch_elsewhere"
    text = N_("临时党支部要设在启动令的范围内。")


@transaction.atomic
def form_branch(
    order_id: str,
    place: Place,
    name: str,
    secretary: Person | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
) -> OrderBranch:
    """Form a temporary branch at a place, under the body that gave the order."""
    at = at or clock.now()
    order = order_for(by, order_id, "edit", lock=True)
    if order.state == Order.State.ENDED:
        raise OrderOver
    if not place.path.startswith(order.place.path):
        raise BranchElsewhere
    body = add_body(
        NewBody(
            code=f"LS-{new_id()}",
            name=name,
            kind="temporary_branch",
            parent_code=order.body.code,
            place_code=place.code,
            valid_from=clock.day_of(at),
        ),
        by=by,
        at=at,
    )
    made = OrderBranch.objects.create(order=order, body=body, place=place, secretary=secretary)
    trail.record(by, "form", KIND, body.public_id, ["place", "secretary"], at=at)
    if secretary is not None:
        notices.notify(
            [secretary],
            kind="duty.branch",
            key=f"duty.branch:{body.public_id}",
            text=ASKED,
            params={"branch": name},
            url=reverse("duty:order", args=[order.public_id]),
            at=at,
        )
    return made


def close_branches(order: Order, *, by: Actor, at: datetime) -> int:
    """Close the branches of an order that ends; give how many stay because people are in them.

    The directory's own rule keeps those: whoever keeps it moves the people first.
    """
    kept = 0
    for branch in order.branches.select_related("body").filter(body__valid_to=None):
        try:
            with transaction.atomic():
                close_body(branch.body, last_day=clock.day_of(at), by=CLOSER, at=at)
        except (StillInUse, ClosedBeforeOpened):
            kept += 1
    return kept
