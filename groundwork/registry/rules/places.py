"""The official levels, their codes, and how a directory file must be built."""

from __future__ import annotations

import re
from typing import NamedTuple

from groundwork.base.errors import N_, RuleBroken

CITY, DISTRICT, TOWNSHIP, COMMUNITY, GRID = "city", "district", "township", "community", "grid"
LEVELS = (CITY, DISTRICT, TOWNSHIP, COMMUNITY, GRID)
PARENT_LEVEL: dict[str, str | None] = {
    CITY: None, DISTRICT: CITY, TOWNSHIP: DISTRICT, COMMUNITY: TOWNSHIP, GRID: COMMUNITY,
}  # fmt: skip
# Digits of an official code (National Bureau of Statistics); a grid adds our own three.
CODE_DIGITS = {CITY: 4, DISTRICT: 6, TOWNSHIP: 9, COMMUNITY: 12}


class NewPlace(NamedTuple):
    """A row of a directory file."""

    code: str
    name: str
    level: str
    parent_code: str


_GRID_CODE = re.compile(r"(\d{12})-(\d{3})")


class BadPlaceCode(RuleBroken):
    """Refuse a code of the wrong length or below another place."""

    code = "registry.place_code"
    text = N_("代码 %(code)s 不对：市 4 位、区县 6 位、乡镇 9 位、社区 12 位，并以上级代码开头。")


class BadLevel(RuleBroken):
    """Refuse a level that does not follow from the one above."""

    code = "registry.place_level"
    text = N_("“%(name)s”的级别和上级对不上。")


class NoParent(RuleBroken):
    """Refuse a place whose parent is neither in the file nor in the directory."""

    code = "registry.no_parent"
    text = N_("找不到上级代码 %(parent)s。")


def check_place(code: str, level: str, parent_code: str) -> None:
    """Allow a row of a directory file. Raises BadLevel or BadPlaceCode."""
    if level not in CODE_DIGITS:
        raise BadLevel(name=code)
    digits = CODE_DIGITS[level]
    if not (code.isascii() and code.isdigit() and len(code) == digits):
        raise BadPlaceCode(code=code)
    if (level == CITY) != (parent_code == "") or not code.startswith(parent_code):
        raise BadPlaceCode(code=code)


def check_level(name: str, level: str, parent_level: str | None) -> None:
    """Allow a place under a parent of this level. Raises BadLevel."""
    if PARENT_LEVEL[level] != parent_level:
        raise BadLevel(name=name)


def grid_code(community_code: str, number: int) -> str:
    """Make a grid cell's own code: 330212001002-003."""
    return f"{community_code}-{number:03d}"


def grid_number(code: str) -> int:
    """Read the number of a grid cell from its code."""
    found = _GRID_CODE.fullmatch(code)
    return int(found.group(2)) if found else 0
