"""Invent the people of a city and where they sit: plain values, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from groundwork.desk.demo import layout
from groundwork.desk.demo.cast import CAST, HOME, RSJ, Part
from groundwork.desk.demo.layout import Department, PlaceRow
from groundwork.desk.demo.names import invent

FULL = 40_000  # people at scale 1
SMALLEST = 6
NEIGHBOURS = 10  # live where the cast does, so that its community has something to show
PARTY_SHARE, PHONE_SHARE = 0.62, 0.9
STATUSES = (("on_roll", 88), ("contract", 6), ("on_loan", 2), ("seconded", 1), ("retired", 3))
# No network of the country has handed out 154: such a number rings at nobody.
PHONE = 15_400_000_000


@dataclass(frozen=True)
class Someone:
    """One invented person; codes name the bodies and the community."""

    work_number: str
    name: str
    phone: str
    status: str
    party_member: bool
    unit: str
    office: str
    branch: str
    home: str
    since: date
    key: str = ""  # of the cast


def sizes(chosen: list[Department], scale: float, rng: Random) -> dict[str, int]:
    """Give every department its number of people; together they are the scale's, within rounding.

    Departments differ as they do: most have twenty to fifty people, a few over a hundred.
    """
    total = max(len(chosen) * SMALLEST, round(FULL * scale))
    weights = {d.code: d.weight * rng.lognormvariate(0, 0.5) for d in chosen}
    share = total / sum(weights.values())
    cast = {part.unit for part in CAST}
    return {
        d.code: max(SMALLEST, round(weights[d.code] * share), 18 if d.name in cast else 0)
        for d in chosen
    }


def people(
    chosen: list[Department],
    size: dict[str, int],
    places: list[PlaceRow],
    until: date,
    rng: Random,
) -> Iterator[Someone]:
    """Invent everybody, department by department, the cast first in its own."""
    communities = [p.code for p in places if p.level == "community"]
    by_district: dict[str, list[str]] = {}
    for code in communities:
        by_district.setdefault(code[:6], []).append(code)
    number = 0
    for department in chosen:
        parts = [part for part in CAST if part.unit == department.name]
        near = by_district.get(department.place[:6], communities)
        for i in range(size[department.code]):
            number += 1
            part = parts[i] if i < len(parts) else None
            home = rng.choice(near if rng.random() < 0.85 else communities)
            if department.name == RSJ and i < len(parts) + NEIGHBOURS:
                home = HOME
            yield _someone(department, size[department.code], number, part, home, until, rng)


def _someone(
    department: Department,
    size: int,
    number: int,
    part: Part | None,
    home: str,
    until: date,
    rng: Random,
) -> Someone:
    code = department.code
    name = invent(rng)
    party = rng.random() < PARTY_SHARE
    status = rng.choices([s for s, _ in STATUSES], [w for _, w in STATUSES])[0]
    phone = str(PHONE + number) if rng.random() < PHONE_SHARE else ""
    office = rng.randrange(len(layout.offices_of(department, size))) + 1
    branch = rng.randrange(layout.branches_of(size)) + 1
    since = until - timedelta(days=rng.randrange(400, 9000))
    if part is not None:
        name, party, status = part.name, part.party_member, "on_roll"
        phone, branch = str(PHONE + number), 1
        home = part.home or home
    return Someone(
        work_number=f"NB{number:06d}",
        name=name,
        phone=phone,
        status=status,
        party_member=party,
        unit=code,
        office=f"{code}-{office:02d}",
        branch=f"{code}-Z{branch}" if party else "",
        home=home,
        since=since,
        key=part.key if part else "",
    )
