"""What somebody did at a place, of areas that a mark's own area does not know."""

from __future__ import annotations

from datetime import date, time

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.duty.models import Post
from groundwork.registry.models import Person, Place
from groundwork.voices.queries.marks import MOST_OFFERED, Happening, happenings
from groundwork.web.dates import span_text


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
