"""Which body may stand under which, and which may be somebody's unit, office or branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.text import tidy, tight

UNIT, PARTY, BRANCH, OFFICE = "unit", "party", "branch", "office"
ENTERPRISE, PARK = "enterprise", "park"
TEMPORARY_BRANCH, SERVICE_STUDIO = "temporary_branch", "service_studio"
KINDS = (UNIT, PARTY, BRANCH, OFFICE, ENTERPRISE, PARK, TEMPORARY_BRANCH, SERVICE_STUDIO)

# A person's unit, office and branch are bodies of these kinds.
UNIT_KINDS = (UNIT, PARTY, ENTERPRISE, PARK)
OFFICE_KINDS = (OFFICE,)
BRANCH_KINDS = (BRANCH, TEMPORARY_BRANCH)
INSIDE_KINDS = (OFFICE, BRANCH)  # their names only say which with the unit's before them

# kind → kinds it may stand under; the tree's top is a unit or a party organisation.
TOP_KINDS = (UNIT, PARTY, ENTERPRISE, PARK)
UNDER: dict[str, tuple[str, ...]] = {
    UNIT: (UNIT, PARTY),
    PARTY: (UNIT, PARTY, ENTERPRISE, PARK),
    BRANCH: (UNIT, PARTY, BRANCH, ENTERPRISE, PARK, OFFICE),
    OFFICE: (UNIT, PARTY, OFFICE, ENTERPRISE, PARK),
    ENTERPRISE: (UNIT, PARK, ENTERPRISE),
    PARK: (UNIT, PARK),
    TEMPORARY_BRANCH: (UNIT, PARTY, BRANCH, ENTERPRISE, PARK),
    SERVICE_STUDIO: (UNIT, PARTY, BRANCH, OFFICE, ENTERPRISE, PARK),
}


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body to be added; the parent is named by its code and may stand in the same batch."""

    code: str
    name: str
    kind: str
    parent_code: str = ""
    short_name: str = ""
    place_code: str = ""
    outside: bool = False
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None


_CODE = re.compile(r"[0-9A-Z][0-9A-Z._/-]{0,39}")


class BadBodyName(RuleBroken):
    """Refuse an empty or endless name."""

    code = "registry.body_name"
    text = N_("名称应为 2 到 120 个字。")


class BadCode(RuleBroken):
    """Refuse a code with odd characters."""

    code = "registry.code"
    text = N_("代码只能用字母、数字和 - . _ /，最多 40 位。")


class CodeTaken(RuleBroken):
    """Refuse a second body or place with one code."""

    code = "registry.code_taken"
    text = N_("代码 %(code)s 已经用过了。")


class WrongParent(RuleBroken):
    """Refuse a place in the tree that this kind of body never has."""

    code = "registry.wrong_parent"
    text = N_("这类机构不能放在“%(parent)s”下面。")


class UnderItself(RuleBroken):
    """Refuse to move a body below itself."""

    code = "registry.under_itself"
    text = N_("不能把机构移到它自己下面。")


class StillInUse(RuleBroken):
    """Refuse to close what people still belong to."""

    code = "registry.still_in_use"
    text = N_("还有 %(people)s 人、%(bodies)s 个下级机构在这里，请先移走。")


class ClosedBeforeOpened(RuleBroken):
    """Refuse a last day before the first."""

    code = "registry.closed_before_opened"
    text = N_("最后一天 %(day)s 早于开始日 %(start)s。")


def clean_body_name(name: str) -> str:
    """Fold a body's name. Raises BadBodyName."""
    name = tidy(name)
    if not 1 < len(name) <= 120 or not any(c.isalpha() for c in name):
        raise BadBodyName
    return name


def clean_code(code: str) -> str:
    """Fold a code. Raises BadCode."""
    code = tight(code).lstrip("'’‘").upper()
    if not _CODE.fullmatch(code):
        raise BadCode
    return code


def clean_aliases(aliases: list[str], name: str) -> list[str]:
    """Fold aliases: no empty one, none twice, none that is the name."""
    folded = dict.fromkeys(tidy(alias)[:120] for alias in aliases)
    return [alias for alias in folded if alias and alias != name][:20]


def split_aliases(text: str) -> list[str]:
    """Split a cell or field of aliases: 市人社局、人社局；人社."""
    return [part for part in re.split(r"[、，,;；\n|]+", text) if part.strip()]


def may_stand_under(kind: str, parent: str | None) -> bool:
    """Tell whether a body of `kind` may stand under one of kind `parent` (None: at the top)."""
    return kind in TOP_KINDS if parent is None else parent in UNDER[kind]


def check_closing(day: date, start: date | None, people: int, bodies: int) -> None:
    """Allow closing on `day`. Raises StillInUse or ClosedBeforeOpened."""
    if people or bodies:
        raise StillInUse(people=people, bodies=bodies)
    if start is not None and day < start:
        raise ClosedBeforeOpened(day=day.isoformat(), start=start.isoformat())
