"""Follow the directory: roles go to a successor, end with a leaver, and merge with the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from groundwork.access import policy
from groundwork.access.actions.accounts import close_with_person
from groundwork.access.actions.grants import end_all_grants, move_grants
from groundwork.access.models import Account
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.registry import signals
from groundwork.registry.models import Person


def _account_of(person: Person) -> Account | None:
    return Account.objects.filter(person=person).first()


@receiver(signals.handed_over)
def move_to_successor(
    sender: Any, *, person: Person, successor: Person, by: Actor, at: datetime, **more: Any
) -> None:
    """Move the roles that `by` could give to the successor, from that day on."""
    giver, taker = _account_of(person), _account_of(successor)
    if giver is not None and taker is not None:
        move_grants(giver=giver, taker=taker, by=by, since=at.astimezone(clock.ZONE).date(), at=at)


@receiver(signals.merged)
def merge_accounts(
    sender: Any, *, person: Person, into: Person, by: Actor, at: datetime, **more: Any
) -> None:
    """Close the duplicate's account; its roles go to the person that stays.

    It takes one account's keys and gives another its roles: raises Forbidden, which undoes the
    merge, unless the actor could close and reset both.
    """
    giver, taker = _account_of(person), _account_of(into)
    for account in (giver, taker):
        if account is not None:
            policy.account_for(by, account.public_id, "close")
    if giver is None:
        return
    since = at.astimezone(clock.ZONE).date()
    if taker is not None:
        move_grants(giver=giver, taker=taker, by=by, since=since, at=at)
    end_all_grants(giver, by=by, since=since, at=at)
    close_with_person(giver, by=by, at=at)


@receiver(signals.left)
def end_with_leaver(sender: Any, *, person: Person, by: Actor, at: datetime, **more: Any) -> None:
    """End the roles of whoever retires or moves away, whoever marks it; close who moved away."""
    account = _account_of(person)
    if account is None:
        return
    end_all_grants(account, by=by, since=at.astimezone(clock.ZONE).date(), at=at)
    if person.status == Person.Status.LEFT and account.is_active:
        close_with_person(account, by=by, at=at)


@receiver(user_logged_in)
def record_sign_in(sender: Any, request: HttpRequest, user: Account, **more: Any) -> None:
    """Leave in the trail that an account came in."""
    me = Actor(account_id=user.pk, person_id=user.person_id)
    trail.record(me, "sign_in", "account", user.public_id)
