"""End what is over by the clock; destroy the log's key, then its rows, and leave a tombstone.

In this order, and each part again after a crash: an order that has ended and is not marked as
erased is taken up by the next run. The key goes first: from then on no copy of the log can be
read, in whatever backup it lies. The rows follow, then the posts of those still to come, in
transactions of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base import clock, retention, vault
from groundwork.base.actor import Actor, system
from groundwork.duty.actions.order_steps import append
from groundwork.duty.actions.orders import end_order, key_of
from groundwork.duty.actions.releasing import CHUNK, ORDER_OVER, release_many
from groundwork.duty.models import Alarm, HandOver, LogEntry, Order, Pause, Post, Volunteer
from groundwork.duty.queries.stones import stones_of
from groundwork.duty.rules.posts import AHEAD
from groundwork.duty.rules.retention import AT_ONCE, GATE, LOG, SUPPLY

CLOCK = system("duty.clock")
State = Order.State


@retention.eraser(LOG.kind)
def erase_log(ids: Sequence[str], at: datetime) -> int:
    """Delete entries of these orders' logs, at most `AT_ONCE`; its ids are those of orders."""
    entries = LogEntry.objects.filter(order__public_id__in=ids).order_by("pk")
    found = list(entries.values_list("pk", flat=True)[:AT_ONCE])
    for start in range(0, len(found), 500):
        LogEntry.objects.filter(pk__in=found[start : start + 500]).delete()
    return len(found)


@retention.eraser(SUPPLY.kind)
def erase_supply(ids: Sequence[str], at: datetime) -> int:
    """Forget when and for what people offered themselves; that they were asked, stays."""
    rows = Volunteer.objects.filter(public_id__in=ids).exclude(times={}, skills=[])
    return rows.update(times={}, skills=[])


@retention.eraser(GATE.kind)
def erase_words(ids: Sequence[str], at: datetime) -> int:
    """Blank what was written at the gates of these orders, and who stepped away when."""
    of = Q(gate__order__public_id__in=ids)
    notes = HandOver.objects.filter(of).exclude(note="").update(note="")
    words = Alarm.objects.filter(of).exclude(outcome="").update(outcome="")
    away = Pause.objects.filter(post__shift__order__public_id__in=ids).delete()[0]
    return notes + words + away


def lapse_orders(*, at: datetime | None = None) -> tuple[int, int]:
    """End what is over and clear what has ended; give how many orders of each."""
    at = at or clock.now()
    return end_lapsed(at=at), clear_ended(at=at)


def end_lapsed(*, at: datetime) -> int:
    """End every order whose time is over, and any that its tombstone says had ended.

    The latter is an order ended early and then brought back by a restore: its key is gone.
    """
    ended = 0
    for order in Order.objects.filter(state=State.ACTIVE).order_by("pk"):
        if order.ends_at <= at or stones_of(order).exists():
            end_order(order.public_id, by=CLOCK, at=at)
            ended += 1
    return ended


def clear_ended(*, at: datetime) -> int:
    """Destroy the keys, erase the logs and release the posts ahead of ended orders.

    Give how many orders are done with it. One transaction for each piece: who is stopped in the
    middle goes on with the next one, and nobody's writing waits for a whole city's.
    """
    done = 0
    # An entry that was on its way when the order ended is found by its row, mark or no mark.
    late = Exists(LogEntry.objects.filter(order=OuterRef("pk")))
    waiting = Order.objects.filter(Q(erased_at=None) | late, state=State.ENDED)
    for order in waiting.order_by("pk"):
        vault.destroy(key_of(order))
        while retention.erase(LOG.kind, [order.public_id], rule=LOG.code, by=CLOCK, at=at):
            pass
        if order.erased_at is None:
            _release(order, at)
        done += _mark(order, by=CLOCK, at=at)
    return done


def _release(order: Order, at: datetime) -> None:
    """Release and tell who was still to come, some hundred at a time.

    Only of shifts that the end took away: who was to stand an earlier one and was not seen stays
    as they are, for their community to settle.
    """
    ahead = Post.objects.filter(
        shift__order=order, shift__starts_at__gte=order.ends_at, state__in=AHEAD
    ).order_by("pk")
    while some := list(ahead.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            release_many(Q(pk__in=some), text=ORDER_OVER, by=CLOCK, at=at)


@transaction.atomic
def _mark(order: Order, *, by: Actor, at: datetime) -> int:
    """Note once that nothing of the log is left; a late entry is erased by the next run."""
    fresh = Order.objects.select_for_update().filter(pk=order.pk, erased_at=None).first()
    if fresh is None or fresh.entries.exists():
        return 0
    fresh.erased_at = at
    fresh.save(update_fields=["erased_at"])
    total = sum(stones_of(fresh).values_list("count", flat=True))
    append(fresh, "erase", by=by, at=at, data={"erased": total}, fields=["erased_at"])
    return 1


def _said(before: datetime) -> QuerySet[Volunteer, str]:
    rows = Volunteer.objects.filter(order__state=State.ENDED, order__ended_at__lte=before)
    rows = rows.exclude(times={}, skills=[]).order_by("pk")
    return rows.values_list("public_id", flat=True)


def _written(before: datetime) -> QuerySet[Order, str]:
    noted = HandOver.objects.filter(gate__order=OuterRef("pk")).exclude(note="")
    answered = Alarm.objects.filter(gate__order=OuterRef("pk")).exclude(outcome="")
    away = Pause.objects.filter(post__shift__order=OuterRef("pk"))
    rows = Order.objects.filter(state=State.ENDED, ended_at__lte=before)
    rows = rows.filter(Exists(noted) | Exists(answered) | Exists(away)).order_by("pk")
    return rows.values_list("public_id", flat=True)


def forget_words(*, at: datetime | None = None) -> int:
    """Erase what was written at the gates, its days after the order's end; give how many."""
    return retention.erase_due((GATE,), {GATE.code: _written}, by=CLOCK, at=at)


def forget_supply(*, at: datetime | None = None) -> int:
    """Erase what people said of their time, its days after the order's end; give how many."""
    return retention.erase_due((SUPPLY,), {SUPPLY.code: _said}, by=CLOCK, at=at)
