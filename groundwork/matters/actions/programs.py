"""What programs send: the same rules as at the portal, told in Open311's or in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from groundwork.access.actions import note_use
from groundwork.access.models import ApiToken
from groundwork.access.queries import TokenHolder, holder_of_token
from groundwork.base import clock
from groundwork.base.actor import NOBODY, Actor
from groundwork.matters.actions.joining import raise_or_join
from groundwork.matters.actions.knocking import Sender, count_knock
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.models import Door, Kind
from groundwork.matters.queries.intake import enterprise_of
from groundwork.matters.queries.naming import category_coded, place_named, unit_named
from groundwork.matters.queries.open311 import SOURCE
from groundwork.matters.rules import intake, naming
from groundwork.matters.rules import open311 as rules

MOST_OF = {"first_name": 30, "last_name": 30, "media_url": 500}
YES = ("yes", "true", "1")


def key_holder(secret: str, *, at: datetime | None = None) -> TokenHolder:
    """Find who comes in by a key and note the day. Raises NoKey."""
    holder = holder_of_token(secret)
    if holder is None:
        raise rules.NoKey
    note_use(holder.token, at=at)
    return holder


def report_request(
    said: Mapping[str, str],
    *,
    key: ApiToken,
    address: str,
    once: str = "",
    at: datetime | None = None,
) -> Receipt:
    """Take a report of Open311: `said` are its arguments as they came, `address` the sender's.

    The same `once` (an Idempotency-Key) of the same key gives the same receipt again.
    The raiser is who the report names, never the account of the key. Coordinates are not read.
    Raises the refusals of `rules.open311`, TooMany, UnknownPlace or SeveralPlaces.
    """
    at = at or clock.now()
    count_knock("program", Sender(browser=f"key {key.public_id}", address=address), at=at)
    code = _needed(said, "service_code")
    try:
        category = category_coded(code, clock.day_of(at))
    except naming.UnknownCategory as error:
        raise rules.NoSuchService(value=code[:40]) from error
    text = _words(said)
    where = _where(said)
    place = place_named(where)
    if where not in (place.code, place.name, place.public_id):
        text += "\n" + _("地点：%(where)s") % {"where": where}
    if said.get("media_url"):  # a stranger's address is never fetched; the handler may look
        text += "\n" + _("图片地址：%(url)s") % {"url": _short(said, "media_url")}
    telling = Telling(
        words=text,
        category=category,
        place=place,
        door=Door.OPEN311,
        kind=_kind(said.get("attribute[kind]", "")),
        source=(SOURCE, key.public_id),
        client_key=f"{key.public_id} {once}" if once else "",
    )
    return raise_matter(telling, _teller(said), by=NOBODY, at=at)


@dataclass(frozen=True)
class Told:
    """What a program tells by the JSON interface, in words and codes as they came."""

    words: str
    category: str
    place: str
    kind: str = Kind.HELP
    concerns: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    confidential: bool = False
    client_key: str = ""


def raise_told(told: Told, *, address: str, by: Actor, at: datetime | None = None) -> Receipt:
    """Raise what a program tells: as nobody at the portal, as an enterprise, or as staff.

    The same words from the same place within a day join one matter, as at the portal. Raises
    TooMany and the refusals of `rules.naming`.
    """
    at = at or clock.now()
    sender = Sender(f"account {by.account_id}" if by.account_id else "", address)
    count_knock("program" if by.account_id else "send", sender, at=at)
    place = place_named(told.place)
    text = told.words
    if told.place.strip() not in (place.code, place.name, place.public_id):
        text += "\n" + _("地点：%(where)s") % {"where": told.place.strip()}
    enterprise = enterprise_of(by)
    door = Door.ENTERPRISE if enterprise else Door.STAFF if by.person_id else Door.PORTAL
    telling = Telling(
        words=text,
        category=category_coded(told.category, clock.day_of(at)),
        place=place,
        door=door,
        kind=told.kind,
        concerns=unit_named(told.concerns),
        client_key=told.client_key,
    )
    phone, email = _reached(told.phone, told.email)
    teller = Teller(
        name=told.name,
        phone=phone,
        email=email,
        body=enterprise,
        account_id=by.account_id,
        confidential=told.confidential,
    )
    return raise_or_join(telling, teller, by=by, at=at)


def _reached(phone: str, email: str) -> tuple[str, str]:
    number = intake.phone_of(phone) if phone.strip() else ""
    if number is None:
        raise naming.BadPhone(value=phone[:40])
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise naming.BadEmail(value=email[:40]) from error
    return number, email


def _needed(said: Mapping[str, str], name: str) -> str:
    value = said.get(name, "").strip()
    if not value:
        raise rules.Missing(name=name)
    return value


def _short(said: Mapping[str, str], name: str) -> str:
    value = said.get(name, "").strip()
    if len(value) > MOST_OF[name]:
        raise rules.BadValue(name=name, value=value[:40])
    return value


def _words(said: Mapping[str, str]) -> str:
    text = _needed(said, "description")
    if not intake.SHORTEST_WORDS <= len(text) <= intake.LONGEST_WORDS:
        raise rules.BadValue(name="description", value=text[:40])
    return text


def _where(said: Mapping[str, str]) -> str:
    names = ("address_id", "address_string", "attribute[place]")
    for name in names:
        value = said.get(name, "").strip()
        if len(value) > 200:
            raise rules.BadValue(name=name, value=value[:40])
        if value:
            return value
    raise rules.NoPlace


def _kind(text: str) -> str:
    if text and text not in Kind.values:
        raise rules.BadValue(name="attribute[kind]", value=text[:40])
    return text or Kind.HELP


def _teller(said: Mapping[str, str]) -> Teller:
    number, email = _reached(said.get("phone", "").strip(), said.get("email", "").strip())
    # 姓 stands first in Chinese, and without a blank.
    name = _short(said, "last_name") + _short(said, "first_name")
    if name.isascii():
        name = f"{_short(said, 'first_name')} {_short(said, 'last_name')}".strip()
    hidden = said.get("attribute[confidential]", "").lower() in YES
    return Teller(name=name[:60], phone=number, email=email, confidential=hidden)
