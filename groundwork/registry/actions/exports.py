"""Lists that leave the city as files; that they left stands in the trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.registry import policy
from groundwork.registry.queries.people import people_to_export
from groundwork.registry.queries.workbooks import (
    export_bodies,
    export_people,
    export_places,
)


@transaction.atomic
def export_people_list(
    *, q: str = "", unit: str = "", by: Actor, at: datetime | None = None
) -> bytes:
    """Write the filtered list of people as a sheet, without phones. Raises Forbidden."""
    if not policy.may_look_up_people(by):
        raise Forbidden
    content = export_people(people_to_export(by, q=q, unit=unit).iterator(chunk_size=2000))
    trail.record(by, "export", "registry.people", unit or "*", ["*"], at=at)
    return content


@transaction.atomic
def export_bodies_list(*, by: Actor, at: datetime | None = None) -> bytes:
    """Write the directory of bodies as a sheet that the import reads again."""
    bodies = policy.visible_bodies(by).filter(valid_to=None).order_by("path")
    content = export_bodies(bodies.select_related("place"))
    trail.record(by, "export", "registry.bodies", "*", ["*"], at=at)
    return content


@transaction.atomic
def export_places_list(*, by: Actor, at: datetime | None = None) -> bytes:
    """Write the directory of places as a sheet that the import reads again."""
    content = export_places(policy.visible_places(by).filter(valid_to=None).order_by("path"))
    trail.record(by, "export", "registry.places", "*", ["*"], at=at)
    return content
