"""The evening's screen: one reading for however many eyes, kept for five seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Substr

from groundwork.base.kept import kept
from groundwork.live.queries.playing import playing, stream_of
from groundwork.live.queries.watching import watching_now
from groundwork.registry.models import Place
from groundwork.study.models import Evening, HallQuestion, RollEntry, Room
from groundwork.study.queries.hall import signal_of
from groundwork.study.queries.roll import hours_of
from groundwork.study.rules import hall as rules

KIND = "study.evening"
FRESH = 5  # seconds; the screen asks as often


@dataclass(frozen=True)
class Presence:
    """A district and whether anybody from it is there: yes or no, never how many."""

    name: str
    here: bool


@dataclass(frozen=True)
class Screen:
    """What the screen of an evening shows at a moment."""

    at: str
    face: str
    viewers: int | None  # None: nobody counts here, as with an outside broadcast
    curve: list[list[Any]]  # [minute as 18:15, viewers]
    rooms_here: int
    rooms: int
    took_part: int
    districts: list[dict[str, Any]]
    questions_waiting: int
    shortlisted: int


def screen(evening: Evening, at: datetime) -> dict[str, Any]:
    """Give the screen's reading: the kept one, or a new one that one process makes.

    A thousand screens cost what one costs.
    """
    key = f"study.hall_screen:{evening.public_id}"
    return kept(key, at, lambda: asdict(read_screen(evening, at)), fresh=FRESH)


def read_screen(evening: Evening, at: datetime) -> Screen:
    """Read the screen of an evening; the number of statements is constant."""
    stream = stream_of(KIND, evening.public_id)
    found = playing(stream, at) if stream is not None else None
    now = watching_now(stream) if stream is not None else None
    face = rules.face(hours_of(evening), signal_of(stream, found), at)
    entries = RollEntry.objects.filter(evening=evening, withdrawn=False)
    waiting = HallQuestion.objects.filter(evening=evening)
    return Screen(
        at=at.isoformat(),
        face=face,
        viewers=now.viewers.n if now is not None else None,
        curve=[[f"{p.at:%H:%M}", p.viewers.n] for p in now.curve] if now is not None else [],
        rooms_here=entries.exclude(room=None).order_by().values("room").distinct().count(),
        rooms=Room.objects.filter(evening=evening).count(),
        took_part=entries.count(),
        districts=[asdict(district) for district in districts(evening)],
        questions_waiting=waiting.filter(state=HallQuestion.State.WAITING).count(),
        shortlisted=waiting.filter(state=HallQuestion.State.SHORTLISTED).count(),
    )


def districts(evening: Evening) -> list[Presence]:
    """List the districts in directory order, each with whether somebody of it is on the roll."""
    tops = list(Place.objects.filter(level=Place.Level.DISTRICT).order_by("path"))
    if not tops:
        return []
    length = len(tops[0].path)
    paths = (
        RollEntry.objects.filter(evening=evening, withdrawn=False)
        .order_by()
        .annotate(top=Substr(Coalesce(F("body__place__path"), Value("")), 1, length))
        .values_list("top", flat=True)
        .distinct()
    )
    here = set(paths)
    return [Presence(top.name, top.path in here) for top in tops]
