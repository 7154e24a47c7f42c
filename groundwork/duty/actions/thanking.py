"""Thanks to those who stood at a gate, without a name; shown once the community has read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, NotFound, RuleBroken
from groundwork.duty.models import Shift, Thanks
from groundwork.duty.policy.gates import poster_gate
from groundwork.duty.policy.posts import post_for
from groundwork.duty.policy.thanks import thanks_for
from groundwork.matters.actions.knocking import Sender, count_knock
from groundwork.matters.rules.words import masked

KIND = "duty.thanks"
LAST = timedelta(hours=24)  # thanks at a gate are for the last shift of the day


class NoShiftToThank(RuleBroken):
    """Tell that nobody has stood here for a day."""

    code = "duty.no_shift_to_thank"
    text = N_("这个卡口最近一天没有人值守。")


@transaction.atomic
def say_thanks(
    poster: str, text: str, *, sender: Sender, by: Actor, at: datetime | None = None
) -> Thanks:
    """Leave a word at a gate's poster, without a name; shown when the community has read it."""
    at = at or clock.now()
    gate = poster_gate(poster)
    count_knock("send", sender, at=at)
    shift = (
        Shift.objects.filter(
            gate=gate, starts_at__lte=at, ends_at__gte=at - LAST, called_off_at=None
        )
        .order_by("-starts_at")
        .first()
    )
    if shift is None:
        raise NoShiftToThank
    words = masked(" ".join(text.split()))[:300]
    same = Thanks.objects.filter(shift=shift, resident=True, text=words).first()
    return same or Thanks.objects.create(shift=shift, gate=gate, resident=True, text=words, at=at)


@transaction.atomic
def thank_posts(
    post_ids: Sequence[str], text: str, *, by: Actor, at: datetime | None = None
) -> int:
    """Thank those whose hours the community confirms: one word to each shift, shown at once.

    Give to how many shifts it went. Said twice it is one.
    """
    at = at or clock.now()
    words = masked(" ".join(text.split()))[:300]
    if not words:
        return 0
    kept = [post_for(by, key, "settle").shift for key in post_ids]
    shifts = {shift.pk: shift for shift in kept}
    for shift in shifts.values():
        made, fresh = Thanks.objects.get_or_create(
            shift=shift,
            resident=False,
            text=words,
            defaults={"gate": shift.gate, "at": at, "shown_at": at},
        )
        if fresh:
            trail.record(by, "thank", KIND, made.public_id, ["text"], at=at)
    return len(shifts)


@transaction.atomic
def show_thanks(public_id: str, *, by: Actor, at: datetime | None = None) -> Thanks:
    """Let those who stood the shift read a resident's word; by the community."""
    at = at or clock.now()
    found = thanks_for(by, public_id)
    if found.shown_at is None:
        found.shown_at = at
        found.save(update_fields=["shown_at"])
        trail.record(by, "show", KIND, found.public_id, ["shown_at"], at=at)
    return found


@transaction.atomic
def drop_thanks(public_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Remove what is no thanks; by the community."""
    at = at or clock.now()
    found = thanks_for(by, public_id)
    if found.shown_at is not None:
        raise NotFound
    found.delete()
    trail.record(by, "drop", KIND, public_id, ["text"], at=at)
