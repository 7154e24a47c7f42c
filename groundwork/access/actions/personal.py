"""What is one's own: the calendar's secret address, remarks on the software, corrections."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from groundwork.access import policy
from groundwork.access.actions.notices import notify
from groundwork.access.models import Account, FeedKey, Grant, Remark
from groundwork.access.queries.actors import feed_digest
from groundwork.base import clock, trail
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import N_, Forbidden, RuleBroken
from groundwork.registry.models import Person


class NobodyToAsk(RuleBroken):
    """Say that the unit has no secretary or clerk in the system yet."""

    code = "access.nobody_to_ask"
    text = N_("您的单位还没有设书记或内勤，请联系市级管理员。")


@transaction.atomic
def issue_feed_key(*, by: Actor, at: datetime | None = None) -> str:
    """Make the own secret calendar address; the earlier one ends. The secret is known only now."""
    revoke_feed_key(by=by, at=at)
    assert by.account_id is not None
    secret = secrets.token_urlsafe(24)  # 192 bits: the address is the only key to the feed
    key = FeedKey.objects.create(
        account_id=by.account_id, digest=feed_digest(secret), created_at=at or clock.now()
    )
    trail.record(by, "issue", "feed_key", str(key.pk), at=at)
    return secret


@transaction.atomic
def revoke_feed_key(*, by: Actor, at: datetime | None = None) -> bool:
    """End the own calendar address; tell whether there was one. Raises Forbidden for nobody."""
    if by.account_id is None:
        raise Forbidden
    key = FeedKey.objects.filter(account_id=by.account_id, revoked_at=None).first()
    if key is None:
        return False
    key.revoked_at = at or clock.now()
    key.save(update_fields=["revoked_at"])
    trail.record(by, "revoke", "feed_key", str(key.pk), ["revoked_at"], at=at)
    return True


@transaction.atomic
def send_remark(*, page: str, text: str, by: Actor, at: datetime | None = None) -> Remark:
    """Keep what somebody says of the software. Raises Forbidden when nobody is signed in."""
    if by.account_id is None:
        raise Forbidden
    at = at or clock.now()
    remark = Remark.objects.create(
        account_id=by.account_id, page=page[:200], text=text, created_at=at
    )
    trail.record(by, "send_remark", "remark", remark.public_id, ["text"], at=at)
    return remark


@transaction.atomic
def answer_remark(remark: Remark, *, answer: str, by: Actor, at: datetime | None = None) -> None:
    """Answer a remark and tell who made it."""
    at = at or clock.now()
    remark = policy.remark_for(by, remark.public_id, "answer")
    remark.answer, remark.answered_at, remark.answered_by = answer, at, by.account_id
    remark.save(update_fields=["answer", "answered_at", "answered_by"])
    trail.record(by, "answer_remark", "remark", remark.public_id, ["answer"], at=at)
    if remark.account_id is not None:
        notify(
            [remark.account_id],
            kind="remark",
            key=f"remark:{remark.public_id}:{int(at.timestamp())}",
            text=N_("您对软件的意见有了答复"),
            url=reverse("access:remarks"),
            by=by,
            at=at,
        )


@transaction.atomic
def request_correction(*, text: str, by: Actor, at: datetime | None = None) -> int:
    """Ask the keepers of the own unit to correct what is kept; return how many were told."""
    at = at or clock.now()
    if by.person_id is None:
        raise Forbidden
    person = Person.objects.select_related("unit").get(pk=by.person_id)
    keepers = _keepers_of(person, at)
    if not keepers:
        raise NobodyToAsk
    trail.record(by, "request_correction", "person", person.public_id, at=at)
    return notify(
        keepers,
        kind="correction",
        key=f"correction:{person.public_id}:{int(at.timestamp())}",
        text=N_("%(name)s（%(number)s）请您更正资料：%(text)s"),
        params={"name": person.name, "number": person.work_number, "text": text},
        by=by,
        at=at,
    )


def _keepers_of(person: Person, at: datetime) -> list[Account]:
    """Find the nearest secretary and clerks above a person, the own one aside."""
    today = at.astimezone(clock.ZONE).date()
    path = person.unit.path
    above = [path[:end] for end in range(4, len(path) + 1, 4)]
    rows = (
        Grant.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today),
            valid_from__lte=today,
            role__in=(Role.UNIT_SECRETARY, Role.CLERK),
            body__path__in=above,
            account__is_active=True,
        )
        .exclude(account__person=person)
        .select_related("account", "body")
    )
    deepest = max((row.body.path for row in rows if row.body), default="")
    return [row.account for row in rows if row.body and row.body.path == deepest]


def record_own_export(*, by: Actor, at: datetime | None = None) -> None:
    """Leave in the trail that somebody took a copy of what is kept about them."""
    trail.record(by, "export", "own_data", str(by.account_id), at=at)
