"""The personal calendar feed: the evenings and shifts that expect one person, as iCalendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from groundwork.access.models import FeedKey
from groundwork.access.queries import actor_of_feed
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.duty.queries.calendar import Entry, entries
from groundwork.study.models import Evening, Room
from groundwork.study.queries.audience import TOLD, expecting, home_of_actor, prefixes

LOOKS_BACK = timedelta(days=90)  # older evenings are in the learning record
POLL_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Feed:
    """A calendar as text, and the mark by which a client knows that it has it already."""

    text: bytes

    @property
    def etag(self) -> str:
        """Give the mark of this very text."""
        return f'"{hashlib.sha256(self.text).hexdigest()[:32]}"'


def feed_key(by: Actor) -> FeedKey | None:
    """Find the key in force of the actor's own feed."""
    return FeedKey.objects.filter(account=by.account_id, revoked_at=None).first()


def feed(secret: str, *, at: datetime) -> Feed:
    """Give the calendar behind a secret address. Raises NotFound for an unknown or ended one."""
    by = actor_of_feed(secret)
    if by is None:
        raise NotFound
    home = home_of_actor(by)
    evenings = list(
        expecting(home)
        .filter(
            Q(state__in=TOLD) | Q(state=Evening.State.CANCELLED, published_at__isnull=False),
            starts_at__gte=at - LOOKS_BACK,
        )
        .select_related("host", "topic")
        .order_by("starts_at", "id")
    )
    with translation.override(by.locale):
        events = _evenings(evenings, _places(evenings, prefixes(home)))
        return Feed(_calendar([*events, *(_shift(entry) for entry in entries(by, at))]))


def _places(evenings: Iterable[Evening], above: set[str]) -> dict[int, str]:
    """Name the room of each evening: that of the nearest body."""
    rooms = Room.objects.filter(
        evening__in=[evening.pk for evening in evenings], body__path__in=above
    ).select_related("body")
    nearest: dict[int, Room] = {}
    for room in sorted(rooms, key=lambda room: (-len(room.body.path), room.pk)):
        nearest.setdefault(room.evening_id, room)
    return {pk: f"{room.body} {room.name}" for pk, room in nearest.items()}


def _evenings(evenings: Iterable[Evening], places: Mapping[int, str]) -> list[Event]:
    return [_event(evening, places.get(evening.pk, "")) for evening in evenings]


def _calendar(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Groundwork//Tuesday night//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _("周二夜学"))
    calendar.add("x-wr-timezone", str(clock.ZONE))
    calendar.add("refresh-interval", vDuration(POLL_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(POLL_EVERY))
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _event(evening: Evening, place: str) -> Event:
    cancelled = evening.state == Evening.State.CANCELLED
    url = settings.PUBLIC_URL.rstrip("/") + reverse("study:evening", args=[evening.public_id])
    event = Event()
    # The same UID and a growing SEQUENCE: a moved evening moves in the reader's calendar.
    event.add("uid", f"{evening.public_id}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", evening.sequence)
    event.add("dtstamp", evening.changed_at)
    event.add("last-modified", evening.changed_at)
    event.add("dtstart", evening.starts_at.astimezone(clock.ZONE))
    event.add("dtend", evening.ends_at.astimezone(clock.ZONE))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("summary", _("已取消：%(title)s") % {"title": evening} if cancelled else str(evening))
    event.add("description", "\n".join(_words(evening, url)))
    event.add("url", url)
    if place:
        event.add("location", place)
    return event


def _shift(entry: Entry) -> Event:
    """Make a shift's event; one that was given back or called off is cancelled."""
    url = settings.PUBLIC_URL.rstrip("/") + entry.url
    title = _("已取消：%(title)s") % {"title": entry.title} if entry.cancelled else entry.title
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(clock.ZONE))
    event.add("dtend", entry.ends_at.astimezone(clock.ZONE))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("summary", title)
    event.add("description", "\n".join((*entry.words, url)))
    event.add("url", url)
    event.add("location", entry.place)
    return event


def _words(evening: Evening, url: str) -> Iterable[str]:
    yield " · ".join(
        str(part) for part in (evening.get_theme_display(), evening.topic, evening.host) if part
    )
    if evening.change_reason:
        yield evening.change_reason
    elif evening.moved_from:
        yield _("原定 %(when)s") % {
            "when": f"{evening.moved_from.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
        }
    if evening.broadcast:
        hall = reverse("study:hall", args=[evening.public_id])
        yield _("在线收看：%(url)s") % {"url": settings.PUBLIC_URL.rstrip("/") + hall}
    yield url
