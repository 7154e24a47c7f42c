"""The worker: keeps house, survives failures, takes over from the dead."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from config.worker import GONE, HEARTBEAT, Worker, alive, requeue_orphans
from groundwork.base import clock, outbox, schedule, trail
from groundwork.base.actor import system
from groundwork.base.models import Lease, OutboxMessage, TrailEntry

pytestmark = pytest.mark.django_db
DEAD_PID = 2**22 + 1  # above the largest process number Linux gives


@pytest.fixture
def worker() -> Worker:
    return Worker()


def task_of(worker: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path="groundwork.nowhere.task",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        status=TaskResultStatus.RUNNING,
        worker_ids=[worker],
        exception_class_path="",
        traceback="",
    )


def test_one_round_delivers_seals_and_shows_a_sign_of_life(worker, monkeypatch):
    got = []
    monkeypatch.setitem(outbox.HANDLERS, "letter", got.append)
    outbox.put("letter", {"n": 1}, key="letter-1")
    trail.record(system("test"), "close", "roll", "abc")
    assert worker.tick() is False
    assert got == [{"n": 1}]
    assert TrailEntry.objects.get().position == 1
    assert Lease.objects.get(name=HEARTBEAT).ran_at is not None


def test_a_round_with_nothing_to_do_asks_five_things_and_writes_nothing(
    worker, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(schedule, "JOBS", {})
    schedule.every(timedelta(hours=1))(lambda: None)
    worker.tick()
    with django_assert_num_queries(5) as round_:
        worker.tick()
    assert {asked["sql"].split()[0] for asked in round_.captured_queries} == {"SELECT"}


def test_a_failing_job_does_not_stop_the_others(worker, monkeypatch):
    def broken() -> list[str]:
        raise RuntimeError

    monkeypatch.setattr(schedule, "run_due", broken)
    monkeypatch.setitem(outbox.HANDLERS, "letter", lambda _payload: None)
    outbox.put("letter", {}, key="letter-2")
    worker.tick()
    assert OutboxMessage.objects.get().done_at is not None


def test_a_full_batch_asks_for_the_next_round_at_once(worker, monkeypatch):
    monkeypatch.setattr(trail, "seal_batch", lambda limit: limit)
    assert worker.tick() is True


def test_tasks_of_a_dead_process_of_this_machine_are_run_again(worker):
    dead = f"{socket.gethostname()}:{DEAD_PID}"
    Lease.objects.create(name=alive(dead), holder=dead, ran_at=clock.now())
    task = task_of(dead)
    assert requeue_orphans(worker.name) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


def test_tasks_of_a_machine_silent_for_long_are_run_again(worker):
    Lease.objects.create(
        name=alive("other:7"), holder="other:7", ran_at=clock.now() - GONE - timedelta(seconds=1)
    )
    task_of("other:7")
    assert requeue_orphans(worker.name) == 1


def test_tasks_of_a_living_worker_are_left_alone(worker):
    for name in ("other:7", f"{socket.gethostname()}:{os.getppid()}"):
        Lease.objects.create(name=alive(name), holder=name, ran_at=clock.now())
        task_of(name)
    assert requeue_orphans(worker.name) == 0
