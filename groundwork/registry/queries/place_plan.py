"""Compare a directory file of places with what stands, without writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from groundwork.base.tree import under
from groundwork.registry.models import Place
from groundwork.registry.rules import places as rules
from groundwork.registry.rules.places import NewPlace


@dataclass
class PlacePlan:
    """What a directory file would do. Rows keep the file's order, parents first."""

    new: list[NewPlace] = field(default_factory=list)
    renamed: list[tuple[Place, str]] = field(default_factory=list)
    reopened: list[Place] = field(default_factory=list)
    closed: list[Place] = field(default_factory=list)
    same: int = 0
    known: dict[str, Place] = field(default_factory=dict)
    first: bool = False  # nothing stood here before: validity starts with the records


def plan_places(rows: Sequence[NewPlace]) -> PlacePlan:
    """Plan a directory file. Raises BadLevel, BadPlaceCode, NoParent.

    What stands below the file's topmost places and is missing from the file will be closed, so a
    district's file closes nothing of its neighbours.
    """
    wanted = {row.code: row for row in rows}
    for row in rows:
        rules.check_place(row.code, row.level, row.parent_code)
    tops = [row for row in rows if row.parent_code not in wanted]
    plan = PlacePlan(known=_standing(tops))
    for row in sorted(wanted.values(), key=lambda row: len(row.code)):
        _plan_row(plan, row, wanted)
    plan.closed = [
        place
        for code, place in plan.known.items()
        if code not in wanted and place.valid_to is None and _is_below(code, tops)
    ]
    plan.first = not any(code in wanted for code in plan.known)
    return plan


def _standing(tops: list[NewPlace]) -> dict[str, Place]:
    roots = Place.objects.filter(code__in=[row.code for row in tops]).values_list("path", flat=True)
    parents = Place.objects.filter(code__in={row.parent_code for row in tops})
    below = Place.objects.filter(under("path", list(roots))).exclude(level=Place.Level.GRID)
    return {place.code: place for place in (*parents, *below)}


def _is_below(code: str, tops: list[NewPlace]) -> bool:
    return any(code.startswith(top.code) for top in tops)


def _plan_row(plan: PlacePlan, row: NewPlace, wanted: dict[str, NewPlace]) -> None:
    parent = wanted.get(row.parent_code) or plan.known.get(row.parent_code)
    if row.parent_code and parent is None:
        raise rules.NoParent(parent=row.parent_code)
    rules.check_level(row.name, row.level, parent.level if parent else None)
    place = plan.known.get(row.code)
    if place is None:
        plan.new.append(row)
        return
    if place.name != row.name:
        plan.renamed.append((place, row.name))
    if place.valid_to is not None:
        plan.reopened.append(place)
    if place.name == row.name and place.valid_to is None:
        plan.same += 1
