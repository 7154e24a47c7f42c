"""What the worker does for the area."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from groundwork.base import outbox, schedule
from groundwork.base.actor import system
from groundwork.duty.actions import answering, coming, openings, planning, publishing, swapping
from groundwork.duty.actions.lapse import forget_supply, forget_words, lapse_orders


@schedule.every(timedelta(minutes=1))
def lapse() -> None:
    """End orders whose time is over; destroy the keys and erase the logs of those that ended."""
    lapse_orders()


@schedule.every(timedelta(hours=6))
def forget() -> None:
    """Erase what people said of their time, long after the order's end."""
    forget_supply()
    forget_words()


@schedule.every(timedelta(minutes=10))
def close_standing() -> None:
    """Sign out who forgot to, some time after their shift; also after the order's end."""
    coming.close_standing()


# ---- the plan ------------------------------------------------------------------------------------
WORKER = system("worker")


@outbox.handler(planning.SOLVE)
def queue_run(payload: outbox.Payload) -> None:
    """Hand a plan to the thread of long tasks, so that messages do not wait for it."""
    solve_run.enqueue(payload["run"])


@task()
def solve_run(run_id: str) -> None:
    """Compute a plan."""
    planning.run_plan(run_id)


@schedule.every(timedelta(minutes=1))
def revive_runs() -> None:
    """Take again the plans that a dead process left behind."""
    planning.revive_runs()


@outbox.handler(publishing.TOLD)
def tell_run(payload: outbox.Payload) -> None:
    """Tell everybody of a published plan."""
    publishing.tell_run(payload["run"])


@outbox.handler(answering.FILL)
def offer_slot(payload: outbox.Payload) -> None:
    """Offer a slot that fell empty to the nearest people it fits."""
    openings.offer_slot(payload["shift"], payload["kind"], payload["post"], by=WORKER)


@schedule.every(timedelta(minutes=5))
def offer_again() -> None:
    """Offer what fell empty and still is to others, more often the nearer the shift."""
    openings.offer_again(by=WORKER)


@schedule.every(timedelta(minutes=5))
def remind() -> None:
    """Remind people of shifts that begin soon; close offers to swap that are over."""
    answering.remind_posts(by=WORKER)
    swapping.lapse_swaps()
