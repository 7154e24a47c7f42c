"""Who acts: a frozen value that every action, query and policy takes as `by`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from groundwork.base.errors import N_


class Role(StrEnum):
    """What a person may be at a body or a place; inherited down the tree."""

    CITY_OPERATOR = "city_operator"
    DISTRICT_OPERATOR = "district_operator"
    UNIT_SECRETARY = "unit_secretary"
    BRANCH_SECRETARY = "branch_secretary"
    COMMUNITY_SECRETARY = "community_secretary"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    GATE_LEAD = "gate_lead"
    AUDITOR = "auditor"
    TV_EDITOR = "tv_editor"
    JUROR = "juror"
    SPEAKER = "speaker"
    CLERK = "clerk"
    ENTERPRISE = "enterprise"
    STAFF = "staff"


ROLE_NAMES: dict[Role, str] = {
    Role.CITY_OPERATOR: N_("市级管理员"),
    Role.DISTRICT_OPERATOR: N_("区县管理员"),
    Role.UNIT_SECRETARY: N_("单位书记"),
    Role.BRANCH_SECRETARY: N_("支部书记"),
    Role.COMMUNITY_SECRETARY: N_("社区书记"),
    Role.DISPATCHER: N_("受理派单员"),
    Role.HANDLER: N_("承办人"),
    Role.GATE_LEAD: N_("卡口班长"),
    Role.AUDITOR: N_("审核员"),
    Role.TV_EDITOR: N_("问政编导"),
    Role.JUROR: N_("评议员"),
    Role.SPEAKER: N_("宣讲员"),
    Role.CLERK: N_("内勤"),
    Role.ENTERPRISE: N_("企业联系人"),
    Role.STAFF: N_("机关干部"),
}


@dataclass(frozen=True)
class Grant:
    """A role held at one node of a tree, as a materialised path: it covers all below.

    Exactly one of `body` and `place` is set; `name` is the node's name for the page.
    """

    role: Role
    body: str | None = None
    place: str | None = None
    name: str = ""
    id: int | None = None
    acting_for: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts, and as what. Built by `access` from a request, token or command.

    `grants` are only those the page acts with: the chosen one. What a person may do with the own
    things follows from `person_id` and needs no grant. `unit` is the path of the own unit.
    """

    account_id: int | None = None
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    display_name: str = ""
    as_label: str = ""
    unit: str | None = None
    home_community: str | None = None
    locale: str = "zh-hans"
    system: str = ""

    def has(self, *roles: Role) -> bool:
        """Tell whether one of the roles is held, wherever."""
        return bool(self.system) or any(grant.role in roles for grant in self.grants)

    def bodies(self, *roles: Role) -> tuple[str, ...]:
        """Name the body paths at which one of the roles is held."""
        return tuple(g.body for g in self.grants if g.role in roles and g.body is not None)

    def places(self, *roles: Role) -> tuple[str, ...]:
        """Name the place paths at which one of the roles is held."""
        return tuple(g.place for g in self.grants if g.role in roles and g.place is not None)

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in."""
        return self.account_id is None and not self.system


NOBODY = Actor()


def system(name: str) -> Actor:
    """Make the actor of a machine's own work: a command, the worker, the demo city."""
    return Actor(system=name, display_name=name)
