"""Which role stands where, and who may give it to whom."""

from __future__ import annotations

from datetime import date, timedelta

from groundwork.base.actor import Role
from groundwork.base.errors import N_, Conflict, RuleBroken

_PLACES = frozenset({"city", "district", "township", "community", "grid"})
_UNITS = frozenset({"unit", "party", "park"})
_BRANCHES = frozenset({"branch", "temporary_branch", "service_studio", "party"})
_BODIES = _UNITS | _BRANCHES | {"office", "enterprise"}

# The kinds of body and levels of place at which a role may be held. STAFF is no grant: everybody
# with a person behind the account is staff.
NODES: dict[Role, frozenset[str]] = {
    Role.CITY_OPERATOR: frozenset({"city"}),
    Role.DISTRICT_OPERATOR: frozenset({"district"}),
    Role.UNIT_SECRETARY: _UNITS,
    Role.BRANCH_SECRETARY: _BRANCHES,
    Role.COMMUNITY_SECRETARY: frozenset({"community"}),
    Role.DISPATCHER: frozenset({"city", "district", "township"}),
    Role.HANDLER: _BODIES | _PLACES,
    Role.GATE_LEAD: _BODIES | _PLACES,
    Role.AUDITOR: _BODIES | _PLACES,
    Role.TV_EDITOR: frozenset({"city"}) | _UNITS,
    Role.JUROR: frozenset({"city", "district"}),
    Role.SPEAKER: _BODIES | _PLACES,
    Role.CLERK: _UNITS | {"office"},
    Role.ENTERPRISE: frozenset({"enterprise"}),
    Role.STAFF: frozenset(),
}

# Who gives which role, inside the own part of the tree. Nobody gives the own role away below city
# level, so that a wrong hand cannot multiply itself. What is not named gives nothing.
GIVES: dict[Role, frozenset[Role]] = {
    Role.CITY_OPERATOR: frozenset(Role) - {Role.STAFF},
    Role.DISTRICT_OPERATOR: frozenset(
        {
            Role.UNIT_SECRETARY,
            Role.BRANCH_SECRETARY,
            Role.COMMUNITY_SECRETARY,
            Role.DISPATCHER,
            Role.HANDLER,
            Role.GATE_LEAD,
            Role.SPEAKER,
            Role.CLERK,
            Role.ENTERPRISE,
        }
    ),
    Role.UNIT_SECRETARY: frozenset(
        {Role.BRANCH_SECRETARY, Role.HANDLER, Role.GATE_LEAD, Role.SPEAKER, Role.CLERK}
    ),
    Role.COMMUNITY_SECRETARY: frozenset({Role.HANDLER, Role.GATE_LEAD}),
}

LONGEST_ACTING = timedelta(days=366)


class WrongNode(RuleBroken):
    """Refuse a role at a place or body of the wrong kind."""

    code = "access.wrong_node"
    text = N_("“%(role)s”不能设在“%(node)s”这一级。")


class RunsBackward(RuleBroken):
    """Refuse an end before the beginning."""

    code = "access.runs_backward"
    text = N_("截止日期早于开始日期。")


class ActingNeedsEnd(RuleBroken):
    """Refuse an acting holder without an end, or for longer than a year."""

    code = "access.acting_needs_end"
    text = N_("代理要写明截止日期，最长一年。")


class ActingForOneself(RuleBroken):
    """Refuse to let somebody act for themselves."""

    code = "access.acting_for_oneself"
    text = N_("不能代理自己。")


class ActingForActing(RuleBroken):
    """Refuse to let somebody act for an acting holder."""

    code = "access.acting_for_acting"
    text = N_("代理人不能再找人代理，请从原来的身份那里另找。")


class ActingBeyondGrant(RuleBroken):
    """Refuse an acting time that begins before or ends after the grant it hangs on."""

    code = "access.acting_beyond_grant"
    text = N_("代理的日期要在原来身份的起止日期以内。")


class AlreadyHeld(Conflict):
    """Say that the same role at the same node is held already in that time."""

    code = "access.already_held"
    text = N_("这段时间里，这位同志已经有这个身份了。")


class AlreadyOver(RuleBroken):
    """Refuse to end what has ended."""

    code = "access.already_over"
    text = N_("这个身份已经结束了。")


def givers_of(role: Role) -> tuple[Role, ...]:
    """Name the roles that may give `role`, the widest first."""
    return tuple(giver for giver, given in GIVES.items() if role in given)


def check_grant(
    role: Role,
    node_kind: str,
    valid_from: date,
    valid_to: date | None,
    *,
    node: str,
    role_name: str,
) -> None:
    """Refuse a grant at the wrong kind of node or one that runs backward."""
    if node_kind not in NODES[role]:
        raise WrongNode(role=role_name, node=node)
    if valid_to is not None and valid_to < valid_from:
        raise RunsBackward


def check_acting(
    valid_from: date, valid_to: date | None, *, of_from: date, of_to: date | None
) -> None:
    """Refuse an acting time that is open, backward, longer than a year or beyond its grant."""
    if valid_to is None or valid_to - valid_from > LONGEST_ACTING:
        raise ActingNeedsEnd
    if valid_to < valid_from:
        raise RunsBackward
    if valid_from < of_from or (of_to is not None and valid_to > of_to):
        raise ActingBeyondGrant
