"""Periodic work: due when it is due, by one process at a time, taken over from a dead one."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from groundwork.base import clock, schedule
from groundwork.base.clock import ZONE
from groundwork.base.models import Lease

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(monkeypatch):
    """Begin with no jobs registered."""
    monkeypatch.setattr(schedule, "JOBS", {})
    return schedule.JOBS


@pytest.fixture
def ran(jobs):
    times = []

    @schedule.every(HOUR)
    def tick():
        times.append(clock.now())

    return times


def run(at):
    with clock.at(at):
        return schedule.run_due(at=at)


def test_a_job_runs_at_once_and_then_every_so_often(ran):
    assert len(run(AT)) == 1
    assert run(AT + HOUR - timedelta(seconds=1)) == []
    assert len(run(AT + HOUR)) == 1
    assert ran == [AT, AT + HOUR]


def test_a_job_is_named_by_its_place_and_runs_by_itself(jobs):
    @schedule.every(HOUR)
    def one():
        pass

    @schedule.every(timedelta(minutes=1))
    def two():
        pass

    assert all(name.startswith(__name__) for name in jobs)
    assert len(run(AT)) == 2
    assert [name.rsplit(".", 1)[1] for name in run(AT + timedelta(minutes=5))] == ["two"]


def test_what_another_process_holds_is_left_alone_until_its_lease_is_over(ran, jobs):
    [name] = jobs
    Lease.objects.create(name=name, holder="elsewhere:1", until=AT + timedelta(minutes=10))
    assert run(AT) == []
    assert len(run(AT + timedelta(minutes=10))) == 1


def test_the_lease_is_held_while_the_job_runs_and_given_back_after(jobs):
    seen = []

    @schedule.every(HOUR)
    def look():
        lease = Lease.objects.get()
        seen.append((lease.holder, lease.until, run(AT)))

    run(AT)
    assert seen == [(schedule.HOLDER, AT + schedule.LONGEST, [])]
    assert Lease.objects.get().until is None


def test_a_job_that_fails_is_tried_again_after_minutes_not_after_its_whole_interval(jobs):
    @schedule.every(HOUR)
    def fail():
        raise ValueError

    with pytest.raises(ExceptionGroup):
        run(AT)
    assert run(AT + schedule.RETRY - timedelta(seconds=1)) == []
    with pytest.raises(ExceptionGroup):
        run(AT + schedule.RETRY)


def test_a_failing_job_does_not_keep_the_others_from_their_turn(jobs):
    done = []

    @schedule.every(HOUR)
    def fail():
        raise ValueError

    @schedule.every(HOUR)
    def work():
        done.append(1)

    with pytest.raises(ExceptionGroup) as failures:
        run(AT)
    assert [type(error) for error in failures.value.exceptions] == [ValueError]
    assert done == [1]


def test_a_lease_lost_to_a_takeover_is_not_given_back_by_the_slow_one(jobs):
    @schedule.every(HOUR)
    def slow():
        Lease.objects.update(holder="elsewhere:1", until=AT + HOUR)

    run(AT)
    lease = Lease.objects.get()
    assert (lease.holder, lease.until) == ("elsewhere:1", AT + HOUR)


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_at_once_one_runs_the_job(transactional_db, jobs):
    count, lock, start = [], threading.Lock(), threading.Barrier(4)

    @schedule.every(HOUR)
    def work():
        with lock:
            count.append(1)

    def process():
        start.wait()
        try:
            schedule.run_due(at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == [1]


def test_the_areas_jobs_are_registered_at_start():
    assert "groundwork.access.tasks.erase" in schedule.JOBS
