"""Lists that leave the city as files; that they left stands in the trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.registry import policy
from groundwork.registry.queries.people import people_to_export
from groundwork.registry.queries.workbooks import export_people


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
