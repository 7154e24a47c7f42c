"""Named studios: where they are, and one with its members, visits and matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.numbers import Count
from groundwork.base.tree import chain
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.registry.models import Body
from groundwork.registry.rules.bodies import UNIT_KINDS
from groundwork.service.models import SquadMember, Visit
from groundwork.service.policy import studios as policy
from groundwork.service.queries.points import in_force
from groundwork.service.queries.visits import KEYS
from groundwork.service.queries.visits import KIND as VISIT

SIZE = 40
NEWEST = 20


@dataclass(frozen=True)
class StudioLine:
    """One studio of the list: the unit it belongs to, who is in it, the leader first."""

    studio: Body
    home: Body
    members: list[SquadMember]


@dataclass(frozen=True)
class StudiosPage:
    """A page of studios in directory order."""

    lines: list[StudioLine]
    next: str


def _now() -> QuerySet[SquadMember]:
    rows = SquadMember.objects.filter(valid_to=None).select_related("person")
    return rows.order_by("-leads", "id")


def members_now(by: Actor, studio: Body) -> list[SquadMember] | None:
    """Give who is in a studio, the leader first; None to whom it is not shown."""
    if not policy.visible_studios(by).filter(pk=studio.pk).exists():
        return None
    return list(_now().filter(studio=studio))


def studios(by: Actor, *, mine: bool = False, after: str = "") -> StudiosPage:
    """List the studios that stand, in directory order, or only those one is in."""
    rows = policy.visible_studios(by).filter(in_force(clock.today()))
    if mine:
        rows = rows.filter(pk__in=policy.own_studios(by).values("pk"))
    squads: Prefetch[Any] = Prefetch("studio_squad", _now(), to_attr="now")
    found = page_by_key(rows.prefetch_related(squads), ("path",), after, size=SIZE)
    homes = _homes(found.rows)
    lines = [StudioLine(row, homes[row.path], row.now) for row in found.rows]  # type: ignore[attr-defined]
    return StudiosPage(lines, found.next)


def _homes(studios: list[Body]) -> dict[str, Body]:
    """Find the unit of each studio in one statement, as `policy.home_of` does for one."""
    above = {path for studio in studios for path in chain(studio.path)}
    units = {body.path: body for body in Body.objects.filter(path__in=above, kind__in=UNIT_KINDS)}
    return {
        studio.path: next((units[p] for p in chain(studio.path) if p in units), studio)
        for studio in studios
    }


def studios_of(by: Actor, body: Body) -> list[Body]:
    """Give the studios that stand under a body, in directory order."""
    rows = policy.visible_studios(by).filter(path__startswith=body.path).exclude(pk=body.pk)
    return list(rows.filter(in_force(clock.today())).order_by("path")[:NEWEST])


@dataclass(frozen=True)
class StudioPage:
    """What a studio's page shows its reader."""

    studio: Body
    home: Body
    squad: list[SquadMember]  # today's, the leader first
    before: list[SquadMember]  # who was there before
    visits: Listing[Visit]  # those the reader may open
    visits_count: Count
    every: Count  # all in its name, whoever may open them
    matters: list[Matter]  # what they found and the reader may read
    may_edit: bool
    may_visit: bool


def studio_page(by: Actor, studio: Body, at: datetime, after: str = "") -> StudioPage:
    """Read a studio: who is and was in it, the visits in its name, the matters they found."""
    rows = SquadMember.objects.filter(studio=studio).select_related("person")
    members = list(rows.order_by("-leads", "valid_from", "id"))
    all_of_it = Visit.objects.filter(studio=studio, withdrawn_at=None)
    seen = policy.studio_visits(by, studio)
    found = all_of_it.filter(found__gt=0).order_by(*KEYS).values_list("public_id", flat=True)
    matters = visible_matters(by, at).filter(
        source_kind=VISIT, source_id__in=list(found[: NEWEST * 2])
    )
    return StudioPage(
        studio=studio,
        home=policy.home_of(studio),
        squad=[row for row in members if row.valid_to is None],
        before=[row for row in members if row.valid_to is not None],
        visits=page_by_key(seen.select_related("unit", "place", "host"), KEYS, after, size=NEWEST),
        visits_count=_capped(capped_count(seen)),
        every=_capped(capped_count(all_of_it)),
        matters=list(matters.select_related("category", "place", "lead").order_by("-id")[:NEWEST]),
        may_edit=policy.may_edit_studio(by, studio),
        may_visit=policy.in_studio(by, studio),
    )


def _capped(n: int) -> Count:
    return Count(n, capped=n >= 1000)
