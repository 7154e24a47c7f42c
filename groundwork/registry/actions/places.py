"""Every act on places: the official directory, grid cells, aliases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from groundwork.base import changes, clock, search, trail
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden
from groundwork.registry import policy
from groundwork.registry.actions import tree
from groundwork.registry.models import Place
from groundwork.registry.queries.place_plan import PlacePlan, plan_places
from groundwork.registry.rules import bodies as body_rules
from groundwork.registry.rules import places as rules
from groundwork.registry.rules.places import NewPlace

KIND = "registry.place"


@dataclass(frozen=True)
class PlacesReport:
    """How many places a directory file added, renamed, closed, reopened or left as they were."""

    added: int
    renamed: int
    closed: int
    reopened: int
    same: int


@transaction.atomic
def add_places_many(
    rows: Iterable[NewPlace], *, by: Actor, at: datetime | None = None
) -> PlacesReport:
    """Bring the directory of places to what a file says; the same file again does nothing.

    Places gone from the file are closed the day before, never deleted. Raises Forbidden, BadLevel,
    BadPlaceCode, NoParent.
    """
    at = at or clock.now()
    if not by.has(Role.CITY_OPERATOR):
        raise Forbidden
    plan = plan_places([NewPlace(*row) for row in rows])
    apply_plan(plan, day=at.astimezone(clock.ZONE).date(), at=at)
    report = PlacesReport(
        len(plan.new), len(plan.renamed), len(plan.closed), len(plan.reopened), plan.same
    )
    if report.added or report.renamed or report.closed or report.reopened:
        trail.record(by, "import", KIND, str(len(plan.known)), ["*"], at=at)
    return report


def apply_plan(plan: PlacePlan, *, day: date, at: datetime) -> list[Place]:
    """Write a plan; return the new places. The caller holds the transaction and the trail."""
    known = dict(plan.known)
    nodes: list[tuple[Place, Place | None]] = []
    for row in plan.new:
        place = Place(
            code=row.code,
            name=row.name,
            level=row.level,
            valid_from=None if plan.first else day,
        )
        known[row.code] = place
        nodes.append((place, known.get(row.parent_code)))
    tree.append_many(Place, nodes)
    for place, name in plan.renamed:
        place.aliases = body_rules.clean_aliases([*place.aliases, place.name], name)
        place.name = name
    for place in plan.reopened:
        place.valid_to = None
    yesterday = day - timedelta(days=1)
    for place in plan.closed:
        place.valid_to = max(yesterday, place.valid_from or yesterday)
    touched = [*(place for place, _name in plan.renamed), *plan.reopened, *plan.closed]
    Place.objects.bulk_update(touched, ["name", "aliases", "valid_to"], batch_size=200)
    made = [place for place, _parent in nodes]
    index_places([*made, *touched])
    _record_changes(made, touched, at)
    return made


def _record_changes(made: Sequence[Place], touched: Sequence[Place], at: datetime) -> None:
    by_level: dict[str, int] = {}
    for place in made:
        by_level[place.level] = by_level.get(place.level, 0) + 1
    rows = [
        changes.change(KIND, "", after={"level": level}, n=n, at=at)
        for level, n in by_level.items()
    ]
    for place in touched:
        closed = place.valid_to is not None
        after = None if closed else {"level": place.level}
        rows.append(
            changes.change(KIND, place.public_id, before={"level": place.level}, after=after, at=at)
        )
    changes.record_many(rows)


def index_places(places: Iterable[Place]) -> None:
    """Make places findable by name, aliases and code."""
    search.index_many(KIND, [(p.pk, (p.name, *p.aliases, p.code)) for p in places])


@transaction.atomic
def add_grid(community: Place, *, name: str, by: Actor, at: datetime | None = None) -> Place:
    """Add the next grid cell of a community, with a code of our own."""
    at = at or clock.now()
    community = policy.place_for(by, community.public_id, "add_grid")
    rules.check_level(name, rules.GRID, community.level)
    last = Place.objects.get_children(community).order_by("-code").first()
    number = rules.grid_number(last.code) + 1 if last else 1
    grid = Place(
        code=rules.grid_code(community.code, number),
        name=body_rules.clean_body_name(name)[:80],
        level=rules.GRID,
        valid_from=at.astimezone(clock.ZONE).date(),
    )
    tree.append_many(Place, [(grid, community)])
    index_places([grid])
    _record_changes([grid], [], at)
    trail.record(by, "add", KIND, grid.public_id, ["code", "name"], at=at)
    return grid


@transaction.atomic
def edit_place(
    place: Place, *, aliases: Sequence[str], by: Actor, at: datetime | None = None
) -> Place:
    """Keep what people also call a place; name and code are the Bureau's."""
    place = policy.place_for(by, place.public_id, "edit")
    place.aliases = body_rules.clean_aliases(list(aliases), place.name)
    place.save(update_fields=["aliases"])
    index_places([place])
    trail.record(by, "edit", KIND, place.public_id, ["aliases"], at=at)
    return place


@transaction.atomic
def close_grid(grid: Place, *, last_day: date, by: Actor, at: datetime | None = None) -> Place:
    """Close a grid cell; official places are closed by the next directory file."""
    at = at or clock.now()
    grid = policy.place_for(by, grid.public_id, "add_grid")
    rules.check_level(grid.name, grid.level, rules.COMMUNITY)
    body_rules.check_closing(last_day, grid.valid_from, 0, 0)
    grid.valid_to = last_day
    grid.save(update_fields=["valid_to"])
    _record_changes([], [grid], at)
    trail.record(by, "close", KIND, grid.public_id, ["valid_to"], at=at)
    return grid
