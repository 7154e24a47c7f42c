"""Who may open which address: one row each, read like a table on paper.

`row.py` says how to read a row; the rows stand by area in the other files.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tests.cast import RESIDENT
from tests.matrix import (
    campaigns,
    desk,
    discussion,
    doors,
    duty,
    figures,
    inquiry,
    live,
    matters,
    projects,
    service,
    study,
    voices,
)
from tests.matrix.row import Row
from tests.world import World

TABLE: list[Row] = [
    *doors.ROWS,
    *desk.ROWS,
    *study.ROWS,
    *matters.ROWS,
    *service.ROWS,
    *duty.ROWS,
    *live.ROWS,
    *voices.ROWS,
    *campaigns.ROWS,
    *projects.ROWS,
    *discussion.ROWS,
    *inquiry.ROWS,
    *figures.ROWS,
]

# Who reads which page where one reader is enough: the first of these who may.
READERS = ("unit_secretary", "city_operator", "staff", "enterprise", RESIDENT)


@dataclass(frozen=True)
class Page:
    """A page to look at, and as whom."""

    name: str
    url: str
    who: str


def pages(world: World) -> list[Page]:
    """List every page of the table once, with a reader who may open it."""
    return [
        Page(row.name, reverse(row.name, kwargs=row.arguments(world)), _reader(row))
        for row in TABLE
        if row.page
    ]


def _reader(row: Row) -> str:
    wished = (row.reader,) if row.reader else READERS
    return next(who for who in (*wished, *sorted(row.yes)) if who in row.yes)
