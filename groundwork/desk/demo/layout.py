"""Lay out a city's departments from its places and the kinds of departments: plain values, no I/O.

The order is the directory's: party organs, government, groups, services, then the districts with
theirs and their townships.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from groundwork.desk.demo import directory as kinds
from groundwork.desk.demo.directory import lines

FULL = 1040  # departments at scale 1: over a thousand keep a roll on a night of their own too
FEWEST = 12
# What the cast needs, at every scale.
ALWAYS = (
    "宁波市人力资源和社会保障局",
    "中共宁波市委组织部",
    "宁波市发展和改革委员会",
    "海曙区民政局",
    "海曙区教育局",
    "海曙区委组织部",
    "鼓楼街道办事处",
    "月湖街道办事处",
    "鄞州区水利局",
    "宁波市信访局",
    "海曙区综合行政执法局",
)


@dataclass(frozen=True)
class PlaceRow:
    """One row of the official directory."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class Department:
    """One department before it is written: `offices` and `branches` hang below it."""

    code: str
    name: str
    short: str
    place: str
    parent: str
    tier: str  # city | district | township | service
    weight: float = 1.0


@dataclass(frozen=True)
class BodyRow:
    """One body before it is written; `parent` is a code, '' for a root."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    place: str
    outside: bool = False


def committee(code: str) -> str:
    """Name the code of the party committee of a place: the node its departments hang under."""
    return f"{code}-D"


def departments(places: list[PlaceRow]) -> list[Department]:
    """List every department of the city at scale 1, in directory order."""
    city = next(p for p in places if p.level == "city")
    out = list(_city(city))
    for district in (p for p in places if p.level == "district"):
        out += _district(district, city)
        out += _townships(district, [p for p in places if p.parent == district.code])
    return out


def _city(city: PlaceRow) -> Iterator[Department]:
    short = city.name[-1]
    blocks = (kinds.CITY_PARTY, kinds.CITY_GOVERNMENT, kinds.CITY_GROUPS, kinds.CITY_SERVICES)
    for letter, block in zip("ABCD", blocks, strict=True):
        for n, line in enumerate(lines(block), 1):
            full, _, brief = line.partition(" ")
            yield Department(
                code=f"{city.code}-{letter}{n:02d}",
                name=full.format(city=city.name) if "{" in full else city.name + full,
                short=short + brief,
                place=city.code,
                parent=committee(city.code),
                tier="service" if letter == "D" else "city",
                weight=2.0 if letter in "BD" else 1.2,
            )


def _district(district: PlaceRow, city: PlaceRow) -> Iterator[Department]:
    names = [
        *((district.name + n, "district", 0.7) for n in lines(kinds.DISTRICT_PARTY)),
        *((district.name + n, "district", 1.1) for n in lines(kinds.DISTRICT_GOVERNMENT)),
        *((_city_branch(n, district, city), "district", 1.6) for n in lines(kinds.CITY_BRANCHES)),
        *((district.name + n, "service", 0.8) for n in lines(kinds.DISTRICT_SERVICES)),
    ]
    for n, (name, tier, weight) in enumerate(names, 1):
        code = f"{district.code}-{n:02d}"
        yield Department(code, name, "", district.code, committee(district.code), tier, weight)


def _city_branch(bureau: str, district: PlaceRow, city: PlaceRow) -> str:
    if district.name.endswith("区"):
        return f"{city.name}{bureau}{district.name[:-1]}分局"
    return district.name + bureau


def _townships(district: PlaceRow, townships: list[PlaceRow]) -> Iterator[Department]:
    for place in townships:
        name = place.name + ("办事处" if place.name.endswith("街道") else "人民政府")
        yield Department(
            f"{place.code}-00", name, "", place.code, committee(district.code), "township", 0.9
        )


def choose(all_of_them: list[Department], scale: float, rng: Random) -> list[Department]:
    """Choose as many departments as the scale wants, always those of the cast, in order."""
    wanted = max(FEWEST, round(FULL * scale))
    if wanted >= len(all_of_them):
        return all_of_them
    chosen = {d.code for d in all_of_them if d.name in ALWAYS}
    others = [d.code for d in all_of_them if d.code not in chosen]
    chosen.update(rng.sample(others, wanted - len(chosen)))
    return [d for d in all_of_them if d.code in chosen]


def bodies(
    places: list[PlaceRow], chosen: list[Department], sizes: dict[str, int]
) -> Iterator[BodyRow]:
    """List all bodies: committees, departments, their offices, party committees and branches."""
    city = next(p for p in places if p.level == "city")
    top = committee(city.code)
    yield BodyRow(top, f"中共{city.name}委员会", f"{city.name}委", "party", "", city.code)
    by_parent: dict[str, list[Department]] = {}
    for department in chosen:
        by_parent.setdefault(department.parent, []).append(department)
    for department in by_parent.get(top, []):
        yield from _department(department, sizes[department.code])
    for district in (p for p in places if p.level == "district"):
        node = committee(district.code)
        yield BodyRow(
            node, f"中共{district.name}委员会", f"{district.name}委", "party", top, district.code
        )
        for department in by_parent.get(node, []):
            yield from _department(department, sizes[department.code])
    yield from _others(city)


_OFFICES = {
    "city": kinds.OFFICES,
    "service": kinds.OFFICES,
    "district": kinds.DISTRICT_OFFICES,
    "township": kinds.STREET_OFFICES,
}
ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八")


def offices_of(department: Department, size: int) -> list[str]:
    """Name the offices of a department of `size` people: one per eight, at least two."""
    names = lines(_OFFICES[department.tier])
    return names[: max(2, min(len(names), round(size / 8)))]


def branches_of(size: int) -> int:
    """Count the party branches of a department: one per thirty people."""
    return max(1, min(len(ORDINALS), round(size / 30)))


def _department(department: Department, size: int) -> Iterator[BodyRow]:
    code, place = department.code, department.place
    yield BodyRow(code, department.name, department.short, "unit", department.parent, place)
    for n, office in enumerate(offices_of(department, size), 1):
        yield BodyRow(f"{code}-{n:02d}", office, "", "office", code, place)
    party = code
    count = branches_of(size)
    if count > 2:
        party = f"{code}-D"
        yield BodyRow(party, "机关党委", "", "party", code, place)
    for n, ordinal in enumerate(ORDINALS[:count], 1):
        yield BodyRow(f"{code}-Z{n}", f"第{ordinal}党支部", "", "branch", party, place)


def _others(city: PlaceRow) -> Iterator[BodyRow]:
    groups: Iterable[tuple[str, str, str, bool]] = (
        ("E", kinds.ENTERPRISES, "enterprise", False),
        ("P", kinds.PARKS, "park", False),
        ("X", kinds.OUTSIDE, "unit", True),
    )
    for letter, block, kind, outside in groups:
        for n, name in enumerate(lines(block), 1):
            code = f"{city.code}-{letter}{n:02d}"
            place = "" if outside else city.code
            yield BodyRow(code, name, "", kind, "", place, outside)
