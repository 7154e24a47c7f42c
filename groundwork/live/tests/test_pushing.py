"""Encoders and keys: who is let in, rehearsals, silent lines, second encoders, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.access.models import Notice
from groundwork.base.errors import Forbidden, NotFound, RuleBroken
from groundwork.base.models import OutboxMessage
from groundwork.live.actions import pushing, streams
from groundwork.live.actions.closing import WORK
from groundwork.live.models import Push, Recording, Stream
from groundwork.live.models.stream import Reach
from groundwork.live.policy.streams import stream_for, watch_files
from groundwork.live.rules.pushing import LEAST_FREE, MARGIN, Refused, is_tight, room_for
from groundwork.live.tests.make import AT, CITY, a_stream

pytestmark = pytest.mark.django_db
ROOM = LEAST_FREE * 100
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def keyed(cast, who: str = "city_operator", **more) -> tuple[Stream, str]:
    stream = a_stream(cast, **more)
    return stream, streams.renew_key(stream.public_id, by=cast.actor(who), at=AT - MINUTE)


def begin(key: str, at=AT) -> pushing.Begun:
    return pushing.begin_push(key, free=ROOM, at=at)


def state(stream: Stream) -> str:
    stream.refresh_from_db()
    return stream.state


def refusal(key: str, at=AT, free: int = ROOM) -> str:
    with pytest.raises(Refused) as refused:
        pushing.begin_push(key, free=free, at=at)
    return refused.value.code


def test_the_key_lets_in_and_nothing_else_does(cast):
    stream, key = keyed(cast)
    assert refusal(key + "x") == "bad_key"
    assert refusal("") == "bad_key"
    assert refusal(stream.key_digest) == "bad_key"  # what the database holds is no key
    begun = begin(key)
    assert (begun.stream, begun.part, begun.shown) == (stream.public_id, 1, True)
    assert state(stream) == "on_air"


def test_a_stream_without_a_key_cannot_be_broadcast(cast):
    a_stream(cast)
    assert refusal("") == "bad_key"


def test_a_new_key_cuts_off_who_has_the_old_one(cast):
    stream, old = keyed(cast)
    begun = begin(old)
    new = streams.renew_key(stream.public_id, by=CITY, at=AT + MINUTE)
    assert pushing.beat_push(begun.push, seconds=1, at=AT + MINUTE).stop == "bad_key"
    assert refusal(old, AT + MINUTE) == "bad_key"
    pushing.end_push(begun.push, "closed", at=AT + MINUTE)
    assert begin(new, AT + MINUTE).part == 2


def test_the_second_of_two_is_refused_noted_once_and_the_host_is_told(cast):
    stream, key = keyed(cast)
    first = begin(key)
    for tries in range(3):
        assert refusal(key, AT + (tries + 1) * SECOND) == "second"
    with pytest.raises(Refused):
        pushing.check_push(key, free=ROOM, at=AT + 4 * SECOND)  # nginx asks
    assert [push.ending for push in stream.pushes.all()] == ["", "second"]
    assert pushing.beat_push(first.push, seconds=3, at=AT + 4 * SECOND).stop == ""
    notice = Notice.objects.get()
    assert notice.account == cast.accounts["city_operator"]
    assert "另一台设备" in notice.text


def test_a_line_that_fell_silent_gives_way_and_both_parts_are_one_recording(cast):
    stream, key = keyed(cast)
    old = begin(key)
    pushing.beat_push(old.push, seconds=4, at=AT + 4 * SECOND)
    assert refusal(key, AT + 11 * SECOND) == "second"
    new = begin(key, AT + 12 * SECOND)
    assert (new.recording, new.part) == (old.recording, 2)
    assert Push.objects.get(pk=old.push).ending == "lost"
    assert pushing.beat_push(old.push, seconds=4, at=AT + 13 * SECOND).stop == "over"
    pushing.end_push(old.push, "lost", seconds=4, at=AT + 14 * SECOND)
    assert state(stream) == "on_air"  # the second goes on


def test_a_broken_line_is_broken_for_viewers_until_the_same_key_comes_back(cast):
    stream, key = keyed(cast)
    begun = begin(key)
    pushing.end_push(begun.push, "lost", seconds=60, at=AT + MINUTE)
    assert state(stream) == "broken"
    assert stream.broken_at == AT + MINUTE
    begin(key, AT + 2 * MINUTE)
    assert state(stream) == "on_air"
    assert stream.started_at == AT
    parts = Recording.objects.get().parts.values_list("number", "duration")
    assert list(parts) == [(1, 60.0), (2, None)]


def test_what_comes_long_before_the_start_is_a_rehearsal_for_hosts_only(cast):
    start = AT + 30 * MINUTE
    stream, key = keyed(cast, starts_at=start, ends_at=start + 90 * MINUTE)
    begun = begin(key)
    assert not begun.shown
    assert state(stream) == "waiting"
    watch_files(cast.actor("city_operator"), stream, "low.m3u8")
    with pytest.raises(NotFound):
        watch_files(cast.actor("staff"), stream, "low.m3u8")
    assert not pushing.beat_push(begun.push, seconds=1000, at=AT + 19 * MINUTE).shown
    assert pushing.beat_push(begun.push, seconds=1200, at=AT + 20 * MINUTE).shown
    assert state(stream) == "on_air"
    assert Recording.objects.get().trim_start == 1200  # the replay begins where viewers began


def test_a_rehearsal_that_ends_breaks_nothing(cast):
    start = AT + 30 * MINUTE
    stream, key = keyed(cast, starts_at=start, ends_at=start + 90 * MINUTE)
    pushing.end_push(begin(key).push, "stopped", seconds=60, at=AT + MINUTE)
    assert state(stream) == "waiting"


def test_a_goodbye_past_the_end_closes_and_puts_the_recording_before_the_worker(cast):
    stream, key = keyed(cast)
    begun = begin(key)
    after = stream.ends_at + MINUTE
    pushing.end_push(begun.push, "stopped", seconds=5400, at=after)
    assert state(stream) == "ended"
    assert Recording.objects.get().state == "waiting"
    assert OutboxMessage.objects.filter(kind=WORK).count() == 1
    assert refusal(key, after) == "over"


def test_the_host_ends_it_cuts_the_encoder_off_and_may_take_that_back(cast):
    stream, key = keyed(cast)
    begun, host = begin(key), cast.actor("city_operator")
    streams.close_stream(stream.public_id, by=host, at=AT + MINUTE)
    assert Recording.objects.get().state == "growing"  # the encoder still sends
    assert pushing.beat_push(begun.push, seconds=60, at=AT + MINUTE).stop == "over"
    pushing.end_push(begun.push, "closed", seconds=62, at=AT + MINUTE)
    assert Recording.objects.get().state == "waiting"
    streams.reopen_stream(stream.public_id, by=host, at=AT + 2 * MINUTE)
    assert begin(key, AT + 2 * MINUTE).part == 2
    assert Recording.objects.get().state == "growing"
    for act in (streams.close_stream, streams.reopen_stream, streams.renew_key):
        with pytest.raises(Forbidden):
            act(stream.public_id, by=cast.actor("staff"))


def test_a_full_disk_stops_the_recording_and_tells_the_host_and_at_the_last_the_encoder(cast):
    stream, key = keyed(cast)
    begun = begin(key)
    for beat in range(2):
        pushing.beat_push(begun.push, seconds=60, cut_short=True, at=AT + (1 + beat) * SECOND)
    assert Recording.objects.get().cut_short
    assert Notice.objects.filter(kind="live.disk").count() == 1
    assert state(stream) == "on_air"  # viewers go on watching
    pushing.end_push(begun.push, "disk", seconds=60, at=AT + MINUTE)
    assert Notice.objects.filter(kind="live.full").count() == 1
    assert refusal(key, AT + MINUTE, free=LEAST_FREE - 1) == "disk"


def test_a_disk_that_will_be_short_is_told_before_it_is_and_once(cast):
    stream, key = keyed(cast)
    begun, left = begin(key), (stream.ends_at - AT + MARGIN).total_seconds()
    assert not pushing.beat_push(begun.push, seconds=60, room=left, at=AT).tight
    assert not Notice.objects.exists()
    for beat in range(2):
        assert pushing.beat_push(begun.push, seconds=60, room=599, at=AT + beat * SECOND).tight
    told = Notice.objects.get()
    assert told.kind == "live.tight"
    assert "只够再录 9 分钟" in told.text
    assert not pushing.beat_push(begun.push, seconds=60, at=AT).tight  # the host knows


def test_how_long_a_disk_lasts():
    assert room_for(3_000, 1_000, pace=100) == 20
    assert room_for(900, 1_000, pace=100) == 0
    assert room_for(900, 0, pace=0) == float("inf")
    assert is_tight(599, AT, AT - MINUTE)  # past the planned end: ten minutes are wanted
    assert not is_tight(600, AT, AT - MINUTE)


def test_a_receiver_that_died_leaves_nothing_on_air(cast):
    stream, key = keyed(cast)
    begin(key)
    assert pushing.sweep_pushes(at=AT + 59 * SECOND) == 0
    assert pushing.sweep_pushes(at=AT + 60 * SECOND) == 1
    assert (state(stream), stream.pushes.get().ending) == ("broken", "restart")
    begin(key, AT + 2 * MINUTE)
    assert pushing.recover_pushes(at=AT + 2 * MINUTE) == 1  # a new receiver does not wait


def test_a_stream_whose_line_never_came_back_ends_by_itself(cast):
    stream, key = keyed(cast)
    pushing.end_push(begin(key).push, "lost", seconds=60, at=AT + MINUTE)
    assert pushing.end_streams(at=stream.ends_at + 9 * MINUTE) == 0
    assert pushing.end_streams(at=stream.ends_at + 10 * MINUTE) == 1
    assert state(stream) == "ended"
    assert Recording.objects.get().state == "waiting"


def test_a_stream_nobody_sent_into_waits_for_its_upload(cast):
    stream = a_stream(cast)
    assert pushing.end_streams(at=stream.ends_at + 600 * MINUTE) == 0
    assert state(stream) == "waiting"


def test_what_is_not_broadcast_from_here_takes_no_encoder_and_gives_no_key(cast):
    stream, key = keyed(cast)
    streams.move_stream(
        stream.public_id, source="outside", outside_url="https://tv.example.cn/", by=CITY
    )
    assert refusal(key) == "source"
    with pytest.raises(RuleBroken):
        streams.renew_key(stream.public_id, by=CITY)
    with pytest.raises(RuleBroken):
        streams.move_stream(stream.public_id, outside_url="", by=CITY)


def test_who_sees_a_stream_by_its_reach(cast):
    def seen(reach: str) -> set[str]:
        stream = a_stream(cast, subject_id=reach, reach=reach)
        found = set()
        for who in ("resident", "staff", "city_operator"):
            try:
                stream_for(cast.actor(who), stream.public_id)
            except NotFound:
                continue
            found.add(who)
        return found

    assert seen(Reach.PUBLIC) == {"resident", "staff", "city_operator"}
    assert seen(Reach.STAFF) == {"staff", "city_operator"}
    assert seen(Reach.HOSTS) == {"city_operator"}
