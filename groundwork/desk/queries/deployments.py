"""What grows out of an order: a unit at a community, and the contact point it became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundwork.base.actor import Actor
from groundwork.duty.models import Order
from groundwork.duty.queries.deployments import Deployment, Stood, deployments
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.points import Source
from groundwork.service.models import ContactPoint
from groundwork.service.policy import points as policy

KIND = "duty.order"


def source_of(order: Order) -> Source:
    """Name an order as the source of a contact point."""
    return Source(KIND, order.public_id)


@dataclass(frozen=True)
class Line:
    """A unit at a community, and its contact point out of this order, if there is one."""

    found: Deployment
    point: ContactPoint | None


def lines(by: Actor, order: Order) -> list[Line]:
    """List what the reader may turn into contact points, with those that exist."""
    rows = ContactPoint.objects.filter(source_kind=KIND, source_id=order.public_id, valid_to=None)
    made = {(point.body_id, point.place_id): point for point in rows}
    return [Line(one, made.get((one.unit.pk, one.place.pk))) for one in deployments(by, order)]


@dataclass(frozen=True)
class Sides:
    """What the reader may do: set the point up for the unit, or ask for it for the place."""

    keeps: bool
    asks: bool


def sides(by: Actor, unit: Body, place: Place) -> Sides:
    """Tell on which side the reader stands."""
    keeps = policy.kept_units(by).filter(pk=unit.pk).exists()
    return Sides(keeps, not keeps and policy.speaks_for(by, place))


def squad_of(stood: Stood) -> Sequence[Person]:
    """Give those who may be in the unit's squad today: who left or moved is not."""
    keys = [person.pk for person in stood.people]
    found = policy.people_of(stood.unit).filter(pk__in=keys)
    return list(found.order_by("sort_key", "pk"))
