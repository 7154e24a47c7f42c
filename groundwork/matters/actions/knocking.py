"""Count who comes to the open doors, so that a flood is stopped and an office is not.

The browser counts first, by the random id of its signed cookie; the address is counted generously,
because three hundred colleagues or a whole block of flats may stand behind one. Kept are keyed
digests that change with the day, in the database, so that every process knows them; they go after
a day.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from groundwork.base import attachments, clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.models import Attachment
from groundwork.matters.models import Knock, LooseFile
from groundwork.matters.rules import intake

_INSERT = "INSERT INTO matters_knock (key, hour, n) VALUES "
_COUNT = " ON CONFLICT (hour, key) DO UPDATE SET n = matters_knock.n + 1 RETURNING key, n"
LOOSE_FOR = timedelta(days=1)
PHOTO_NAME = "photo"


class TooMany(RuleBroken):
    """Refuse for now and say when to come again; what was written stays in the form."""

    code = "matters.too_many"
    status = 429
    text = N_(
        "这一小时里从这里提交得太多了。您写的都还在，请%(time)s以后再点一次；急事请打%(phone)s。"
    )


class TooManyPhotos(RuleBroken):
    """Refuse more photos than a matter may have."""

    code = "matters.too_many_photos"
    text = N_("最多%(most)s张照片，多的没有收下。")


@dataclass(frozen=True)
class Sender:
    """Where a sending comes from: the browser's random id and the address."""

    browser: str
    address: str


def count_knock(what: str, sender: Sender, *, at: datetime | None = None) -> None:
    """Count one act of a sender. Raises TooMany past the limits of `rules.intake`."""
    at = at or clock.now()
    limits = intake.LIMITS[what]
    most = {f"{what} {sender.browser}": limits.browser}
    if network := network_of(sender.address):
        most[f"{what} at {network}"] = limits.address
    counted = _count(list(most), at)
    if any(n > most[name] for name, n in counted.items()):
        raise TooMany(time=_again_at(at), phone=settings.HOTLINE_NUMBER)


def _count(names: Sequence[str], at: datetime) -> dict[str, int]:
    """Count each name once more, in one statement, always in the same order of rows."""
    keys = dict(sorted((_key(name, at), name) for name in names))
    values = ", ".join(["(%s, %s, 1)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_INSERT}{values}{_COUNT}", [part for key in keys for part in (key, _hour(at))]
        )
        return {keys[key]: int(n) for key, n in cursor.fetchall()}


def hold(name: str, *, at: datetime) -> None:
    """Make others of the same name wait until this transaction ends."""
    _count([f"same {name}"], at)


def network_of(address: str) -> str:
    """Give what one subscriber has: an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def _key(name: str, at: datetime) -> str:
    text = f"matters.knock {clock.day_of(at)} {name}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hex()[:32]


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def _again_at(at: datetime) -> str:
    nearest = datetime.fromtimestamp((_hour(at) + 1) * 3600, clock.ZONE)
    return f"{nearest:%H:%M}"


def keep_photo(content: bytes, *, by: Actor, at: datetime | None = None) -> Attachment:
    """Check, draw anew and keep a photo of a form not yet sent; its name is forgotten.

    Raises TooBig, WrongType, Bomb or Broken.
    """
    at = at or clock.now()
    nobody = Actor()  # whose phone it came from is not kept with the file
    with transaction.atomic():
        photo = attachments.store(
            content, name=PHOTO_NAME, by=nobody, at=at, allowed=attachments.IMAGES
        )
        LooseFile.objects.create(attachment=photo, added_at=at)
    return photo


def sweep_doors(*, at: datetime | None = None) -> None:
    """Drop counts of yesterday and photos of forms that were never sent."""
    at = at or clock.now()
    Knock.objects.filter(hour__lt=_hour(at) - 24).delete()
    stale = LooseFile.objects.filter(added_at__lt=at - LOOSE_FOR).select_related("attachment")
    for loose in stale.iterator(chunk_size=200):
        with transaction.atomic():
            attachments.erase_content(loose.attachment)
            loose.attachment.delete()


def loose_photos(public_ids: Sequence[str]) -> list[Attachment]:
    """Give the photos of a form by the ids it carries, in their order; those gone are left out."""
    found = Attachment.objects.filter(
        public_id__in=public_ids, pk__in=LooseFile.objects.values("attachment")
    )
    rows = {row.public_id: row for row in found}
    return [rows[public_id] for public_id in public_ids if public_id in rows]
