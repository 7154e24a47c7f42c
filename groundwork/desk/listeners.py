"""Where two areas beside each other meet: what a mark is about, what an order leaves behind."""

from __future__ import annotations

from datetime import date, datetime, time

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.dates import span_text
from groundwork.duty.models import Order, Post
from groundwork.duty.queries.deployments import stood_anywhere
from groundwork.registry.models import Person, Place
from groundwork.voices.queries.marks import MOST_OFFERED, Happening, happenings
from groundwork.web.panels import Panel, panel


@happenings
def gate_shifts(by: Actor, person: Person, place: Place, since: date) -> list[Happening]:
    """Name the gate shifts somebody stood in a community."""
    rows = Post.objects.filter(
        person=person,
        state__in=("standing", "stood", "approved"),
        shift__place__path__startswith=place.path,
        shift__starts_at__gte=clock.local(since, time()),
    ).select_related("shift__gate")
    return [
        Happening(
            "duty.post",
            row.public_id,
            clock.day_of(row.shift.starts_at),
            f"{row.shift.gate.name} {span_text(row.shift.starts_at, row.shift.ends_at)}",
        )
        for row in rows.order_by("-shift__starts_at")[:MOST_OFFERED]
    ]


@panel("order")
def what_grows_out_of_an_order(order: Order, by: Actor, at: datetime) -> Panel | None:
    """Offer to turn deployments into contact points, to units and communities that had some."""
    if order.state == Order.State.DRAFT or not stood_anywhere(by, order):
        return None
    return Panel("desk/order_panel.html", order)
