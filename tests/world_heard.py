"""What people said, watched and were asked: for shares, medians and sealed numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.base import clock
from groundwork.base.actor import Actor, system
from groundwork.live.actions.streams import open_stream
from groundwork.live.actions.watching import write_digest
from groundwork.live.rules.figures import Figures
from groundwork.matters.actions.verdict import Said, rate_answer
from groundwork.matters.tests.make import receipt_at
from groundwork.voices.models import Survey
from groundwork.web.actions import record_form_timing

CITY = system("tests")
SAID = (
    Said(answered=True, satisfied=True),
    Said(answered=True),
    Said(answered=False, satisfied=False),
    Said(satisfied=True),
    Said(),
    Said(answered=True, satisfied=False),
)


def build(world: Any) -> None:
    """Let six matters be solved in two districts, two evenings be watched, a survey be answered."""
    cast, at = world.cast, world.at
    for n, said in enumerate(SAID):
        receipt = receipt_at(
            cast,
            "solved" if n % 3 else "answered",
            at=at - timedelta(days=3 * n + 1, minutes=7 * n),
            place="dongsheng" if n % 2 else "chenglang",
            words=f"第{n}盏路灯不亮，晚上看不见路。",
        )
        rate_answer(receipt.secret, said, by=Actor(), at=at)
    for n in range(9):
        with clock.at(at - timedelta(days=n % 3)):
            now = int(clock.now().timestamp())
            record_form_timing("matters.rate" if n % 4 else "study.evening", now - 37 * n - 20)
    for n in range(2):
        watched(cast, f"evening{n}", at - timedelta(days=7 * n, hours=2))
    Survey.objects.create(
        title="食堂几点开饭", authority="局党委会议", body=cast.bodies["unit"],
        place=cast.places["chenglang"], way="invited", state="closed", seed="x", invited=9,
        answered=7, population=30, opens_at=at - timedelta(days=9),
        closes_at=at - timedelta(days=1),
    )  # fmt: skip


def watched(cast: Any, name: str, starts: datetime) -> None:
    """Let a stream be over and digested."""
    stream = open_stream(
        subject_kind="study.evening", subject_id=name, title="数字经济与宁波制造",
        starts_at=starts, ends_at=starts + timedelta(minutes=90), host=cast.bodies["unit"],
        by=CITY, at=starts - timedelta(days=1),
    )  # fmt: skip
    counted = Figures(plays=1900, viewers=1204, peak=870, peak_minute=1, curve=(0, 870, 3))
    origin = int(starts.timestamp())
    write_digest(stream, counted, origin=origin, refused={}, by=CITY, at=starts)
