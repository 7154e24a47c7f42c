"""Join a matter that stands already, instead of raising the same once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict
from groundwork.matters.actions import steps
from groundwork.matters.actions.knocking import hold
from groundwork.matters.actions.raising import (
    Receipt,
    Teller,
    Telling,
    add_raiser,
    after_clash,
    attach_files,
    keep_writer,
    known_receipt,
    put_matter,
    raise_matter,
    secret_of,
    unit_of,
)
from groundwork.matters.models import Door, Matter
from groundwork.matters.policy.joining import joinable_for
from groundwork.matters.rules import states, words

SAME_WORDS_FOR = timedelta(hours=24)  # the same text from the same place means the same thing


class Closed(Conflict):
    """Tell that the matter somebody wants to join has been closed since."""

    code = "matters.closed_meanwhile"
    text = N_("这件诉求刚刚办结，不能再加入。您写的都还在，可以另提一件。")


def join_matter(
    public_id: str, telling: Telling, teller: Teller, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Join a public matter with an own link; what was written and photographed comes along.

    Raises NotFound for what the board does not show, Closed for what is closed.
    """
    at = at or clock.now()
    known = known_receipt(telling, teller)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            matter = joinable_for(public_id, at=at, lock=True)
            if matter.state not in states.OPEN:
                raise Closed
            said = words.masked(telling.words.strip())
            receipt = _add(matter, telling, teller, at, own=said, said=said)
            keep_writer(matter, telling, teller, by=by, at=at)
            return receipt
    except IntegrityError:
        known = known_receipt(telling, teller)
        if known is None:
            raise
        return known


def raise_or_join(
    telling: Telling, teller: Teller, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Raise a matter; the same text from nobody known, at the same place within a day, joins it.

    Two hundred neighbours who send one message around are one matter with two hundred raisers.
    """
    at = at or clock.now()
    if telling.door != Door.PORTAL or teller.account_id is not None:
        return raise_matter(telling, teller, by=by, at=at)
    try:
        return _first_or_further(telling, teller, by, at)
    except IntegrityError:  # a second tap: the digest of its link stands already
        return after_clash(telling, teller, by, at)


@transaction.atomic
def _first_or_further(telling: Telling, teller: Teller, by: Actor, at: datetime) -> Receipt:
    own = words.masked(telling.words.strip())
    digest = words.digest(own)
    # Whoever sends the same at the same moment waits here, else both would be the first.
    hold(f"{telling.place.pk} {digest}", at=at)
    first = _first_of(telling, digest, at)
    if first is not None:
        return _add(first, telling, teller, at, own=own, said="")
    return put_matter(telling, teller, by, at)


def _first_of(telling: Telling, digest: str, at: datetime) -> Matter | None:
    concerns = unit_of(telling.concerns)
    return (
        Matter.objects.select_for_update(of=("self",))
        .filter(
            place=telling.place,
            words_digest=digest,
            kind=telling.kind,
            concerns=concerns,
            door=Door.PORTAL,
            raised_at__gt=at - SAME_WORDS_FOR,
            raised_at__lte=at,
            withheld_until=None,
            erased_at=None,
            state__in=states.OPEN,
            raisers__first=True,
            raisers__account_id=None,
        )
        .order_by("pk")
        .first()
    )


def _add(
    matter: Matter, telling: Telling, teller: Teller, at: datetime, *, own: str, said: str
) -> Receipt:
    """Write the further raiser of a locked matter and count it.

    `own` is what they wrote, for their own page; `said` what of it is new to the staff.
    """
    secret = secret_of(telling, teller)
    add_raiser(matter, teller, secret=secret, first=False, at=at, words=own)
    attach_files(matter, telling.files, at=at)
    fields: dict[str, Any] = {"raisers_count": F("raisers_count") + 1}
    if teller.confidential:
        fields["confidential"] = True
    Matter.objects.filter(pk=matter.pk).update(**fields)
    trail.record(steps.BY_RAISER, "join", steps.KIND, matter.public_id, sorted(fields), at=at)
    steps.note(matter, at=at)  # whose raisers are more people now
    if said or telling.files:
        # Staff read what is new; the public timeline is not filled by two hundred neighbours.
        staff = steps.Audience.STAFF
        steps.append(matter, "join", by=steps.BY_RAISER, at=at, text=said, audience=staff)
    return Receipt(matter, secret, joined=True)
