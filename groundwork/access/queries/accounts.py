"""Accounts as their keepers see them, and the demo city's cast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from groundwork.access import policy
from groundwork.access.models import Account, Grant, Slip
from groundwork.access.queries.actors import grants_in_force, label_of
from groundwork.base import clock
from groundwork.base.actor import ROLE_NAMES, Actor, Role
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.text import tidy
from groundwork.registry.models import Body, Place


@dataclass(frozen=True)
class DemoCard:
    """One of the cast: whose card, as what they come in."""

    public_id: str
    name: str
    acts_as: str
    unit: str


def demo_cards() -> list[DemoCard]:
    """List the demo city's cast in the order of their roles, plain staff last."""
    accounts = list(
        Account.objects.filter(demo=True, is_active=True).select_related("person__unit")
    )
    order = {role.value: place for place, role in enumerate(Role)}
    rows = []
    for account in accounts:
        held = grants_in_force(account)
        unit = str(account.person.unit) if account.person else ""
        label = label_of(held[0]) if held else gettext(ROLE_NAMES[Role.STAFF])
        rank = order[held[0].role] if held else len(order)
        role = Role(held[0].role) if held else Role.STAFF
        name = str(account.person) if account.person else gettext(ROLE_NAMES[role])
        card = DemoCard(account.public_id, name, label, unit)
        rows.append((rank, account.username, card))
    return [card for _rank, _name, card in sorted(rows, key=lambda row: row[:2])]


def accounts_page(by: Actor, q: str = "", cursor: str = "") -> Listing[Account]:
    """Page through the accounts the actor keeps, by unit and name, with their living slip."""
    accounts = (
        policy.visible_accounts(by)
        .filter(person__isnull=False)
        .annotate(
            slip_until=Subquery(
                Slip.objects.filter(account=OuterRef("pk"), used_at=None, revoked_at=None).values(
                    "expires_at"
                )[:1]
            )
        )
    )
    for word in tidy(q).split():
        accounts = accounts.filter(
            Q(person__name__icontains=word)
            | Q(username__istartswith=word)
            | Q(person__initials__istartswith=word.lower())
            | Q(person__unit__name__icontains=word)
        )
    keys = ("person__unit__path", "person__sort_key", "id")
    return page_by_key(accounts, keys, cursor)


def units_kept(by: Actor) -> QuerySet[Body]:
    """List the bodies that slips may be printed for, in directory order."""
    kinds = (Body.Kind.UNIT, Body.Kind.PARTY, Body.Kind.PARK)
    return policy.kept_units(by).filter(kind__in=kinds, valid_to=None).order_by("path")[:300]


@dataclass(frozen=True)
class HeldGrant:
    """A grant as a line of a card."""

    public_id: str
    label: str
    since: date
    until: date | None
    acting_for: str
    holder: str
    account_id: str
    may_end: bool


def line_of(row: Grant, by: Actor) -> HeldGrant:
    """Make a line of a card from a grant."""
    return HeldGrant(
        public_id=row.public_id,
        label=label_of(row),
        since=row.valid_from,
        until=row.valid_to,
        acting_for=str(row.acting_for.person or row.acting_for) if row.acting_for else "",
        holder=str(row.account.person or row.account),
        account_id=row.account.public_id,
        may_end=policy.may_give(by, Role(row.role), body=row.body, place=row.place),
    )


def grants_of(account: Account, by: Actor) -> list[HeldGrant]:
    """List the grants of an account that run or will run, the earliest first."""
    rows = (
        account.grants.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
        .select_related("account__person", "body__place", "place", "acting_for__person")
        .order_by("valid_from", "id")
    )
    return [line_of(row, by) for row in rows]


def grants_page(by: Actor, cursor: str = "") -> tuple[list[HeldGrant], str]:
    """Page through the grants in force in the actor's part of the tree, by role."""
    rows: QuerySet[Grant] = (
        policy.visible_grants(by)
        .filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
        .select_related("account__person", "body__place", "place", "acting_for__person")
    )
    page = page_by_key(rows, ("role", "id"), cursor)
    return [line_of(row, by) for row in page.rows], page.next


@dataclass(frozen=True)
class LastSlip:
    """The state of an account's last slip."""

    issued_at: datetime
    state: str  # living | used | revoked | expired
    expires_at: datetime


def last_slip(account: Account, at: datetime | None = None) -> LastSlip | None:
    """Tell what became of the account's last slip."""
    slip = account.slips.order_by("-id").first()
    if slip is None:
        return None
    state = "living"
    if slip.used_at is not None:
        state = "used"
    elif slip.revoked_at is not None:
        state = "revoked"
    elif (at or clock.now()) >= slip.expires_at:
        state = "expired"
    return LastSlip(slip.issued_at, state, slip.expires_at)


@dataclass(frozen=True)
class Node:
    """A body or place to hold a role at; the id says which of the two."""

    id: str
    label: str
    sub: str


def find_nodes(by: Actor, text: str, limit: int = 20) -> list[Node]:
    """Find bodies and places of a name, for giving roles."""
    text = tidy(text)
    if not text:
        return []
    named = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code=text)
    bodies = Body.objects.filter(named, valid_to=None).order_by("path")[:limit]
    places = Place.objects.filter(Q(name__icontains=text) | Q(code=text), valid_to=None).order_by(
        "path"
    )[:limit]
    found = [Node(f"b-{body.public_id}", str(body), body.get_kind_display()) for body in bodies]
    found += [
        Node(f"p-{place.public_id}", str(place), place.get_level_display()) for place in places
    ]
    return found[:limit]


def node(chosen: str) -> tuple[Body | None, Place | None]:
    """Fetch the body or place chosen by `find_nodes`."""
    kind, _dash, public_id = chosen.partition("-")
    if kind == "b":
        return Body.objects.select_related("place").filter(public_id=public_id).first(), None
    return None, Place.objects.filter(public_id=public_id).first()


def find_accounts(by: Actor, text: str, limit: int = 20) -> list[Node]:
    """Find accounts of the actor's part of the tree by name or number."""
    return [
        Node(account.public_id, str(account.person), f"{account.username} · {account.person.unit}")
        for account in accounts_page(by, text).rows[:limit]
        if account.person is not None
    ]
