"""From minutes to figures: once, from wherever a crash left it, and then no minute exists."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import numpy as np
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from groundwork.base.errors import Forbidden, NotFound, RuleBroken
from groundwork.base.models import Change, TrailEntry
from groundwork.live.actions import watching as actions
from groundwork.live.actions.streams import close_stream, move_stream
from groundwork.live.digest import job
from groundwork.live.models import Digest, OutsideFigure
from groundwork.live.queries import watching as queries
from groundwork.live.queries.pulses import forget_store, pulse_store
from groundwork.live.rules.figures import DEFINITIONS
from groundwork.live.store import Counted, StoreBusy
from groundwork.live.tests.make import AT, CITY, a_stream

OVER = AT + timedelta(hours=4)
PLAYED = {(30, 5), (31, 5), (32, 5), (31, 6), (60, 6), (31, 70_000)}


@pytest.fixture
def store(settings, tmp_path):
    settings.LIVE_STORE = f"sqlite:///{tmp_path}/pulses.sqlite3"
    yield pulse_store()
    forget_store()


@pytest.fixture
def stream(cast, store):
    """A stream that three browsers watched."""
    made = a_stream(cast)
    actions.enrol_streams(at=AT)
    watch(store, made, PLAYED)
    return made


def watch(store, stream, played) -> None:
    store.reserve(stream.public_id, 70_001)
    pairs = np.array([minute << 32 | number for minute, number in played], np.uint64)
    assert store.add({stream.public_id: pairs}) == set()


def the_figures() -> tuple[object, ...]:
    found = Digest.objects.get()
    return found.plays, found.viewers, found.peak, found.curve[:3], len(found.curve)


def test_streams_are_told_to_the_store_with_their_hours(cast, store):
    stream = a_stream(cast)
    a_stream(cast, subject_id="outside", source="outside", outside_url="https://tv.example/live")
    old = AT - timedelta(days=3)
    a_stream(cast, subject_id="old", starts_at=old, ends_at=old + timedelta(hours=2))
    assert actions.enrol_streams(at=AT) == 1
    (found,) = store.streams()
    assert found.id == stream.public_id
    assert found.hours.origin == (stream.starts_at - timedelta(minutes=30)).timestamp()
    assert found.hours.ends == (stream.ends_at + timedelta(minutes=60)).timestamp()


def test_a_moved_stream_and_one_that_ended_tell_their_new_hours(cast, store):
    stream = a_stream(cast)
    actions.enrol_streams(at=AT)
    later = AT + timedelta(days=1)
    move_stream(stream.public_id, starts_at=later, ends_at=later + timedelta(hours=2), by=CITY)
    actions.enrol_streams(at=AT)
    assert store.kept()[stream.public_id].origin == (later - timedelta(minutes=30)).timestamp()
    close_stream(stream.public_id, by=CITY, at=later + timedelta(minutes=50))
    actions.enrol_streams(at=AT)
    assert store.kept()[stream.public_id].ends == (later + timedelta(minutes=50)).timestamp()


def test_nothing_is_digested_while_pulses_are_taken(stream, store):
    assert job.digest_due(at=AT) == 0
    assert not Digest.objects.exists()
    assert queries.digest_of(stream) is None


def test_the_figures_are_written_with_their_minutes_and_rules(stream, store):
    store.refuse({stream.public_id: {"forged": 4}})
    assert job.digest_due(at=OVER) == 1
    digest = queries.digest_of(stream)
    assert (digest.plays, digest.viewers, digest.peak) == (4, 3, 3)
    origin = stream.starts_at - timedelta(minutes=30)
    assert digest.peak_at == origin + timedelta(minutes=31)
    assert digest.curve_from == origin + timedelta(minutes=30)
    assert digest.curve[:3] == [1, 3, 1]
    assert len(digest.curve) == 31
    assert digest.refused == {"forged": 4}
    points = queries.curve_of(digest)
    assert (points[1].at, points[1].viewers.n) == (digest.peak_at, 3)
    assert TrailEntry.objects.filter(verb="digest", object_id=stream.public_id).count() == 1
    assert Change.objects.filter(kind=actions.DIGEST).count() == 1


def test_a_stream_that_nobody_watched_has_a_digest_of_nothing(cast, store):
    a_stream(cast)
    actions.enrol_streams(at=AT)
    assert job.digest_due(at=OVER) == 1
    assert the_figures() == (0, 0, 0, [], 0)
    assert Digest.objects.get().peak_at is None


def test_it_is_done_once(stream, store):
    assert job.digest_due(at=OVER) == 1
    assert job.digest_due(at=OVER) == 0
    actions.enrol_streams(at=OVER)  # what is digested takes no pulses again
    assert store.kept() == {}
    assert the_figures() == (4, 3, 3, [1, 3, 1], 31)


class Crash(Exception):
    pass


def crash(*args, **kwargs):
    raise Crash


@pytest.mark.parametrize("where", ["seal", "chunks", "refused", "erase"])
def test_a_crash_of_the_store_anywhere_is_redone_to_the_same_figures(
    stream, store, monkeypatch, where
):
    with monkeypatch.context() as broken:
        broken.setattr(store, where, crash)
        with pytest.raises(Crash):
            job.digest_due(at=OVER)
    assert Digest.objects.exists() == (where == "erase")
    job.digest_due(at=OVER)
    assert the_figures() == (4, 3, 3, [1, 3, 1], 31)
    assert store.kept() == {}
    assert TrailEntry.objects.filter(verb="digest").count() == 1


def test_a_crash_before_the_digest_is_committed_leaves_nothing_half(stream, store, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(actions.changes, "record", crash)
        with pytest.raises(Crash), transaction.atomic():
            job.digest_due(at=OVER)
    assert not Digest.objects.exists()
    assert not TrailEntry.objects.filter(verb="digest").exists()
    job.digest_due(at=OVER)
    assert the_figures() == (4, 3, 3, [1, 3, 1], 31)


def test_who_writes_second_gets_the_first_ones_figures(stream, store):
    job.digest_due(at=OVER)
    first = Digest.objects.get()
    figures = actions.Figures(9, 9, 9, 0, (9,))
    again = actions.write_digest(stream, figures, origin=0, refused={}, by=CITY, at=OVER)
    assert again == first
    assert TrailEntry.objects.filter(verb="digest").count() == 1


def test_what_arrives_after_the_seal_is_not_acknowledged(stream, store, monkeypatch):
    late = np.array([31 << 32 | 9], np.uint64)
    seal = store.seal
    refused = []

    def seal_then_pulse(public_id):
        seal(public_id)
        refused.append(store.add({public_id: late}))

    monkeypatch.setattr(store, "seal", seal_then_pulse)
    job.digest_due(at=OVER)
    assert refused == [{stream.public_id}]
    assert the_figures()[1] == 3


def test_minutes_of_a_stream_we_do_not_know_wait_a_week(store, db):
    hours = actions.watch_hours(AT, AT + timedelta(hours=1), None)
    store.register("stranger", hours)
    assert job.digest_due(at=OVER) == 0
    assert list(store.kept()) == ["stranger"]
    job.digest_due(at=OVER + timedelta(days=8))
    assert store.kept() == {}


# ---- what remains --------------------------------------------------------------------------
def test_after_the_digest_no_minutes_exist_for_any_token_and_never_did_for_a_person(
    stream, store, tmp_path
):
    """In no table of the city, and nowhere in the store's file."""
    key = store.streams()[0].key
    job.digest_due(at=OVER)
    tables = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    assert "live_digest" in tables
    holding = []
    for model in apps.get_models(include_auto_created=True):
        text = repr(list(model._base_manager.values()))
        if any(sign in text for sign in (key.hex(), repr(key)[2:-1], "70000")):
            holding.append(model._meta.label)
    assert holding == []
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label == "live"
        for field in model._meta.concrete_fields
        if "token" in field.name or "minute" in field.name
    }
    assert columns == set()
    assert {t: rows for t, rows in store_rows(store).items() if rows} == {}
    for file in tmp_path.glob("pulses.sqlite3*"):
        assert key not in file.read_bytes(), file
        assert stream.public_id.encode() not in file.read_bytes(), file


def store_rows(store) -> dict[str, int]:
    tables = store.db.execute("select name from sqlite_master where type = 'table'").fetchall()
    return {t: store.db.execute(f"select count(*) from {t}").fetchone()[0] for (t,) in tables}


def test_a_digest_stands_with_its_stream_and_its_figures_agree(stream, store):
    job.digest_due(at=OVER)
    with pytest.raises(ProtectedError), transaction.atomic():
        stream.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.update(viewers=99)
    with pytest.raises(ValidationError):
        Digest.objects.get().validate_constraints() or Digest(
            plays=1, viewers=2, peak=0
        ).validate_constraints()


# ---- now -----------------------------------------------------------------------------------
def test_viewers_now_are_those_of_the_newest_settled_minute(stream, store):
    assert queries.watching_now(stream) is None  # nothing was counted yet
    store.publish(stream.public_id, Counted({29: 0, 30: 1, 31: 3, 32: 1}, 31, AT.timestamp()))
    now = queries.watching_now(stream)
    assert now.viewers.n == 3
    assert now.at == stream.starts_at + timedelta(minutes=1)
    assert [(p.at, p.viewers.n) for p in now.curve] == [(stream.starts_at, 1), (now.at, 3)]


def test_viewers_now_cost_one_row_whoever_asks(stream, store):
    store.publish(stream.public_id, Counted({30: 1}, 30, AT.timestamp()))
    asked = []
    store.db.set_trace_callback(asked.append)
    with CaptureQueriesContext(connection) as seen:
        queries.watching_now(stream)
    store.db.set_trace_callback(None)
    assert len(seen) == 0
    assert len(asked) == 2
    assert not any("cell" in text or "log" in text for text in asked)


def test_a_store_that_is_away_is_no_error_on_the_screen(stream, store, monkeypatch):
    def away(*args):
        raise StoreBusy

    monkeypatch.setattr(store, "published", away)
    assert queries.watching_now(stream) is None


def test_each_thread_has_its_own_line_to_the_store(store):
    seen = []
    thread = threading.Thread(target=lambda: (seen.append(pulse_store()), forget_store()))
    thread.start()
    thread.join()
    assert seen[0] is not store


# ---- what others say -----------------------------------------------------------------------
SAID = {
    "figure": "viewers",
    "number": 1_200_000,
    "source": "宁波广电集团",
    "said_on": date(2026, 11, 25),
    "at": AT + timedelta(days=1),
}


def test_the_broadcasters_figure_stands_beside_ours_with_who_and_when(cast, stream, store):
    by = cast.actor("city_operator")
    actions.record_outside_figure(stream.public_id, **SAID, by=by)
    actions.record_outside_figure(stream.public_id, **{**SAID, "number": 1_210_000}, by=by)
    rows = list(queries.outside_figures(stream))
    assert [row.number for row in rows] == [1_200_000, 1_210_000]  # a correction is a later row
    assert rows[0].recorded_by == by.account_id
    assert (rows[0].source, rows[0].said_on) == ("宁波广电集团", date(2026, 11, 25))
    job.digest_due(at=OVER)
    assert the_figures()[1] == 3  # ours stays what it is


def test_who_does_not_host_records_nothing(cast, stream):
    with pytest.raises(Forbidden):
        actions.record_outside_figure(stream.public_id, **SAID, by=cast.actor("staff"))
    with pytest.raises(NotFound):
        actions.record_outside_figure("nothing", **SAID, by=CITY)
    assert not OutsideFigure.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "  "},
        {"figure": "likes"},
        {"number": -1},
        {"number": 10**12},
        {"said_on": date(2026, 11, 23)},
        {"said_on": date(2026, 11, 26)},
    ],
)
def test_a_figure_without_source_or_out_of_all_bounds_is_refused(stream, wrong):
    with pytest.raises(RuleBroken):
        actions.record_outside_figure(stream.public_id, **(SAID | wrong), by=CITY)


def test_no_action_changes_or_removes_a_figure():
    names = {name for name in vars(actions) if name.startswith(("edit_", "remove_", "delete_"))}
    assert names == set()
    assert {d.code for d in DEFINITIONS} == {"plays", "viewers", "peak", "curve"}
    assert set(OutsideFigure.Figure.values) < {d.code for d in DEFINITIONS}
