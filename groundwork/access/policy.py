"""Who may see and give roles, issue slips, read the trail and answer remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.access.models import Account, Grant, Notice, Remark
from groundwork.access.rules.grants import GIVES, givers_of
from groundwork.base import clock
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.base.rows import sole
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.registry.models import Body, Person, Place

# Who keeps the accounts of their part of the tree: prints slips, gives roles.
KEEPERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, Role.UNIT_SECRETARY, Role.CLERK)
READERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, Role.AUDITOR)  # of the trail
OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)

AccountVerb = Literal["view", "issue_slip", "close"]


def _covers(by: Actor, roles: Iterable[Role], body: Body | None, place: Place | None) -> bool:
    """Tell whether one of the roles is held at the node or above it."""
    held = tuple(roles)
    if body is not None and covers(by.bodies(*held), body.path):
        return True
    where = place or (body.place if body is not None else None)
    return covers(by.places(*held), where.path if where else None)


def _people_under(by: Actor, roles: tuple[Role, ...], prefix: str) -> Q:
    return under(f"{prefix}unit__path", by.bodies(*roles)) | under(
        f"{prefix}unit__place__path", by.places(*roles)
    )


# ---- accounts -------------------------------------------------------------------------------
def visible_accounts(by: Actor) -> QuerySet[Account]:
    """Accounts of the people whose unit the actor keeps, and the own one."""
    accounts = Account.objects.select_related("person__unit__place")
    if by.system:
        return accounts
    own = Q(pk=by.account_id) if by.account_id is not None else NOWHERE
    enterprises = Q(
        pk__in=Grant.objects.filter(
            under("body__path", by.bodies(*OPERATORS))
            | under("body__place__path", by.places(*OPERATORS)),
            role=Role.ENTERPRISE,
        ).values("account")
    )
    return accounts.filter(own | _people_under(by, KEEPERS, "person__") | enterprises)


def kept_people(by: Actor) -> QuerySet[Person]:
    """People whose accounts the actor keeps; the merged and those who left need none."""
    people = Person.objects.filter(merged_into=None).exclude(status=Person.Status.LEFT)
    return people if by.system else people.filter(_people_under(by, KEEPERS, ""))


def kept_units(by: Actor) -> QuerySet[Body]:
    """Bodies whose people's accounts the actor keeps."""
    if by.system:
        return Body.objects.all()
    return Body.objects.filter(
        under("path", by.bodies(*KEEPERS)) | under("place__path", by.places(*KEEPERS))
    )


def keeps_accounts(by: Actor) -> bool:
    """Tell whether the actor keeps accounts at all: whether the page is in the menu."""
    return by.has(*KEEPERS)


def account_for(by: Actor, public_id: str, verb: AccountVerb, *, lock: bool = False) -> Account:
    """Fetch an account for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    accounts = visible_accounts(by)
    if lock:
        accounts = accounts.select_for_update(of=("self",))
    account = sole(accounts.filter(public_id=public_id))
    if account is None:
        raise NotFound
    if verb == "view" or by.system:
        return account
    if account.pk == by.account_id or not may_reset(by, [account.pk]):
        raise Forbidden
    return account


def may_reset(by: Actor, accounts: Iterable[int]) -> bool:
    """Tell whether the actor may give new keys to all these accounts."""
    return by.system != "" or not beyond(by, Q(account__in=list(accounts)))


def beyond(by: Actor, which: Q) -> set[int]:
    """Name the accounts among `which` that hold, or will hold, a role the actor could not give.

    A slip is a new key to everything the account may do: whoever could not give the role must not
    get it by printing a slip, ending with the own hand on the city operator's key.
    """
    if by.system:
        return set()
    held = Grant.objects.filter(
        which, Q(valid_to=None) | Q(valid_to__gte=clock.today())
    ).select_related("body__place", "place")
    return {
        row.account_id
        for row in held
        if not may_give(by, Role(row.role), body=row.body, place=row.place)
    }


# ---- grants ---------------------------------------------------------------------------------
def may_give(
    by: Actor, role: Role, *, body: Body | None = None, place: Place | None = None
) -> bool:
    """Tell whether the actor may give (and end) `role` at this node; the table is `GIVES`."""
    return bool(by.system) or _covers(by, givers_of(role), body, place)


def givable_roles(by: Actor) -> list[Role]:
    """List the roles the actor may give somewhere, in the order of the roles."""
    if by.system:
        return [role for role in Role if role is not Role.STAFF]
    given = {role for grant in by.grants for role in GIVES.get(grant.role, frozenset())}
    return [role for role in Role if role in given]


def check_give(by: Actor, role: Role, *, body: Body | None, place: Place | None) -> None:
    """Raise Forbidden unless the actor may give the role at this node."""
    if not may_give(by, role, body=body, place=place):
        raise Forbidden


def visible_grants(by: Actor) -> QuerySet[Grant]:
    """Grants held at or below the actor's nodes, and the own ones."""
    grants = Grant.objects.select_related("account__person__unit", "body__place", "place")
    if by.system:
        return grants
    own = Q(account=by.account_id) if by.account_id is not None else NOWHERE
    roles = (*KEEPERS, Role.AUDITOR, Role.COMMUNITY_SECRETARY)
    return grants.filter(
        own
        | under("body__path", by.bodies(*roles))
        | under("body__place__path", by.places(*roles))
        | under("place__path", by.places(*roles))
    )


def sees_grants(by: Actor) -> bool:
    """Tell whether the actor sees who holds what in a part of the tree."""
    return by.has(*KEEPERS, Role.AUDITOR, Role.COMMUNITY_SECRETARY)


def grant_for(
    by: Actor, public_id: str, verb: Literal["view", "end"], *, lock: bool = False
) -> Grant:
    """Fetch a grant for an act; to end one is allowed to whoever may give it."""
    grants = visible_grants(by)
    if lock:
        grants = grants.select_for_update(of=("self",))
    grant = sole(grants.filter(public_id=public_id))
    if grant is None:
        raise NotFound
    if verb == "end":
        check_give(by, Role(grant.role), body=grant.body, place=grant.place)
    return grant


# ---- notices, remarks, trail ------------------------------------------------------------------
def visible_notices(by: Actor) -> QuerySet[Notice]:
    """Everybody reads the own inbox and nobody another's."""
    return Notice.objects.filter(account=by.account_id) if by.account_id else Notice.objects.none()


def notice_for(by: Actor, public_id: str) -> Notice:
    """Fetch a notice of the own inbox. Raises NotFound."""
    notice = sole(visible_notices(by).filter(public_id=public_id))
    if notice is None:
        raise NotFound
    return notice


def visible_remarks(by: Actor) -> QuerySet[Remark]:
    """City operators see every remark on the software; everybody else the own ones."""
    remarks = Remark.objects.select_related("account__person__unit")
    if by.system or by.has(Role.CITY_OPERATOR):
        return remarks
    return remarks.filter(account=by.account_id) if by.account_id else remarks.none()


def remark_for(by: Actor, public_id: str, verb: Literal["view", "answer"]) -> Remark:
    """Fetch a remark; only a city operator answers."""
    remark = sole(visible_remarks(by).filter(public_id=public_id))
    if remark is None:
        raise NotFound
    if verb == "answer" and not by.has(Role.CITY_OPERATOR):
        raise Forbidden
    return remark


def answers_remarks(by: Actor) -> bool:
    """Tell whether the actor answers remarks on the software."""
    return by.has(Role.CITY_OPERATOR)


def reads_trail(by: Actor) -> bool:
    """Tell whether the actor reads the trail of a part of the tree."""
    return by.has(*READERS)


def visible_trail(by: Actor) -> QuerySet[TrailEntry]:
    """Rows written by accounts of the reader's part of the tree.

    What machines did belongs to the whole city: readers at a city's node see it too.
    Raises Forbidden for whoever reads no trail.
    """
    if by.system:
        return TrailEntry.objects.all()
    if not reads_trail(by):
        raise Forbidden
    tops = Place.objects.filter(depth=1, path__in=by.places(*READERS)).exists()
    if tops:
        return TrailEntry.objects.all()
    accounts = Account.objects.filter(_people_under(by, READERS, "person__")).values("pk")
    return TrailEntry.objects.filter(account_id__in=accounts)


def own_trail(by: Actor) -> QuerySet[TrailEntry]:
    """Rows the reader's own account wrote."""
    return (
        TrailEntry.objects.filter(account_id=by.account_id)
        if by.account_id
        else (TrailEntry.objects.none())
    )
