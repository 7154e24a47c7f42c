"""Let the demo city watch the night of note: drawn by chance, digested as a real evening is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from groundwork.base.actor import NOBODY, Actor
from groundwork.live.actions.streams import close_stream
from groundwork.live.actions.watching import record_outside_figure, write_digest
from groundwork.live.models import Digest, Stream
from groundwork.live.queries.playing import stream_of
from groundwork.live.rules.audience import columns_of
from groundwork.live.rules.figures import count_figures
from groundwork.live.rules.pulse import minute_at, watch_hours
from groundwork.matters.actions.knocking import Sender
from groundwork.study.actions.hall import ask_question, move_question
from groundwork.study.models import Evening

LATER = timedelta(minutes=16)  # the last pulse is taken a quarter of an hour after the end
# (minutes after the start, what was asked, whether it was answered): our own words.
ASKED: Sequence[tuple[int, str, bool]] = (
    (12, "小企业没有自己的技术员，数字化从哪里开始？", True),
    (25, "窗口的系统和企业自己的系统对不上，谁来牵头？", True),
    (41, "老职工学起来吃力，有没有手把手的班？", True),
    (63, "能不能把今晚的案例发一份给各单位？", False),
)


def write_audience(evening: Evening, viewers: int, seed: int, *, by: Actor) -> Digest:
    """Close the evening's stream and write its digest, counted from minute bits drawn by chance.

    The same code counts as after a real evening; only the bits are drawn.
    """
    stream = stream_of("study.evening", evening.public_id)
    assert stream is not None
    _run(stream, by)
    hours = watch_hours(stream.starts_at, stream.ends_at, stream.ended_at)
    minutes = minute_at(hours, hours.ends) + 1
    starts = minute_at(hours, stream.starts_at.timestamp())
    rng = np.random.default_rng([seed, 20200519])
    columns = columns_of(max(1, viewers), starts, minutes - 1, minutes, rng)
    figures = count_figures(columns, minutes)
    counted_at = stream.ends_at + LATER
    digest = write_digest(stream, figures, origin=hours.origin, refused={}, by=by, at=counted_at)
    _ask(evening, by)
    record_outside_figure(
        stream.public_id, figure="plays", number=figures.plays * 104 // 100,
        source="宁波广电集团（演示）", said_on=counted_at.date() + timedelta(days=1), by=by,
        at=counted_at + timedelta(days=1, hours=12),
    )  # fmt: skip
    return digest


def _run(stream: Stream, by: Actor) -> None:
    """Say that the stream ran in its hours and was ended by its host."""
    Stream.objects.filter(pk=stream.pk).update(started_at=stream.starts_at)
    close_stream(stream.public_id, by=by, at=stream.ends_at)
    stream.refresh_from_db()


def _ask(evening: Evening, by: Actor) -> None:
    for n, (minutes, words, answered) in enumerate(ASKED):
        at: datetime = evening.starts_at + timedelta(minutes=minutes)
        sender = Sender(f"demo {n}", "")
        question = ask_question(evening.public_id, words, sender=sender, by=NOBODY, at=at)
        later = at + timedelta(minutes=3)
        move_question(evening.public_id, question.public_id, "shortlist", by=by, at=later)
        if answered:
            move_question(evening.public_id, question.public_id, "answer", by=by, at=later)
