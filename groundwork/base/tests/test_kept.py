"""One makes a reading; the others wait for it, see the former one, or go on without."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from groundwork.base import kept as module
from groundwork.base.kept import kept

AT = datetime(2026, 5, 19, 20, tzinfo=UTC)
READERS = 8


@pytest.fixture(autouse=True)
def empty():
    cache.clear()
    yield
    cache.clear()


def test_of_many_who_come_at_once_to_nothing_one_makes_it(monkeypatch):
    made, waiting, all_wait = [], set(), threading.Event()

    def pause(seconds: float) -> None:
        """Tell that this one waits; the reading is ready only once all others do."""
        waiting.add(threading.get_ident())
        if len(waiting) == READERS - 1:
            all_wait.set()
        threading.Event().wait(0.001)

    def make() -> str:
        made.append(threading.get_ident())
        assert all_wait.wait(20), "the others make it too"
        return "made"

    monkeypatch.setattr(module, "sleep", pause)
    monkeypatch.setattr(module, "PAUSES", 100_000)
    with ThreadPoolExecutor(READERS) as readers:
        found = list(readers.map(lambda _n: kept("k", AT, make, fresh=10), range(READERS)))
    assert found == ["made"] * READERS
    assert len(made) == 1
    assert made[0] not in waiting


def test_the_former_reading_is_shown_while_the_next_is_made(monkeypatch):
    monkeypatch.setattr(
        module, "sleep", lambda seconds: pytest.fail("nobody waits for what is old")
    )
    assert kept("k", AT, lambda: "old", fresh=10) == "old"
    later = AT + timedelta(seconds=11)
    seen = []

    def make() -> str:
        seen.append(kept("k", later, lambda: "second builder", fresh=10))
        return "new"

    assert kept("k", later, make, fresh=10) == "new"
    assert seen == ["old"]
    assert kept("k", later, lambda: "again", fresh=10) == "new"


def test_who_fails_leaves_the_turn_and_who_dies_does_not_keep_the_others_forever(monkeypatch):
    def fails() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept("k", AT, fails, fresh=10)
    assert kept("k", AT, lambda: "next", fresh=10) == "next"

    pauses: list[float] = []
    monkeypatch.setattr(module, "sleep", pauses.append)
    cache.add("dead:building", 1, 20)
    assert kept("dead", AT, lambda: "own", fresh=10) == "own"
    assert sum(pauses) <= 5.01
    assert cache.get("dead") is None, "the turn is still another's"
