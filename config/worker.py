"""The worker: deliver messages, seal the trail, run periodic jobs and queued tasks.

One process, two threads: this one keeps house every second and shows a sign of life; the other
runs django-tasks-db's own worker, so that a long import does not hold up a message. On SIGTERM
both finish what they have in hand.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import close_old_connections, connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from config.logs import logger
from groundwork.base import clock, outbox, schedule, trail
from groundwork.base.models import Lease

log = logger("groundwork.worker")
HEARTBEAT = "worker"
PULSE = timedelta(seconds=10)
GONE = timedelta(minutes=2)  # after this long without a sign of life a worker is dead
BATCH = 500
LETTERS = 20  # per round: a mail server that hangs must not keep the worker from its sign of life


class Worker:
    """One worker process."""

    def __init__(self, *, interval: float = 1.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:60]
        self.interval = interval
        self.stop = threading.Event()
        self.tasks = TaskRunner(
            queue_names=["*"],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.name,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.finish())
        self.beat()
        requeue_orphans(self.name)
        thread = threading.Thread(target=self.run_tasks, name="tasks")
        thread.start()
        while not self.stop.is_set():
            close_old_connections()
            busy = self.tick()
            if not thread.is_alive() and not self.stop.is_set():
                log.error("task thread died")
                raise SystemExit(1)  # the supervisor starts a whole worker again
            if not busy:
                self.stop.wait(self.interval)
        thread.join()
        Lease.objects.filter(name=alive(self.name)).delete()

    def finish(self) -> None:
        """Take no new work; what is in hand is finished first."""
        self.stop.set()
        self.tasks.running = False

    def run_tasks(self) -> None:
        """Run queued tasks; a database that is away for a moment does not end the thread."""
        while not self.stop.is_set():
            try:
                self.tasks.run()
            except Exception:
                log.exception("task loop failed")
                self.stop.wait(5)
        connection.close()

    def tick(self) -> bool:
        """Keep house once; tell whether there was so much that the next round should follow now."""
        self.beat()
        delivered = self.attempt("outbox", lambda: outbox.deliver_due(LETTERS))
        sealed = self.attempt("trail", lambda: trail.seal_batch(BATCH))
        self.attempt("schedule", lambda: len(schedule.run_due()))
        return delivered == LETTERS or sealed == BATCH

    def attempt(self, job: str, work: Callable[[], int]) -> int:
        """Do one kind of work; a failure is logged and tried again in the next round."""
        try:
            return work()
        except Exception:
            log.exception("housekeeping failed", job=job)
            return 0

    def beat(self) -> None:
        """Leave a sign of life, for /healthz and for the orphan search."""
        now = clock.now()
        for name in (HEARTBEAT, alive(self.name)):
            old = Lease.objects.filter(name=name).values_list("ran_at", flat=True).first()
            if old is None or old <= now - PULSE:
                Lease.objects.update_or_create(
                    name=name, defaults={"holder": self.name, "ran_at": now}
                )


def alive(worker: str) -> str:
    """Name the row in which a worker shows that it lives."""
    return f"worker {worker}"


def requeue_orphans(own: str) -> int:
    """Put tasks back that a dead worker had in hand; return how many.

    Tasks are written to be run again from the start. A worker is dead when it was this machine's
    and its process is gone, or when it gave no sign of life for two minutes.
    """
    gone = Lease.objects.filter(name__startswith="worker ", ran_at__lte=clock.now() - GONE)
    gone.delete()
    living = set(Lease.objects.filter(name__startswith="worker ").values_list("holder", flat=True))
    living = {name for name in living - {own} if not _dead_here(name)}
    orphans = [
        task
        for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        if not living & set(task.worker_ids)
    ]
    for task in orphans:
        task.status = TaskResultStatus.READY
        task.save(update_fields=["status"])
    if orphans:
        log.warning("tasks of a dead worker are run again", count=len(orphans))
    return len(orphans)


def _dead_here(worker: str) -> bool:
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname()[:60] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
