"""Write the demo city's places, bodies and people through the registry's bulk actions."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from groundwork import registry
from groundwork.base.actor import Actor
from groundwork.desk.demo.layout import BodyRow, PlaceRow
from groundwork.desk.demo.roster import Someone
from groundwork.registry.actions import (
    NewBody,
    NewPerson,
    NewPlace,
    add_bodies_many,
    add_people_many,
    add_places_many,
)
from groundwork.registry.models import Body, Person, Place

DIRECTORY = Path(registry.__file__).parent / "data" / "ningbo.csv"


def read_places() -> list[PlaceRow]:
    """Read Ningbo's official directory: city, districts, townships, communities, in code order."""
    with DIRECTORY.open(encoding="utf-8-sig", newline="") as file:
        return [
            PlaceRow(row["code"], row["name"], row["level"], row["parent_code"])
            for row in csv.DictReader(file)
        ]


def write_places(rows: Sequence[PlaceRow], *, by: Actor, at: datetime) -> dict[str, Place]:
    """Write the directory; give the places by code."""
    add_places_many(
        [NewPlace(row.code, row.name, row.level, row.parent) for row in rows], by=by, at=at
    )
    return {place.code: place for place in Place.objects.all()}


def write_bodies(rows: Sequence[BodyRow], *, by: Actor, at: datetime) -> dict[str, Body]:
    """Write the bodies; give them by code, each with its place loaded."""
    add_bodies_many(
        [
            NewBody(
                code=row.code,
                name=row.name,
                short_name=row.short,
                kind=row.kind,
                parent_code=row.parent,
                place_code=row.place,
                outside=row.outside,
            )
            for row in rows
        ],
        by=by,
        at=at,
    )
    return {body.code: body for body in Body.objects.select_related("place")}


def write_people(
    rows: Sequence[Someone],
    bodies: dict[str, Body],
    places: dict[str, Place],
    *,
    by: Actor,
    at: datetime,
) -> list[Person]:
    """Write the people, marked as invented; in the order of `rows`."""
    return add_people_many(
        [
            NewPerson(
                name=row.name,
                work_number=row.work_number,
                unit_id=bodies[row.unit].pk,
                office_id=bodies[row.office].pk,
                branch_id=bodies[row.branch].pk if row.branch else None,
                home_community_id=places[row.home].pk,
                status=row.status,
                party_member=row.party_member,
                phone=row.phone,
                since=row.since,
            )
            for row in rows
        ],
        by=by,
        at=at,
        demo=True,
    )
