"""A slot that fell empty: offered round, to others while it stays open, told to who is near.

By the worker. Whoever taps first has it; nobody answers for not answering.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.duty.actions.answering import params_of
from groundwork.duty.models import Post, Shift
from groundwork.duty.policy.orders import open_orders
from groundwork.duty.policy.runs import calls
from groundwork.duty.queries.fitting import candidates, open_slots
from groundwork.duty.queries.keepers import keepers_of
from groundwork.duty.rules import offers as rules
from groundwork.duty.rules.posts import HOLDS
from groundwork.registry.models import Person

AT_ONCE = 40  # slots in one run of the worker: the nearest first, the next run goes on


def offer_slot(
    shift_id: str, kind: str, post_id: str, *, by: Actor, at: datetime | None = None
) -> int:
    """Tell the nearest people who fit, and have not heard of it, that a slot fell empty.

    Give how many heard of it now. Shortly before the shift its lead and the community hear too.
    """
    at = at or clock.now()
    shift = Shift.objects.select_related("order__place", "gate__place", "place").get(
        public_id=shift_id
    )
    near = at < shift.starts_at <= at + rules.SOON
    if not near or not calls(shift.order, at) or kind not in open_slots(shift):
        return 0
    # First the word that it was offered: a worker that dies here asks in the next round again.
    Post.objects.filter(public_id=post_id).update(offered_at=at)
    key = f"duty.open:{post_id}"
    asked = notify(
        _next(shift, kind, key),
        kind="duty.open",
        key=key,
        text=N_(
            "%(place)s%(gate)s %(when)s 的班缺一人，您的时间正合适。能来就点一下，不能来不用回复。"
        ),
        url=reverse("duty:shift", args=[shift.public_id]),
        params=params_of(shift),
        by=by,
        at=at,
    )
    if shift.starts_at - at <= rules.PRESSING:
        _tell_near(shift, post_id, by=by, at=at)
    return asked


def _next(shift: Shift, kind: str, key: str) -> list[Person]:
    """Name the next few who fit and have not heard of it, near before far."""
    people = [one.person for one in candidates(shift, kind, most=rules.MOST)]
    rows = Notice.objects.filter(key=key, account__person__in=people)
    heard = set(rows.values_list("account__person_id", flat=True))
    return [person for person in people if person.pk not in heard][: rules.ASKED]


def _tell_near(shift: Shift, post_id: str, *, by: Actor, at: datetime) -> None:
    """Tell the shift's lead and who keeps the gate, once, that somebody is lacking."""
    leads = Post.objects.filter(shift=shift, kind="lead", state__in=HOLDS).select_related("person")
    to: list[Person | int] = [*(lead.person for lead in leads), *keepers_of(shift.gate, at)]
    notify(
        to,
        kind="duty.short",
        key=f"duty.short:{post_id}",
        text=N_("%(place)s%(gate)s %(when)s 的班还缺一人，正在问附近合适的人。"),
        url=reverse("duty:shift", args=[shift.public_id]),
        params=params_of(shift),
        by=by,
        at=at,
    )


def offer_again(*, by: Actor, at: datetime | None = None) -> int:
    """Offer what fell empty and still is to the next few; give how many slots were offered.

    One offer for each kind of a shift, however many fell out of it.
    """
    at = at or clock.now()
    fell = Post.objects.filter(
        state="declined",
        shift__order__in=open_orders(at).filter(calls_up=True),
        shift__called_off_at=None,
        shift__starts_at__gt=at,
        shift__starts_at__lte=at + rules.SOON,
        shift__posted__lt=F("shift__wanted"),
    ).order_by("shift__starts_at", "pk")
    rows = fell.values_list(
        "shift__public_id", "kind", "public_id", "shift__starts_at", "offered_at"
    )
    newest = {(shift, kind): (post, start, told) for shift, kind, post, start, told in rows}
    some = [
        (shift, kind, post)
        for (shift, kind), (post, start, told) in newest.items()
        if rules.due(start, told, at)
    ][:AT_ONCE]
    for shift, kind, post in some:
        offer_slot(shift, kind, post, by=by, at=at)
    return len(some)
