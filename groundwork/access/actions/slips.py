"""One-time slips: issue them by the thousand, let one in once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from groundwork.access import policy
from groundwork.access.actions.accounts import open_accounts, void_keys
from groundwork.access.models import Account, Slip
from groundwork.access.rules import slips as rules
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.text import tight
from groundwork.registry.models import Body, Person

PART = 5000  # parameters of one statement; SQLite takes 32,766


@dataclass(frozen=True)
class IssuedSlip:
    """One slip as it is printed: the only time the code is known. Never logged."""

    unit: str
    name: str
    number: str
    code: str = field(repr=False)
    expires_at: datetime
    account_id: int


def digest_of(code: str) -> str:
    """Digest a code with the server's key: a stolen database cannot be searched for 50 bits."""
    return salted_hmac("groundwork.access.slip", code, algorithm="sha256").hexdigest()


def draw_code() -> str:
    """Draw a code of 50 random bits."""
    return "".join(secrets.choice(rules.SIGNS) for _ in range(rules.LENGTH))


@transaction.atomic
def issue_slips(
    people: QuerySet[Person] | Sequence[Body],
    *,
    by: Actor,
    at: datetime | None = None,
    only_new: bool = False,
) -> list[IssuedSlip]:
    """Issue a slip to each of `people`, or to the people of bodies; earlier ones are revoked.

    Accounts are opened in the same act. Skipped are people whose account holds a role the actor
    could not give, and the actor's own account. `only_new`: only those who never came in.
    Raises Forbidden outside the actor's part of the tree.
    """
    at = at or clock.now()
    wanted = _people_of(people) if not isinstance(people, QuerySet) else people
    wanted = wanted.filter(merged_into=None).exclude(status=Person.Status.LEFT)
    open_accounts(wanted, by=by, at=at)
    rows = [row for part in _parts(wanted) for row in _lock(part, by=by, only_new=only_new)]
    rows.sort(key=_place_in_print)
    for start in range(0, len(rows), PART):
        pks = [row.pk for row in rows[start : start + PART]]
        Slip.objects.filter(account__in=pks, used_at=None, revoked_at=None).update(revoked_at=at)
    issued = [_issue(account, at) for account in rows]
    _write(issued, by=by, at=at)
    _note(rows, by, at)
    return issued


def _parts(people: QuerySet[Person]) -> Iterator[list[int]]:
    """Cut people into lists of primary keys.

    Lists and not a subquery: PostgreSQL has no statistics yet of people written a moment ago, and
    once took a quarter of an hour over a nested loop of a thousand.
    """
    pks = list(people.values_list("pk", flat=True))
    for start in range(0, len(pks), PART):
        yield pks[start : start + PART]


def _lock(people: list[int], *, by: Actor, only_new: bool) -> list[Account]:
    """Lock the open accounts of people to which the actor may give a new key."""
    accounts = Account.objects.filter(person__in=people, is_active=True)
    if only_new:
        accounts = accounts.filter(last_login=None)
    found = list(accounts.select_for_update(of=("self",)).select_related("person__unit"))
    out = policy.beyond(by, Q(account__in=[row.pk for row in found])) | {by.account_id}
    return [row for row in found if row.pk not in out]


def _place_in_print(account: Account) -> tuple[str, str, int]:
    assert account.person is not None
    return account.person.unit.path, account.person.sort_key, account.pk


def _write(issued: list[IssuedSlip], *, by: Actor, at: datetime) -> None:
    Slip.objects.bulk_create(
        [
            Slip(
                account_id=slip.account_id,
                digest=digest_of(slip.code),
                issued_at=at,
                issued_by=by.account_id,
                expires_at=slip.expires_at,
            )
            for slip in issued
        ],
        batch_size=1000,
    )


def _people_of(bodies: Sequence[Body]) -> QuerySet[Person]:
    condition = Q(pk__in=())
    for body in bodies:
        condition |= Q(unit__path__startswith=body.path) | Q(office__path__startswith=body.path)
    return Person.objects.filter(condition)


def _issue(account: Account, at: datetime) -> IssuedSlip:
    assert account.person is not None
    return IssuedSlip(
        unit=str(account.person.unit),
        name=account.person.name,
        number=account.username,
        code=draw_code(),
        expires_at=at + rules.LIFE,
        account_id=account.pk,
    )


def _note(rows: list[Account], by: Actor, at: datetime) -> None:
    """Record one row for a single slip, one per unit for many."""
    if len(rows) == 1:
        trail.record(by, "issue_slip", "account", rows[0].public_id, ["slip"], at=at)
        return
    units = {a.person.unit_id: a.person.unit.public_id for a in rows if a.person is not None}
    for public_id in units.values():
        trail.record(by, "issue_slips", "body", public_id, ["slip"], at=at)


@transaction.atomic
def issue_slip(account: Account, *, by: Actor, at: datetime | None = None) -> IssuedSlip:
    """Issue one account a new slip in place of the last; this is what resets a lost password."""
    account = policy.account_for(by, account.public_id, "issue_slip")
    if account.person_id is None:
        raise NotFound
    issued = issue_slips(Person.objects.filter(pk=account.person_id), by=by, at=at)
    if not issued:
        raise Forbidden
    return issued[0]


@transaction.atomic
def use_slip(number: str, code: str, *, at: datetime | None = None) -> Account:
    """Let one account in by its slip, once; every older key of the account ends with it.

    The slip replaces what was lost: password, passkeys, codes and open sessions are void, so
    nobody keeps a way in that the owner no longer knows of. Raises SlipWrong, SlipUsed,
    SlipRevoked, SlipExpired; of two at once one wins.
    """
    at = at or clock.now()
    bare = rules.read_code(code)
    slip = (
        Slip.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(digest=digest_of(bare), account__username__iexact=tight(number))
        .first()
        if bare
        else None
    )
    if slip is None or not slip.account.is_active:
        raise rules.SlipWrong
    rules.check_slip(
        used_at=slip.used_at, revoked_at=slip.revoked_at, expires_at=slip.expires_at, at=at
    )
    # The condition again in the write: the row lock is PostgreSQL's, this holds everywhere.
    if not Slip.objects.filter(pk=slip.pk, used_at=None, revoked_at=None).update(used_at=at):
        raise rules.SlipUsed
    void_keys(slip.account)
    me = Actor(account_id=slip.account_id, person_id=slip.account.person_id)
    trail.record(me, "use_slip", "account", slip.account.public_id, ["slip", "password"], at=at)
    return slip.account
