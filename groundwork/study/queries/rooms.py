"""Rooms: the code on the screen, a scan that arrives, the receipt for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db.models import Count, F, Q
from django.urls import reverse

from groundwork.base import clock, codes
from groundwork.base.actor import Actor
from groundwork.base.codes import Verdict
from groundwork.base.errors import NotFound
from groundwork.study.models import Evening, RollEntry, Room
from groundwork.study.queries.audience import expecting, home_of_actor, prefixes
from groundwork.study.queries.roll import OPEN, evenings_now, hours_of
from groundwork.study.rules import roll as rules

RECEIPT_SALT = "groundwork.study.receipt"
Check = Callable[[str, str, str, datetime], Verdict]


# ---- codes and receipts ---------------------------------------------------------------------
def purpose(room_id: str) -> str:
    """Name what a room's code is for; part of what is signed."""
    return f"sign-in:{room_id}"


@dataclass(frozen=True)
class Screen:
    """What the projector shows now."""

    room: Room
    address: str
    code: str
    here: int
    is_open: bool
    opens: datetime
    at: datetime


def screen(room: Room, at: datetime) -> Screen:
    """Give a room's code of now and how many signed in there (one statement)."""
    token = codes.token(room.secret, purpose(room.public_id), at)
    path = reverse("scan:room", args=[room.public_id, token])
    hours = hours_of(room.evening)
    return Screen(
        room=room,
        address=f"{settings.PUBLIC_URL}{path}",
        code=codes.short(room.secret, purpose(room.public_id), at),
        here=RollEntry.objects.filter(evening=room.evening_id, room=room, withdrawn=False).count(),
        is_open=hours.state in OPEN and rules.opens_at(hours.starts_at) <= at <= hours.ends_at,
        opens=rules.opens_at(hours.starts_at),
        at=at,
    )


def scanned_room(room_id: str, token: str, at: datetime) -> Room:
    """Judge a scan on arrival and give its room.

    Raises NotFound for no such room, ForgedCode, OtherEvening, StaleCode, or what
    `rules.check_sign_in` says of the hour.
    """
    room = Room.objects.select_related("evening", "body").filter(public_id=room_id).first()
    if room is None:
        raise NotFound
    verdict = codes.check_token(room.secret, purpose(room_id), token, at)
    if verdict is Verdict.FORGED:
        raise (
            rules.OtherEvening
            if _of_another(codes.check_token, token, at, room.pk)
            else rules.ForgedCode
        )
    rules.check_sign_in(hours_of(room.evening), at)
    if verdict is Verdict.STALE:
        raise rules.StaleCode
    return room


def _of_another(check: Check, presented: str, at: datetime, *not_these: int) -> bool:
    """Tell whether a code that failed is one of another room of the hour, to say so."""
    others = Room.objects.filter(evening__in=evenings_now(at)).exclude(pk__in=not_these)
    return any(
        check(secret, purpose(public_id), presented, at) is not Verdict.FORGED
        for public_id, secret in others.values_list("public_id", "secret")[:3000]
    )


def rooms_now(by: Actor, at: datetime) -> list[Room]:
    """List the rooms whose six digits the actor may type: the own bodies' and the hosts' halls."""
    home = home_of_actor(by)
    evenings = evenings_now(at).filter(pk__in=expecting(home))
    return list(
        Room.objects.filter(evening__in=evenings)
        .filter(Q(body__path__in=prefixes(home)) | Q(body=F("evening__host")))
        .select_related("evening", "body")
        .order_by("evening__starts_at", "id")
    )


def room_of_code(code: str, by: Actor, at: datetime) -> Room:
    """Find the room that shows these six digits. Raises OtherEvening or ForgedCode."""
    rooms = rooms_now(by, at)
    for room in rooms:
        if codes.check_short(room.secret, purpose(room.public_id), code, at) is Verdict.GOOD:
            return room
    mine = [room.pk for room in rooms]
    raise (
        rules.OtherEvening if _of_another(codes.check_short, code, at, *mine) else rules.ForgedCode
    )


def room(room_id: str) -> Room:
    """Give a room that a verified scan names. Raises NotFound once it is gone."""
    found = Room.objects.select_related("evening__host", "evening__topic", "body")
    try:
        return found.get(public_id=room_id)
    except Room.DoesNotExist:
        raise NotFound from None


@dataclass(frozen=True)
class Receipt:
    """A good scan, bound to the account in whose browser it was made."""

    room_id: str
    scanned_at: datetime


def receipt_for(room_id: str, scanned_at: datetime, by: Actor) -> str:
    """Sign a good scan for one account; the tap after it may arrive hours later."""
    return signing.dumps([room_id, by.account_id, scanned_at.timestamp()], salt=RECEIPT_SALT)


def read_receipt(presented: str, by: Actor) -> Receipt:
    """Read a receipt. Raises ForgedCode, or NotYourReceipt for another account's."""
    try:
        room_id, account_id, stamp = signing.loads(presented, salt=RECEIPT_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise rules.ForgedCode from None
    if account_id != by.account_id:
        raise rules.NotYourReceipt
    return Receipt(room_id, datetime.fromtimestamp(stamp, clock.ZONE))


def room_counts(evening: Evening) -> list[tuple[Room, int]]:
    """Count per room who signed in there."""
    rows = Room.objects.filter(evening=evening).order_by("id")
    rows = rows.select_related("evening__host__place", "body__place")
    numbers = dict(
        RollEntry.objects.filter(evening=evening, withdrawn=False, room__isnull=False)
        .values_list("room")
        .annotate(n=Count("id"))
    )
    return [(room, numbers.get(room.pk, 0)) for room in rows]
