"""Builders: a small Ningbo for the directory's own tests, made by the area's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from groundwork.base.actor import Actor, Grant, Role, system
from groundwork.base.clock import ZONE
from groundwork.registry import actions
from groundwork.registry.actions import NewBody, NewPerson, NewPlace
from groundwork.registry.models import Body, Person, Place

SYSTEM = system("tests")
MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
_numbers = count(1)

PLACES = [
    NewPlace("3302", "宁波市", "city", ""),
    NewPlace("330203", "海曙区", "district", "3302"),
    NewPlace("330203001", "南门街道", "township", "330203"),
    NewPlace("330203001001", "澄浪社区", "community", "330203001"),
    NewPlace("330203001200", "岭下村委会", "community", "330203001"),
    NewPlace("330212", "鄞州区", "district", "3302"),
    NewPlace("330212001", "下应街道", "township", "330212"),
    NewPlace("330212001001", "东升社区居委会", "community", "330212001"),
    NewPlace("330212001200", "岭下村委会", "community", "330212001"),
]
BODIES = [
    NewBody("NB", "宁波市人民政府", "unit", place_code="3302"),
    NewBody(
        "NB-RS",
        "宁波市人力资源和社会保障局",
        "unit",
        "NB",
        short_name="市人社局",
        aliases=("市劳动局",),
        place_code="3302",
    ),
    NewBody("NB-RS-01", "办公室", "office", "NB-RS"),
    NewBody("NB-RS-02", "就业处", "office", "NB-RS"),
    NewBody("NB-RS-Z1", "第一党支部", "branch", "NB-RS"),
    NewBody("NB-JT", "宁波市交通运输局", "unit", "NB", short_name="市交通局", place_code="3302"),
    NewBody("NB-JT-01", "办公室", "office", "NB-JT"),
    NewBody("NB-JT-Z1", "第一党支部", "branch", "NB-JT"),
]


@dataclass
class City:
    """Places and bodies by code, and who may keep what."""

    places: dict[str, Place]
    bodies: dict[str, Body]

    def actor(self, role: Role, body: str = "", place: str = "", person: Person | None = None):
        """Make an actor with one role at a body or a place, by code."""
        grant = Grant(
            role=role,
            body=self.bodies[body].path if body else None,
            place=self.places[place].path if place else None,
        )
        return Actor(
            account_id=7, person_id=person.pk if person else None, grants=(grant,), display_name="t"
        )

    def row(self, name: str = "张三", unit: str = "NB-RS", **more) -> NewPerson:
        """Make a clean row of a new person."""
        more.setdefault("work_number", f"T{next(_numbers):05d}")
        return NewPerson(name=name, unit_id=self.bodies[unit].pk, **more)

    def person(self, name: str = "张三", unit: str = "NB-RS", **more) -> Person:
        """Add a person by the act itself."""
        return actions.add_person(self.row(name, unit, **more), by=SYSTEM, at=MOMENT)


def city() -> City:
    """Build places and bodies."""
    actions.add_places_many(PLACES, by=SYSTEM, at=MOMENT)
    bodies = actions.add_bodies_many(BODIES, by=SYSTEM, at=MOMENT)
    return City(
        {place.code: place for place in Place.objects.all()}, {body.code: body for body in bodies}
    )
