"""Open and close accounts; the way back in after a merge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from groundwork.access import policy
from groundwork.access.models import Account, Slip
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict, Forbidden, NotFound, RuleBroken
from groundwork.registry.models import Person


class NumberTaken(Conflict):
    """Say that another account already answers to a work number."""

    code = "access.number_taken"
    text = N_("工号 %(number)s 已被别的账号占用，请找市级管理员。")


class PersonGone(RuleBroken):
    """Refuse to open the account of an entry that is merged away or has left."""

    code = "access.person_gone"
    text = N_("这条登记已并入别的登记，或者本人已调离，账号不能再启用；先在名册里恢复在册。")


@transaction.atomic
def open_accounts(people: QuerySet[Person], *, by: Actor, at: datetime | None = None) -> int:
    """Open accounts for those of `people` who have none; return how many.

    Raises Forbidden when somebody is outside the actor's part of the tree.
    """
    at = at or clock.now()
    if not by.system and people.exclude(pk__in=policy.kept_people(by).values("pk")).exists():
        raise Forbidden
    without = list(people.filter(account=None).values_list("pk", "work_number"))
    taken = _taken(number for _pk, number in without)
    if taken:
        raise NumberTaken(number=sorted(taken)[0])
    # "!" and nothing else: no password fits it, and hashing 28,000 random ones would take minutes.
    Account.objects.bulk_create(
        [
            Account(username=number, person_id=pk, created_at=at, password="!")  # noqa: S106
            for pk, number in without
        ],
        batch_size=1000,
    )
    if without:
        trail.record(by, "open_accounts", "account", str(len(without)), ["person"], at=at)
    return len(without)


def _taken(numbers: Iterable[str]) -> set[str]:
    wanted = list(numbers)
    return {
        name
        for start in range(0, len(wanted), 900)
        for name in Account.objects.filter(username__in=wanted[start : start + 900]).values_list(
            "username", flat=True
        )
    }


@transaction.atomic
def close_account(account: Account, *, by: Actor, at: datetime | None = None) -> None:
    """Let an account in no more: at once, in every session, slips included."""
    at = at or clock.now()
    account = policy.account_for(by, account.public_id, "close", lock=True)
    _close(account, at)
    trail.record(by, "close_account", "account", account.public_id, ["is_active"], at=at)


@transaction.atomic
def reopen_account(account: Account, *, by: Actor, at: datetime | None = None) -> None:
    """Let a closed account in again; whoever lost the keys gets a new slip.

    Raises PersonGone while the entry behind it is merged away or has left.
    """
    at = at or clock.now()
    account = policy.account_for(by, account.public_id, "close", lock=True)
    if account.person_gone:
        raise PersonGone
    account.is_active = True
    account.save(update_fields=["is_active"])
    trail.record(by, "reopen_account", "account", account.public_id, ["is_active"], at=at)


def _close(account: Account, at: datetime) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    Slip.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=at)


def close_with_person(account: Account, *, by: Actor, at: datetime) -> None:
    """Close the account of a person merged away or gone (policy: registry decided that)."""
    _close(account, at)
    trail.record(by, "close_account", "account", account.public_id, ["is_active"], at=at)


def void_keys(account: Account) -> None:
    """Take every key from an account: password, passkeys, codes, and with them all sessions."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
    Authenticator.objects.filter(user=account).delete()


def set_locale(account_id: int, *, locale: str, by: Actor) -> None:
    """Keep the language in which the account is written to."""
    if account_id != by.account_id:
        raise Forbidden
    if locale in dict(settings.LANGUAGES):
        Account.objects.filter(pk=account_id).update(locale=locale)


def sign_in_demo(public_id: str, *, by: Actor, at: datetime | None = None) -> Account:
    """Give one of the demo city's cast to sign in as. Raises NotFound outside the demo city."""
    if not settings.DEMO:
        raise NotFound
    account = Account.objects.filter(public_id=public_id, demo=True, is_active=True).first()
    if account is None:
        raise NotFound
    trail.record(by, "sign_in_demo", "account", account.public_id, at=at)
    return account
