"""What the worker does for the area: replays, uploads, broadcasts that ended by themselves."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from groundwork.base import outbox, schedule
from groundwork.base.actor import system
from groundwork.live.actions import pushing, recordings
from groundwork.live.actions.closing import WORK
from groundwork.live.actions.retention import erase_due

WORKER = system("worker")


@outbox.handler(WORK)
def queue_work(payload: outbox.Payload) -> None:
    """Hand a recording to the thread of long tasks, so that messages do not wait for it."""
    work_on.enqueue(payload["recording"])


@task()
def work_on(recording: str) -> None:
    """Make a recording watchable."""
    recordings.work_on(recording)


@schedule.every(timedelta(minutes=1))
def keep_house() -> None:
    """Count lost encoders as lost, end what is over, remove what nobody plays any more."""
    pushing.sweep_pushes()
    pushing.end_streams()
    recordings.clear_shown()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Erase what has had its time."""
    erase_due(by=WORKER)
