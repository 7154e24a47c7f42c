"""The figures of an evening's broadcast: ours from the digest, the broadcaster's own beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext

from groundwork.base import clock
from groundwork.live.models import Digest, OutsideFigure, Stream
from groundwork.live.queries.playing import stream_of
from groundwork.live.queries.watching import curve_of, digest_of, outside_figures
from groundwork.live.rules.figures import DEFINITIONS
from groundwork.study.models import Evening

KIND = "study.evening"
STEP = 5  # minutes from row to row of the table; the drawing has every minute


@dataclass(frozen=True)
class Figure:
    """One figure: its name, number, definition and source, and what others say of the same."""

    code: str
    name: str
    number: int | None
    sentence: str
    source: str
    said: tuple[OutsideFigure, ...]


@dataclass(frozen=True)
class FiguresPage:
    """What is known of an evening's audience."""

    stream: Stream | None
    digest: Digest | None
    figures: tuple[Figure, ...]
    curve: list[tuple[str, int]]  # every minute, for the drawing
    table: list[tuple[str, int]]  # every fifth, and the peak's

    @property
    def peak_time(self) -> str:
        """Give the minute of the peak as the city's clocks showed it, '' for none."""
        if self.digest is None or self.digest.peak_at is None:
            return ""
        return f"{self.digest.peak_at.astimezone(clock.ZONE):%H:%M}"


def figures_page(evening: Evening) -> FiguresPage:
    """Read the figures of an evening in three statements."""
    stream = stream_of(KIND, evening.public_id)
    digest = digest_of(stream) if stream is not None else None
    said = list(outside_figures(stream)) if stream is not None else []
    points = (
        [(point.at.astimezone(clock.ZONE), point.viewers.n) for point in curve_of(digest)]
        if digest is not None
        else []
    )
    peak = digest.peak_at if digest is not None else None
    named = [(f"{at:%H:%M}", n) for at, n in points]
    table = [
        (name, n)
        for (at, _n), (name, n) in zip(points, named, strict=True)
        if at.minute % STEP == 0 or (peak is not None and timedelta(0) <= peak - at < MINUTE)
    ]
    return FiguresPage(stream, digest, _figures(digest, said), named, table)


MINUTE = timedelta(minutes=1)


def _figures(digest: Digest | None, said: list[OutsideFigure]) -> tuple[Figure, ...]:
    """Give the figures that are one number, with their definitions in the reader's language."""
    return tuple(
        Figure(
            code=one.code,
            name=gettext(one.name),
            number=getattr(digest, one.code) if digest is not None else None,
            sentence=gettext(one.sentence),
            source=gettext(one.source),
            said=tuple(row for row in said if row.figure == one.code),
        )
        for one in DEFINITIONS
        if one.code in OutsideFigure.Figure.values
    )
