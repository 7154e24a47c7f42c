"""Raise a matter, whatever the door; join one that stands already."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from groundwork.base import changes, clock, ids, search, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict
from groundwork.base.models import Attachment
from groundwork.base.tree import chain
from groundwork.matters.actions import steps
from groundwork.matters.models import (
    Category,
    Door,
    Kind,
    LooseFile,
    Matter,
    MatterFile,
    Raiser,
    Urgency,
)
from groundwork.matters.policy.matter import secret_digest
from groundwork.matters.queries.terms import accept_by
from groundwork.matters.rules import words
from groundwork.registry.models import Body, Person, Place, Priority
from groundwork.registry.queries.above import Keys, above
from groundwork.registry.rules.bodies import INSIDE_KINDS

LONGEST_KEY = 40  # Matter.client_key; longer ones are digested
WRITTEN_DOWN = (
    Door.STAFF,
    Door.PHONE,
    Door.TELEVISION,
)  # doors at which somebody writes for somebody else
SECRET_BYTES = 20  # 160 bits


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

    The same `client_key` from the same teller gives the same link again. `secret` is "" only
    where it cannot be made again: another teller's key, or raisers erased since.
    """

    matter: Matter
    secret: str = field(repr=False)
    again: bool = False  # it stood already: a second tap, or an answer lost on its way
    joined: bool = False  # the matter is somebody else's, and the raiser one more


def raise_matter(
    telling: Telling, teller: Teller, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Write a matter into the ledger. A `client_key` known already gives the first one again.

    Raises Conflict where the key was used at another door.
    """
    at = at or clock.now()
    known = known_receipt(telling, teller)
    if known is not None:
        return known
    try:
        return write_matter(telling, teller, by, at)
    except IntegrityError:
        return after_clash(telling, teller, by, at)


def after_clash(telling: Telling, teller: Teller, by: Actor, at: datetime) -> Receipt:
    """Go on where the same tap came twice at the same moment, or a number was drawn twice."""
    return _receipt_of_key(telling, teller) or write_matter(telling, teller, by, at)


def known_receipt(telling: Telling, teller: Teller) -> Receipt | None:
    """Give the receipt of a key that came before, with its link."""
    return receipt_of(telling.door, telling.client_key, teller.account_id)


def receipt_of(door: str, client_key: str, account_id: int | None = None) -> Receipt | None:
    """Give the receipt that a sending got, by its door, key and account."""
    if not client_key:
        return None
    secret = _secret(door, client_key, account_id)
    raiser = (
        Raiser.objects.filter(digest=secret_digest(secret), erased_at=None)
        .select_related("matter__place", "matter__category")
        .first()
    )
    return Receipt(raiser.matter, secret, True, not raiser.first) if raiser else None


def _receipt_of_key(telling: Telling, teller: Teller) -> Receipt | None:
    """Find what the key stands for after a clash."""
    known = known_receipt(telling, teller)
    if known is not None or not telling.client_key:
        return known
    same = Matter.objects.filter(client_key=_short(telling.client_key)).first()
    if same is not None and same.door != telling.door:
        raise Conflict
    return Receipt(same, "", again=True) if same else None


def secret_of(telling: Telling, teller: Teller) -> str:
    """Make the secret of the link: from the key, so that a lost answer can be given again.

    Only this server can make it, and only for the same door and account; without a key by chance.
    """
    if not telling.client_key:
        return secrets.token_urlsafe(SECRET_BYTES)
    return _secret(telling.door, telling.client_key, teller.account_id)


def _secret(door: str, client_key: str, account_id: int | None) -> str:
    named = f"matters.link {door} {account_id or ''} {client_key}"
    made = hmac.digest(settings.SECRET_KEY.encode(), named.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made[:SECRET_BYTES]).decode().rstrip("=")


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()[:40]


@transaction.atomic
def write_matter(telling: Telling, teller: Teller, by: Actor, at: datetime) -> Receipt:
    """Write all that a fresh matter is, in one transaction."""
    return put_matter(telling, teller, by, at)


def put_matter(telling: Telling, teller: Teller, by: Actor, at: datetime) -> Receipt:
    """Write a fresh matter within the caller's own transaction."""
    matter = matter_of(telling, teller, at)
    matter.save(force_insert=True)
    secret = secret_of(telling, teller)
    add_raiser(matter, teller, secret=secret, first=True, at=at)
    attach_files(matter, telling.files, at=at)
    # The account of who raises is the raiser's own business: it stands with the raiser alone.
    trail.record(steps.BY_RAISER, "raise", steps.KIND, matter.public_id, at=at)
    steps.append(matter, "raise", by=steps.BY_RAISER, at=at, audience=steps.Audience.PUBLIC)
    changes.record(steps.KIND, matter.public_id, after=steps.dimensions(matter), at=at)
    keep_writer(matter, telling, teller, by=by, at=at)
    search.index(steps.KIND, matter.pk, [matter.title, matter.text, telling.category.name])
    return Receipt(matter, secret)


def keep_writer(
    matter: Matter, telling: Telling, teller: Teller, *, by: Actor, at: datetime
) -> None:
    """Keep who wrote down what somebody else said, so that they can be asked about it.

    Never the raiser's own account. Of who wants to stay unknown the lead does not learn either
    through whom it came: then it stands in the trail alone.
    """
    if telling.door not in WRITTEN_DOWN or by.account_id in (None, teller.account_id):
        return
    trail.record(by, "write_down", steps.KIND, matter.public_id, at=at)
    if not teller.confidential:
        steps.append(matter, "write_down", by=by, at=at, audience=steps.Audience.STAFF)


def attach_files(matter: Matter, files: Iterable[Attachment], *, at: datetime) -> None:
    """Hang a raiser's photos on a matter; they are loose no longer."""
    files = tuple(files)
    if not files:
        return
    MatterFile.objects.bulk_create(
        MatterFile(matter=matter, attachment=file, from_raiser=True, added_at=at) for file in files
    )
    LooseFile.objects.filter(attachment__in=files).delete()


def matter_of(telling: Telling, teller: Teller, at: datetime) -> Matter:
    """Make the row of a fresh matter with its first deadline."""
    matter = row_of(telling, teller, at, receipt=new_receipt(at), over=above(telling.place))
    matter.accept_by = matter.due_at = accept_by(matter, at)
    return matter


def row_of(telling: Telling, teller: Teller, at: datetime, *, receipt: str, over: Keys) -> Matter:
    """Make the row of a fresh matter but for its deadline; `over` is what lies over its place.

    Reads nothing unless a complaint names an office, so that bulk ways share it.
    """
    text = words.masked(telling.words.strip())
    township, district = over
    return Matter(
        receipt=receipt,
        client_key=_short(telling.client_key) or None,
        kind=telling.kind,
        door=telling.door,
        source_kind=telling.source[0],
        source_id=telling.source[1],
        category=telling.category,
        urgency=telling.urgency,
        place=telling.place,
        township_id=township,
        district_id=district,
        priority=telling.priority,
        concerns=unit_of(telling.concerns),
        title=words.title_of(words.masked(telling.title) or text),
        text=text,
        words_digest=words.digest(text),
        withheld_until=telling.withheld_until,
        confidential=teller.confidential,
        state_since=at,
        raised_at=at,
    )


def new_receipt(at: datetime) -> str:
    """Draw a receipt number: the day and six characters that can be read out over a phone."""
    return f"{clock.day_of(at):%y%m%d}-{ids.public_id()[:6].upper()}"


def unit_of(body: Body | None) -> Body | None:
    """Give the unit that a body is or lies in: a complaint names no office and no branch."""
    if body is None or body.kind not in INSIDE_KINDS:
        return body
    above = Body.objects.filter(path__in=chain(body.path)[1:])
    return above.exclude(kind__in=INSIDE_KINDS).order_by("-path").first() or body


def add_raiser(
    matter: Matter, teller: Teller, *, secret: str, first: bool, at: datetime, words: str = ""
) -> Raiser:
    """Write who raises or joins, with the digest of the own link."""
    return Raiser.objects.create(
        matter=matter,
        goes_on=matter,
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
        words=words,
    )
