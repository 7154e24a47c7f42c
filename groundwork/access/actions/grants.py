"""Give roles, end them, let somebody act for somebody, choose as what to act."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from groundwork.access import policy
from groundwork.access.models import Account, Grant
from groundwork.access.queries.actors import AS_STAFF
from groundwork.access.rules import grants as rules
from groundwork.base import changes, clock, trail
from groundwork.base.actor import ROLE_NAMES, Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.registry.models import Body, Place


@transaction.atomic
def grant_role(
    account: Account,
    *,
    role: Role,
    body: Body | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Grant:
    """Give a role at a body or a place, from a day (today) to a last day or without end."""
    at = at or clock.now()
    policy.check_give(by, role, body=body, place=place)
    row = Grant(
        account=account,
        role=role,
        body=body,
        place=place,
        valid_from=valid_from or clock.today(),
        valid_to=valid_to,
        granted_by=by.account_id,
    )
    return _write(row, by=by, at=at)


@transaction.atomic
def appoint_acting(
    grant: Grant,
    *,
    account: Account,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    at: datetime | None = None,
) -> Grant:
    """Let `account` hold a grant in its holder's place, until a day; the holder keeps it.

    It hangs on the holder's grant: within its days, and it ends when that one ends.
    """
    at = at or clock.now()
    grant = policy.grant_for(by, grant.public_id, "end", lock=True)
    if grant.acting_for_id is not None:
        raise rules.ActingForActing
    _check_not_over(grant, at)
    rules.check_acting(valid_from, valid_to, of_from=grant.valid_from, of_to=grant.valid_to)
    if account.pk == grant.account_id:
        raise rules.ActingForOneself
    row = Grant(
        account=account,
        role=grant.role,
        body=grant.body,
        place=grant.place,
        valid_from=valid_from,
        valid_to=valid_to,
        acting_for=grant.account,
        granted_by=by.account_id,
    )
    return _write(row, by=by, at=at)


def _write(row: Grant, *, by: Actor, at: datetime) -> Grant:
    node = row.body or row.place
    if node is None:
        raise NotFound
    rules.check_grant(
        Role(row.role),
        row.body.kind if row.body else row.place.level if row.place else "",
        row.valid_from,
        row.valid_to,
        node=str(node),
        role_name=gettext(ROLE_NAMES[Role(row.role)]),
    )
    # One at a time per account, so that two hands do not give the same role twice.
    Account.objects.select_for_update(of=("self",)).get(pk=row.account_id)
    overlapping = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=row.valid_from),
        account=row.account_id,
        role=row.role,
        body=row.body,
        place=row.place,
        acting_for=row.acting_for,
    )
    if row.valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=row.valid_to)
    if overlapping.exists():
        raise rules.AlreadyHeld
    row.save()
    verb = "appoint_acting" if row.acting_for_id else "grant_role"
    trail.record(by, verb, "grant", row.public_id, ["account", "role", "valid_from"], at=at)
    changes.record("grant", row.public_id, after=_dimensions(row), at=at)
    return row


def _dimensions(row: Grant) -> dict[str, str | int | None]:
    return {
        "role": str(row.role),
        "body": row.body_id,
        "place": row.place_id,
        "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat() if row.valid_to else None,
    }


@transaction.atomic
def end_grant(grant: Grant, *, by: Actor, at: datetime | None = None) -> None:
    """End a grant now: the next request no longer has it. One not yet begun is taken back."""
    at = at or clock.now()
    grant = policy.grant_for(by, grant.public_id, "end", lock=True)
    _check_not_over(grant, at)
    _end_on(grant, at.astimezone(clock.ZONE).date(), by=by, at=at)


def _check_not_over(grant: Grant, at: datetime) -> None:
    if grant.valid_to is not None and grant.valid_to < at.astimezone(clock.ZONE).date():
        raise rules.AlreadyOver


def end_all_grants(account: Account, *, by: Actor, since: date, at: datetime) -> int:
    """End every grant of an account from a day on; return how many (policy: registry let go).

    Whoever may mark that a person leaves takes the roles away with it: to give a role needs the
    right to give it, a person who is gone needs none.
    """
    rows = list(_held(account, since))
    for row in rows:
        _end_on(row, since, by=by, at=at)
    return len(rows)


def _held(account: Account, since: date) -> QuerySet[Grant]:
    """Grants that run on a day or will run after it, locked."""
    return (
        Grant.objects.select_for_update(of=("self",))
        .filter(Q(valid_to=None) | Q(valid_to__gte=since), account=account)
        .select_related("body__place", "place")
    )


def move_grants(*, giver: Account, taker: Account, by: Actor, since: date, at: datetime) -> int:
    """Move the grants in force of one account to another from a day on; return how many.

    Only what `by` could give is moved: handing over an office must not hand over more than that.
    Who acted for the giver acts no longer; the new holder appoints anew.
    """
    moved = 0
    for row in _held(giver, since):
        if not policy.may_give(by, Role(row.role), body=row.body, place=row.place):
            continue
        heir = Grant(
            account=taker,
            role=row.role,
            body=row.body,
            place=row.place,
            valid_from=max(since, row.valid_from),
            valid_to=row.valid_to,
            acting_for=row.acting_for,
            granted_by=by.account_id,
        )
        _end_on(row, since, by=by, at=at)
        if heir.acting_for_id != taker.pk and not _holds(taker, heir):
            _write(heir, by=by, at=at)
        moved += 1
    return moved


def _holds(account: Account, heir: Grant) -> bool:
    return Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=heir.valid_from),
        account=account,
        role=heir.role,
        body=heir.body,
        place=heir.place,
        acting_for=heir.acting_for,
    ).exists()


def _end_on(row: Grant, day: date, *, by: Actor, at: datetime) -> None:
    """Let a grant, and those who act in it, hold for the last time on the day before `day`."""
    for acting in _acting_in(row, day):
        _end_on(acting, day, by=by, at=at)
    before, grant_id = _dimensions(row), row.public_id
    after = None
    if row.valid_from >= day:
        row.delete()  # it never covered a whole day: what remains of it is in the trail
    else:
        row.valid_to = day - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        after = _dimensions(row)
    trail.record(by, "end_grant", "grant", grant_id, ["valid_to"], at=at)
    changes.record("grant", grant_id, before=before, after=after, at=at)


def _acting_in(row: Grant, day: date) -> list[Grant]:
    """List the acting grants hung on a grant that run on a day or later; none on an acting one."""
    if row.acting_for_id is not None:
        return []
    return list(
        Grant.objects.select_for_update(of=("self",)).filter(
            valid_from__gte=row.valid_from,
            valid_to__gte=day,
            acting_for=row.account_id,
            role=row.role,
            body=row.body_id,
            place=row.place_id,
        )
    )


def act_as(account_id: int, *, chosen: str, by: Actor) -> str:
    """Keep as what the next session of an account begins; return the value for this session.

    `chosen` is the public id of a grant in force, or AS_STAFF. Raises NotFound for another's.
    """
    if account_id != by.account_id:
        raise Forbidden
    if chosen != AS_STAFF:
        today = clock.today()
        held = Grant.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today),
            account=account_id,
            public_id=chosen,
            valid_from__lte=today,
        )
        if not held.exists():
            raise NotFound
    Account.objects.filter(pk=account_id).update(acts_as=chosen)
    return chosen
