"""What waits for who keeps gates: alarms, hours, words of thanks; where the evening's page is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Todo, capped_counts
from groundwork.base.tree import under
from groundwork.duty.models import Post, Shift
from groundwork.duty.policy.alarms import visible_alarms
from groundwork.duty.policy.gates import KEEPERS
from groundwork.duty.policy.orders import open_orders
from groundwork.duty.policy.thanks import kept_thanks
from groundwork.duty.queries.after import unseen_by
from groundwork.duty.queries.choices import own_place
from groundwork.duty.queries.shifts import RISK
from groundwork.registry.models import Place

NEAR = (Role.COMMUNITY_SECRETARY, Role.GATE_LEAD)
"""Whose own work it is: operators read it on their pages, yet it is no task of theirs."""


@dataclass(frozen=True)
class Keeping:
    """What a keeper of gates opens first."""

    place: Place | None
    alarms: int
    waiting: int  # hours and absences to settle, up to 1,000
    thanks: int
    short: int  # shifts of the next 24 hours that lack somebody

    @property
    def to_read(self) -> int:
        """Count what the page of hours holds."""
        return self.waiting + self.thanks


def keeping(by: Actor, at: datetime) -> Keeping | None:
    """Count in one statement what waits at the places one keeps; None for who keeps none."""
    if not by.has(*KEEPERS):
        return None
    mine = Q(person=by.person_id) if by.person_id is not None else Q(pk__in=())
    posts = Post.objects.filter(under("shift__place__path", by.places(*KEEPERS))).exclude(mine)
    alarms, waiting, thanks, short = capped_counts(
        [
            visible_alarms(by).filter(answered_at=None),
            posts.filter(Q(state__in=("stood", "contested")) | unseen_by(at)),
            kept_thanks(by).filter(shown_at=None),
            _short(by, at),
        ]
    )
    return Keeping(own_place(by), alarms, waiting, thanks, short)


def _short(by: Actor, at: datetime) -> QuerySet[Shift]:
    """Give the shifts of the next 24 hours, at the places one keeps, that lack somebody."""
    return Shift.objects.filter(
        under("place__path", by.places(*KEEPERS)),
        order__in=open_orders(at).filter(calls_up=True),
        called_off_at=None,
        starts_at__gt=at,
        starts_at__lte=at + RISK,
        posted__lt=F("wanted"),
    )


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what a community's secretary or a gate's lead has to see to."""
    if not by.has(*NEAR):
        return []
    found = keeping(by, at)
    if found is None:
        return []
    lines = []
    if found.alarms:
        lines.append(
            Todo(
                title=_("卡口告急：%(n)s 件没有处理") % {"n": found.alarms},
                url=reverse("duty:alarms"),
                sub=_("请马上联系卡口"),
                chip=_("告急"),
                tone="late",
                due=at,
            )
        )
    if found.short and found.place is not None:
        lines.append(
            Todo(
                title=_("24 小时内有 %(n)s 个班缺人") % {"n": found.short},
                url=reverse("duty:tonight", args=[found.place.public_id]),
                sub=_("已在问附近合适的人；也可以直接排"),
                chip=_("缺人"),
                tone="late",
                due=at,
            )
        )
    if found.to_read:
        lines.append(
            Todo(
                title=_("值守工时和谢谢：%(n)s 条等您看") % {"n": found.to_read},
                url=reverse("duty:hours"),
                sub=_("站过岗的确认，有说明的认定"),
                chip=_("待确认"),
                tone="due",
            )
        )
    return lines
