"""Several hands on one thing at once: real threads, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Model

from groundwork.base import clock
from groundwork.base.errors import GroundworkError
from tests.cast import EVENING

Act = Callable[[], Any]


def need_connections() -> None:
    """Skip where threads would share one connection: with a database in memory."""
    sqlite: Any = connection
    if connection.vendor == "sqlite" and sqlite.is_in_memory_db():
        pytest.skip("threads share an in-memory database")


def need_row_locks() -> None:
    """Skip where no row can be held."""
    if connection.vendor != "postgresql":
        pytest.skip("rows are locked on PostgreSQL only")


def at_once(*acts: Act) -> list[Any]:
    """Start all acts at the same moment; give what each returned or, of our errors, raised."""
    gate = threading.Barrier(len(acts))

    def beside(act: Act) -> Act:
        def run() -> Any:
            gate.wait()
            return act()

        return run

    return _joined(*_started([beside(act) for act in acts]))


def in_turn(held: Model | Act, *acts: Act) -> list[Any]:
    """Let acts of the evening wait for a held row one behind the other, then let go.

    `held` is a row, or what holds another one until its transaction ends. Gives what each of the
    acts raised, and None of those that went through. No sleep, no luck: the order is known.
    """
    with transaction.atomic():
        if isinstance(held, Model):
            type(held)._default_manager.select_for_update().get(pk=held.pk)
        else:
            held()
        threads, found = [], []
        for n, act in enumerate(acts, 1):
            [thread], [one] = _started([_of_the_evening(act)])
            threads.append(thread)
            found.append(one)
            while _waiting() < n:
                assert thread.is_alive(), f"act {n} did not wait: {one!r}"
    return [one if isinstance(one, Exception) else None for one in _joined(threads, found)]


def _of_the_evening(act: Act) -> Act:
    def run() -> Any:
        with clock.at(EVENING):
            return act()

    return run


def _started(acts: Sequence[Act]) -> tuple[list[threading.Thread], list[list[Any]]]:
    found: list[list[Any]] = [[] for _act in acts]

    def run(n: int) -> None:
        try:
            found[n].append(acts[n]())
        except Exception as error:
            found[n].append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    return threads, found


def _joined(threads: Sequence[threading.Thread], found: Sequence[list[Any]]) -> list[Any]:
    for thread in threads:
        thread.join()
    made = [one for [one] in found]
    wrong = [one for one in made if isinstance(one, Exception)]
    assert all(isinstance(one, GroundworkError) for one in wrong), wrong
    return made


def _waiting() -> int:
    """Count this database's connections that wait for a lock.

    `pg_locks` shows the whole server: the tests of another process must not be taken for ours.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks wanted JOIN pg_locks held USING (pid)"
            " JOIN pg_database ON pg_database.oid = held.database"
            " WHERE NOT wanted.granted AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
