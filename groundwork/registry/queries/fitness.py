"""Tell whether bodies and places fit as somebody's unit, office, branch and home."""

from __future__ import annotations

from collections.abc import Iterable

from groundwork.registry.models import Body, Place
from groundwork.registry.rules import bodies as body_rules
from groundwork.registry.rules import people as rules
from groundwork.registry.rules.people import NewPerson

KINDS = {
    "unit": body_rules.UNIT_KINDS,
    "office": body_rules.OFFICE_KINDS,
    "branch": body_rules.BRANCH_KINDS,
}


def check_homes(rows: Iterable[NewPerson]) -> None:
    """Refuse homes that do not fit, each distinct combination looked at once.

    Raises NotAUnit, NotUnderUnit, BodyClosed or NotACommunity.
    """
    combinations = {(r.unit_id, r.office_id, r.branch_id) for r in rows}
    homes = {r.home_community_id for r in rows if r.home_community_id is not None}
    bodies = Body.objects.in_bulk({pk for c in combinations for pk in c if pk is not None})
    for unit_id, office_id, branch_id in combinations:
        check_bodies(
            bodies[unit_id],
            bodies[office_id] if office_id else None,
            bodies[branch_id] if branch_id else None,
        )
    odd = Place.objects.filter(pk__in=homes).exclude(level=Place.Level.COMMUNITY).first()
    if odd is not None:
        raise rules.NotACommunity(name=odd.name)


def check_bodies(unit: Body, office: Body | None, branch: Body | None) -> None:
    """Refuse bodies of a wrong kind, closed ones, and offices of another unit.

    A branch may lie outside the unit: small units share one, temporary ones gather many.
    """
    for field, body in (("unit", unit), ("office", office), ("branch", branch)):
        if body is None:
            continue
        if body.kind not in KINDS[field]:
            raise rules.NotAUnit(name=body.name)
        if body.valid_to is not None:
            raise rules.BodyClosed(name=body.name)
        if field == "office" and not body.path.startswith(unit.path):
            raise rules.NotUnderUnit(name=body.name, unit=unit.name)
