"""One of everything of campaigns, made through the city's own actions as of the world's moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from groundwork.base import clock
from groundwork.campaigns.actions import alliances, supplies
from groundwork.registry.models import Body

if TYPE_CHECKING:
    from tests.world import World


def build(world: World) -> None:
    """Write one of everything."""
    _alliance(world)


def _enterprise(world: World, code: str, name: str, path: str) -> Body:
    place = world.cast.places["chenglang"]
    values: dict[str, Any] = {"path": path, "depth": 1, "numchild": 0, "place": place}
    body = Body(code=code, name=name, kind=Body.Kind.ENTERPRISE, **values)
    Body.objects.bulk_create([body])
    return body


def _alliance(world: World) -> None:
    """Let a branch of a unit lead: the cast's enterprise needs, one without account offers."""
    cast, at = world.cast, world.at
    chief, own = cast.actor("unit_secretary"), cast.actor("enterprise")
    plan = alliances.AlliancePlan(
        "甬江精密产业联盟", cast.bodies["branch"], cast.places["chenglang"],
        cast.bodies["enterprise_body"],
    )  # fmt: skip
    made = alliances.open_alliance(plan, by=chief, at=at)
    other = _enterprise(world, "QY-02", "姚江注塑有限公司", "0004")
    supplier = alliances.add_member(made.public_id, other, "supplier", by=chief, at=at)
    spare = _enterprise(world, "QY-03", "慈城五金厂", "0005")
    leaving = alliances.add_member(made.public_id, spare, "customer", by=chief, at=at)
    lead = made.members.get(part="lead")
    alliances.link_members(supplier.public_id, lead.public_id, "外壳", by=chief, at=at)
    alliances.tell_resumed(
        supplier.public_id, "partly", cause="labour", why="外地工人还没回来", by=chief, at=at
    )
    day = clock.day_of(at)
    days = (day, day + timedelta(days=10))
    need = supplies.EntryPlan("need", "labour", "装配工", 20, "people", *days)
    offer = supplies.EntryPlan("offer", "labour", "暂时停线的装配工", 12, "people", *days)
    supplies.write_entry(lead.public_id, need, by=own, at=at)
    supplies.write_entry(supplier.public_id, offer, by=chief, at=at)
    [pair] = supplies.propose_pairs(made.public_id, by=chief, at=at)
    papers = supplies.EntryPlan("need", "guarantees", "过江通行证明", 3, "cases", *days)
    world.things |= {
        "alliance": made,
        "member:lead": lead,
        "member:supplier": supplier,
        "member:leaving": leaving,
        "pair": pair,
        "entry": supplies.write_entry(lead.public_id, papers, by=own, at=at),
    }
