"""Builders for the tests of rooms, rolls and records."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base import codes
from groundwork.base.clock import ZONE
from groundwork.study.models import Evening, RollEntry, RollSheet, Room, Source
from groundwork.study.queries import rooms
from groundwork.study.tests.make import CITY, an_evening

STARTS = datetime(2026, 11, 24, 18, 15, tzinfo=ZONE)
TONIGHT = STARTS + timedelta(minutes=5)  # the cast's moment
ENDS = STARTS + timedelta(minutes=95)
AFTER = ENDS + timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


def tonight(cast, host="party", *audience: str, **changes) -> Evening:
    """Publish an evening of tonight with one room, for the host's part of the tree."""
    bodies = [cast.bodies[name] for name in audience]
    hall = changes.pop("hall", host)
    changes.setdefault("rooms", ((cast.bodies[hall], "一号厅", 1000),))
    changes.setdefault("starts_at", STARTS)
    return an_evening(cast.bodies[host], *bodies, by=CITY, **changes)


def the_room(evening: Evening) -> Room:
    """Give the only room of an evening."""
    return Room.objects.select_related("evening").get(evening=evening)


def token(room: Room, at: datetime) -> str:
    """Give what the room's QR says at a moment."""
    return codes.token(room.secret, rooms.purpose(room.public_id), at)


def digits(room: Room, at: datetime) -> str:
    """Give the six digits below the QR."""
    return codes.short(room.secret, rooms.purpose(room.public_id), at)


def the_sheet(cast, evening: Evening, body: str = "unit") -> RollSheet:
    """Give a unit's sheet of an evening."""
    return RollSheet.objects.get(evening=evening, body=cast.bodies[body])


def entry(cast, evening: Evening, who: str = "staff") -> RollEntry:
    """Give somebody's entry on the roll."""
    return RollEntry.objects.get(evening=evening, person=cast.people[who])


def on_roll(cast, evening: Evening, who: str = "staff") -> bool:
    """Tell whether somebody has an entry that counts."""
    entries = RollEntry.objects.filter(evening=evening, person=cast.people[who])
    return entries.filter(withdrawn=False).exists()


def signed_in(cast, evening: Evening, *who: str, at: datetime = TONIGHT) -> None:
    """Let people sign in with the room's QR."""
    from groundwork.study.actions.roll import sign_in

    room = the_room(evening)
    for name in who:
        sign_in(room.public_id, scanned_at=at, source=Source.QR, by=cast.actor(name), at=at)
