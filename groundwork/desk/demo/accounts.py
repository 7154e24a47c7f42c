"""Give the demo city its accounts, roles and cards to sign in with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from groundwork.access.actions import grant_role, open_accounts
from groundwork.access.models import Account
from groundwork.base.actor import Actor, Role
from groundwork.desk.demo.cast import CAST, ENTERPRISE
from groundwork.desk.demo.roster import Someone
from groundwork.registry.models import Body, Person, Place


def write_accounts(
    rows: Sequence[Someone],
    people: Sequence[Person],
    bodies: dict[str, Body],
    places: dict[str, Place],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Open everybody's account, appoint the cast and a secretary in every department.

    No password fits any of these accounts: the cast comes in by its cards, others by slips.
    """
    open_accounts(Person.objects.filter(demo=True), by=by, at=at)
    account_of = {a.person_id: a for a in Account.objects.filter(person__demo=True)}
    since = at.date()
    secretaries: set[str] = set()
    by_key = {row.key: person for row, person in zip(rows, people, strict=True) if row.key}
    unit_of = {row.key: row.unit for row in rows if row.key}
    for part in CAST:
        account = account_of[by_key[part.key].pk]
        if part.role is Role.UNIT_SECRETARY:
            secretaries.add(unit_of[part.key])
        if part.role is not None:
            _appoint(account, part.role, part.at, unit_of[part.key], bodies, places, since, by, at)
    _show_cards([account_of[person.pk] for person in by_key.values()])
    _open_enterprise(bodies, since, by, at)
    for row, person in zip(rows, people, strict=True):
        fit = row.party_member and row.status == "on_roll" and not row.key
        if fit and row.unit not in secretaries:
            secretaries.add(row.unit)
            grant_role(
                account_of[person.pk],
                role=Role.UNIT_SECRETARY,
                body=bodies[row.unit],
                valid_from=since,
                by=by,
                at=at,
            )


def _appoint(
    account: Account,
    role: Role,
    where: str,
    unit: str,
    bodies: dict[str, Body],
    places: dict[str, Place],
    since: date,
    by: Actor,
    at: datetime,
) -> None:
    body = {"unit": bodies[unit], "branch": bodies[f"{unit}-Z1"]}.get(where)
    place = None if body else places[where]
    grant_role(account, role=role, body=body, place=place, valid_from=since, by=by, at=at)


def _show_cards(accounts: Sequence[Account]) -> None:
    """Mark the accounts that the demo's sign-in page offers."""
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(demo=True)


def _open_enterprise(bodies: dict[str, Body], since: date, by: Actor, at: datetime) -> None:
    """Open the account of one enterprise: nobody's personal one."""
    account = Account.objects.create(
        username=ENTERPRISE,
        password="!",  # noqa: S106 - no password fits it
        created_at=at,
        demo=True,
    )
    body = next(body for body in bodies.values() if body.kind == Body.Kind.ENTERPRISE)
    grant_role(account, role=Role.ENTERPRISE, body=body, valid_from=since, by=by, at=at)
