"""Write the demo city's named studios: who is in them, which of the visits went in their name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from groundwork.base.actor import Actor
from groundwork.base.clock import local
from groundwork.desk.demo.cast import CAST, RSJ
from groundwork.desk.demo.service import Out
from groundwork.registry.actions import NewBody, add_body
from groundwork.registry.models import Body
from groundwork.service.actions.many import NewVisit
from groundwork.service.actions.studios import join_studio

STUDIOS = {"宁波市税务局": "甬税同行工作室", RSJ: "社保帮办工作室"}
SQUAD = 5
FIRST = next(part.name for part in CAST if part.key == "staff")  # leads, where it is the own unit


def write_studios(outs: Sequence[Out], until: date, *, by: Actor) -> dict[int, Body]:
    """Found the studios of the units that are there, half a year ago; give them by unit."""
    at = local(until - timedelta(days=185), time(9))
    made: dict[int, Body] = {}
    for out in outs:
        name = STUDIOS.get(out.unit.name)
        if name is None:
            continue
        place = out.unit.place.code if out.unit.place else ""
        row = NewBody(
            code=f"{out.unit.code}-G1",
            name=name,
            kind=Body.Kind.SERVICE_STUDIO,
            parent_code=out.unit.code,
            place_code=place,
            valid_from=at.date(),
        )
        studio = made[out.unit.pk] = add_body(row, by=by, at=at)
        squad = sorted(out.people, key=lambda person: person.name != FIRST)[:SQUAD]
        for person in squad:
            leads = person is squad[0]
            join_studio(studio.public_id, person, leads=leads, by=by, at=at)
    return made


def in_their_name(visits: Sequence[NewVisit], studios: Mapping[int, Body]) -> list[NewVisit]:
    """Let a visit on which one of a studio went be the studio's, from its first day."""
    squads = {
        unit: {row.person_id for row in studio.studio_squad.all()}
        for unit, studio in studios.items()
    }

    def named(visit: NewVisit) -> NewVisit:
        studio = studios.get(visit.unit_id)
        if studio is None or studio.valid_from is None or visit.day < studio.valid_from:
            return visit
        if squads[visit.unit_id].isdisjoint(visit.visitor_ids):
            return visit
        return visit._replace(studio_id=studio.pk)

    return [named(visit) for visit in visits]
