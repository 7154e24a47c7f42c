"""Raise a matter, whatever the door; join one that stands already."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from groundwork.base import changes, clock, ids, search, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.models import Attachment
from groundwork.matters.actions import steps
from groundwork.matters.models import Category, Kind, Matter, MatterFile, Raiser, Urgency
from groundwork.matters.policy.matter import secret_digest
from groundwork.matters.queries.terms import days_in_force
from groundwork.matters.rules import deadlines, words
from groundwork.registry.models import Body, Person, Place, Priority


@dataclass(frozen=True)
class Telling:
    """What is said, where and through which door."""

    words: str
    category: Category
    place: Place
    door: str
    kind: str = Kind.HELP
    urgency: str = Urgency.NORMAL
    title: str = ""
    source: tuple[str, str] = ("", "")  # kind and public id of what it came out of
    priority: Priority | None = None
    concerns: Body | None = None
    withheld_until: datetime | None = None
    files: tuple[Attachment, ...] = ()
    client_key: str = ""


@dataclass(frozen=True)
class Teller:
    """Who says it; everything may be left out."""

    name: str = ""
    phone: str = ""
    email: str = ""
    person: Person | None = None
    body: Body | None = None
    account_id: int | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the raiser takes along: the matter with its number, and the secret of the link.

    `secret` is "" where the same tap came a second time: it was shown the first time.
    """

    matter: Matter
    secret: str = field(repr=False)


@transaction.atomic
def raise_matter(
    telling: Telling, teller: Teller, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Write a matter into the ledger. A `client_key` known already gives the first one again."""
    at = at or clock.now()
    if telling.client_key:
        same = Matter.objects.filter(client_key=telling.client_key).first()
        if same is not None:
            return Receipt(same, "")
    matter = matter_of(telling, teller, at)
    matter.save(force_insert=True)
    secret = add_raiser(matter, teller, first=True, at=at)
    MatterFile.objects.bulk_create(
        MatterFile(matter=matter, attachment=file, from_raiser=True, added_at=at)
        for file in telling.files
    )
    # The account of who raises is the raiser's own business: it stands with the raiser alone.
    trail.record(steps.BY_RAISER, "raise", steps.KIND, matter.public_id, at=at)
    steps.append(matter, "raise", by=steps.BY_RAISER, at=at, audience=steps.Audience.PUBLIC)
    changes.record(steps.KIND, matter.public_id, after=steps.dimensions(matter), at=at)
    search.index(steps.KIND, matter.pk, [matter.title, matter.text, telling.category.name])
    return Receipt(matter, secret)


def matter_of(telling: Telling, teller: Teller, at: datetime) -> Matter:
    """Make the row of a fresh matter with its first deadline."""
    text = words.masked(telling.words.strip())
    township, district = above(telling.place)
    days = days_in_force(telling.category, telling.urgency, clock.day_of(at))
    accept_by = deadlines.due(calendar(), at, days.accept)
    return Matter(
        receipt=new_receipt(at),
        client_key=telling.client_key or None,
        kind=telling.kind,
        door=telling.door,
        source_kind=telling.source[0],
        source_id=telling.source[1],
        category=telling.category,
        urgency=telling.urgency,
        place=telling.place,
        township=township,
        district=district,
        priority=telling.priority,
        concerns=telling.concerns,
        title=words.title_of(words.masked(telling.title) or text),
        text=text,
        words_digest=words.digest(text),
        withheld_until=telling.withheld_until,
        confidential=teller.confidential,
        state_since=at,
        raised_at=at,
        accept_by=accept_by,
        due_at=accept_by,
    )


def above(place: Place) -> tuple[Place | None, Place | None]:
    """Give the township and the district that a place is or lies in."""
    paths = [place.path[:end] for end in range(Place.steplen, len(place.path) + 1, Place.steplen)]
    chain = {row.level: row for row in Place.objects.filter(path__in=paths)}
    return chain.get(Place.Level.TOWNSHIP), chain.get(Place.Level.DISTRICT)


def new_receipt(at: datetime) -> str:
    """Draw a receipt number: the day and six characters that can be read out over a phone."""
    return f"{clock.day_of(at):%y%m%d}-{ids.public_id()[:6].upper()}"


def add_raiser(matter: Matter, teller: Teller, *, first: bool, at: datetime) -> str:
    """Write who raises or joins and give the secret of the own link (160 bits)."""
    secret = secrets.token_urlsafe(20)
    Raiser.objects.create(
        matter=matter,
        first=first,
        name=teller.name,
        phone=teller.phone,
        email=teller.email,
        person=teller.person,
        body=teller.body,
        account_id=teller.account_id,
        confidential=teller.confidential,
        digest=secret_digest(secret),
        joined_at=at,
    )
    return secret
