"""One suite for every store: SQLite, one Redis, a cluster of three."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from groundwork.live.rules.figures import count_figures
from groundwork.live.rules.pulse import Hours
from groundwork.live.store import CHUNK, Counted, Store, StoreBusy, open_store
from groundwork.live.store.base import column, split
from groundwork.live.store.sqlite import SqliteStore
from groundwork.live.tests.redis_server import RedisServer, join_cluster

HOURS = Hours(1_600_000_020, 1_600_007_200, 1_600_008_100)
LATER = Hours(1_600_003_620, 1_600_009_000, 1_600_009_900)
MINUTES = 120


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def redis_cluster(tmp_path_factory):
    made = [RedisServer(tmp_path_factory.mktemp("node"), cluster=True).start() for _ in range(3)]
    join_cluster(made)
    yield made
    for server in made:
        server.stop()


@pytest.fixture(params=["sqlite", "redis", "cluster"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pulses.sqlite3"
    nodes = (
        [request.getfixturevalue("redis_server")]
        if request.param == "redis"
        else request.getfixturevalue("redis_cluster")
    )
    for node in nodes:
        with node.client() as client:
            client.flushall()
    return nodes[0].url


@pytest.fixture
def store(url):
    made = open_store(url)
    made.register("evening", HOURS)
    yield made
    made.close()


def pairs(*some: tuple[int, int]):
    """Pack (minute, number) pairs."""
    return np.array([minute << 32 | number for minute, number in some], np.uint64)


def held(store: Store, stream: str = "evening") -> set[tuple[int, int]]:
    """List every pair of a stream; tests may, the city never does."""
    found = set()
    for i, chunk in enumerate(store.chunks(stream, MINUTES)):
        for minute, number in np.argwhere(np.unpackbits(chunk, axis=1)):
            found.add((int(minute), i * CHUNK + int(number)))
    return found


def test_a_pair_is_kept_once_however_often_and_in_whatever_order_it_comes(store):
    store.reserve("evening", 100)
    assert store.add({"evening": pairs((5, 7), (3, 7), (5, 8))}) == set()
    store.add({"evening": pairs((3, 7), (5, 7))})
    store.add({"evening": pairs((0, 0))})
    assert held(store) == {(5, 7), (3, 7), (5, 8), (0, 0)}


def test_tokens_far_apart_and_late_minutes_are_kept_apart(store):
    store.reserve("evening", 4 * CHUNK)
    some = {(0, CHUNK - 1), (0, CHUNK), (119, 3 * CHUNK + 5), (7, 1), (8, 0)}
    store.add({"evening": pairs(*some)})
    chunks = list(store.chunks("evening", MINUTES))
    assert {c.shape for c in chunks} == {(MINUTES, CHUNK // 8)}
    figures = count_figures(chunks, MINUTES)
    assert (figures.viewers, figures.curve[0], figures.curve[119]) == (5, 2, 1)


def test_what_was_added_is_there_for_who_opens_the_store_anew(store, url):
    store.reserve("evening", 10)
    store.add({"evening": pairs((1, 1), (2, 1))})
    other = open_store(url)
    assert held(other) == {(1, 1), (2, 1)}
    other.close()


def test_numbers_are_given_out_once_to_all_processes(store, url):
    others = [store, *(open_store(url) for _ in range(3))]
    taken: list[int] = []

    def draw(one: Store) -> None:
        for _ in range(20):
            first = one.reserve("evening", 50)
            taken.extend(range(first, first + 50))

    threads = [threading.Thread(target=draw, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in others[1:]:
        one.close()
    assert sorted(taken) == list(range(4_000))


def test_a_stream_keeps_its_key_and_once_tokens_are_drawn_its_origin(store):
    key = store.streams()[0].key
    assert len(key) == 32
    store.register("evening", LATER)
    assert store.streams()[0].hours == LATER  # moved before anybody came
    store.reserve("evening", 1)
    store.register("evening", HOURS)
    assert store.streams()[0].hours == Hours(LATER.origin, HOURS.ends, HOURS.until)
    assert store.streams()[0].key == key


def test_streams_do_not_mix(store):
    store.register("other", HOURS)
    for stream in ("evening", "other"):
        store.reserve(stream, 10)
    store.add({"evening": pairs((1, 1)), "other": pairs((1, 2), (1, 3))})
    assert held(store) == {(1, 1)}
    assert held(store, "other") == {(1, 2), (1, 3)}
    keys = {one.id: one.key for one in store.streams()}
    assert keys["evening"] != keys["other"]
    store.erase("other")
    assert held(store) == {(1, 1)}


def test_after_the_seal_nothing_is_kept_and_nobody_draws(store):
    store.reserve("evening", 2 * CHUNK)
    store.add({"evening": pairs((1, 1))})
    store.seal("evening")
    store.seal("evening")
    assert store.add({"evening": pairs((1, 2), (1, CHUNK + 1))}) == {"evening"}
    assert store.streams() == []
    assert store.kept() == {"evening": HOURS}
    with pytest.raises(StoreBusy):
        store.reserve("evening", 1)
    store.register("evening", LATER)  # moved too late
    assert store.streams() == []
    assert held(store) == {(1, 1)}


def test_a_sealed_stream_does_not_keep_another_from_being_kept(store):
    store.register("other", HOURS)
    store.reserve("evening", 10)
    store.reserve("other", 10)
    store.seal("evening")
    assert store.add({"evening": pairs((1, 1)), "other": pairs((1, 1))}) == {"evening"}
    assert held(store, "other") == {(1, 1)}


def test_minutes_are_counted_and_left_for_every_reader(store, url):
    store.reserve("evening", 3 * CHUNK)
    store.add({"evening": pairs((4, 1), (4, 2), (5, 2), (4, 2 * CHUNK + 9))})
    assert store.count("evening", [3, 4, 5]) == {3: 0, 4: 3, 5: 1}
    assert store.published("evening") is None
    store.publish("evening", Counted({3: 0, 4: 3}, 3, 100.0))
    store.publish("evening", Counted({4: 4, 5: 1}, 4, 105.0))
    other = open_store(url)
    assert other.published("evening") == Counted({3: 0, 4: 4, 5: 1}, 4, 105.0)
    other.close()


def test_one_process_at_a_time_counts(store, url):
    other = open_store(url)
    assert store.lead("evening", 60)
    assert not other.lead("evening", 60)
    assert not store.lead("evening", 60)
    other.close()


def test_refusals_are_added_up_and_those_of_unknown_streams_are_nobodys(store):
    store.refuse({"evening": {"forged": 2, "late": 1}, "unknown": {"forged": 5}})
    store.refuse({"evening": {"forged": 3}})
    assert store.refused("evening") == {"forged": 5, "late": 1}
    assert store.refused("unknown") == {}


def test_an_erased_stream_left_nothing(store, url, request, tmp_path):
    store.reserve("evening", CHUNK + 5)
    store.add({"evening": pairs((1, 1), (2, CHUNK + 1))})
    store.refuse({"evening": {"late": 1}})
    store.publish("evening", Counted({1: 1}, 1, 100.0))
    key = store.streams()[0].key
    store.seal("evening")
    store.erase("evening")
    store.erase("evening")
    assert store.kept() == {}
    assert list(store.chunks("evening", MINUTES)) == []
    assert store.published("evening") is None
    assert store.refused("evening") == {}
    if url.startswith("sqlite"):
        assert rows_of(tmp_path / "pulses.sqlite3") == 0
        # nor between the rows: the file and its journal hold neither key nor name
        for file in tmp_path.glob("pulses.sqlite3*"):
            assert key not in file.read_bytes(), file
            assert b"evening" not in file.read_bytes(), file
    else:
        # what stays for a week says that the stream is over, to an ingest that has not heard
        assert all(name.endswith(":sealed") for name in keys_of(request, url))
        assert store.add({"evening": pairs((3, 1))}) == {"evening"}


def rows_of(path: Path) -> int:
    db = sqlite3.connect(path)
    tables = [r[0] for r in db.execute("select name from sqlite_master where type = 'table'")]
    found: int = sum(db.execute(f"select count(*) from {t}").fetchone()[0] for t in tables)
    db.close()
    return found


def keys_of(request, url) -> list[str]:
    nodes = request.getfixturevalue("redis_cluster" if "cluster" in url else "redis_server")
    found = []
    for node in nodes if isinstance(nodes, list) else [nodes]:
        with node.client() as client:
            found += [name.decode() for name in client.keys("*")]
    return found


def test_many_pairs_from_several_processes_are_all_there(store, url):
    """Random pairs by four writers at once, each saying half of another's again."""
    rng = np.random.default_rng(3)
    store.reserve("evening", 3 * CHUNK)
    numbers = rng.integers(0, 3 * CHUNK, (4, 3_000)).astype(np.uint64)
    all_of = (rng.integers(0, MINUTES, (4, 3_000)).astype(np.uint64) << np.uint64(32)) | numbers

    def write(i: int) -> None:
        one = open_store(url)
        mine = np.concatenate((all_of[i], all_of[i - 1][:1_500]))
        for part in np.array_split(rng.permutation(mine), 10):
            assert one.add({"evening": part}) == set()
        one.close()

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = {(int(p) >> 32, int(p) & 0xFFFFFFFF) for p in all_of.ravel()}
    found = {}
    for chunk, columns in enumerate(store.chunks("evening", MINUTES)):
        found[chunk] = np.unpackbits(columns, axis=1)
    assert sum(int(c.sum()) for c in found.values()) == len(said)
    assert all(found[n // CHUNK][m, n % CHUNK] for m, n in said)


# ---- what only one of them does ------------------------------------------------------------
def test_sqlite_folds_what_was_appended_without_losing_any(tmp_path):
    store = SqliteStore(tmp_path / "p.sqlite3", fold_pairs=10)
    store.register("evening", HOURS)
    store.reserve("evening", 1_000)
    said = {(m, n) for m in range(7) for n in range(0, 100, 3)}
    for minute, number in sorted(said):
        store.add({"evening": pairs((minute, number))})
    left = store.db.execute("select count(*) from log").fetchone()[0]
    assert left < 10
    assert held(store) == said
    store.close()


def test_sqlite_says_busy_while_another_holds_the_file(tmp_path):
    store = SqliteStore(tmp_path / "p.sqlite3")
    store.register("evening", HOURS)
    store.db.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "p.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreBusy):
        store.add({"evening": pairs((1, 1))})
    other.execute("rollback")
    assert store.add({"evening": pairs((1, 1))}) == set()
    assert held(store) == {(1, 1)}
    other.close()
    store.close()


def test_a_redis_that_may_lose_pulses_is_refused(tmp_path):
    server = RedisServer(tmp_path / "lossy", fsync="everysec").start()
    with pytest.raises(StoreBusy, match="appendfsync always"):
        open_store(server.url)
    server.stop()


def test_a_redis_killed_outright_has_what_it_acknowledged(tmp_path):
    server = RedisServer(tmp_path / "killed").start()
    store = open_store(server.url)
    store.register("evening", HOURS)
    first = store.reserve("evening", 10)
    store.add({"evening": pairs((1, 1), (2, 9))})
    server.kill()
    with pytest.raises(StoreBusy):
        store.add({"evening": pairs((3, 1))})
    server.start()
    assert held(store) == {(1, 1), (2, 9)}
    assert store.reserve("evening", 1) == first + 10
    store.close()
    server.stop()


def test_an_address_that_names_no_store_is_refused():
    with pytest.raises(ValueError, match="sqlite"):
        open_store("mysql://nowhere")


def test_pairs_are_grouped_by_chunk_and_minute():
    some = pairs((2, CHUNK + 1), (1, 5), (1, 4), (1, 5), (2, 0))
    groups = [(chunk, minute, inside.tolist()) for chunk, minute, inside in split(some)]
    assert groups == [(0, 1, [4, 5, 5]), (0, 2, [0]), (1, 2, [1])]
    assert list(split(pairs())) == []
    assert np.unpackbits(column(np.array([0, 9], np.uint32))).nonzero()[0].tolist() == [0, 9]
