"""What the JSON of figures looks like."""

from __future__ import annotations

from typing import Literal

from ninja import Schema

from groundwork.access.api import Moment


class FigureDefinition(Schema):
    """What a figure counts; `edition` changes with it."""

    key: str
    edition: str
    title: str
    definition: str
    unit: str
    kind: str
    counts: list[str]


class FigureDefinitions(Schema):
    """Every declared figure."""

    items: list[FigureDefinition]


class FigurePlace(Schema):
    """A place by its official code."""

    code: str
    name: str


class FigurePart(Schema):
    """The records of one month or one district; a month has the key of its period."""

    key: str
    name: str
    records: int


class FigureValue(Schema):
    """A figure of a place and a period: `count`, or `part` and `whole` with their quotient.

    `quotient` is a percentage only where `kind` is rate or share, and null under a whole of five.
    Of a share `whole` are those who said anything and `asked` those who were asked. `median` is in
    the figure's unit, null where `records` are under five.
    """

    key: str
    kind: str
    edition: str
    place: FigurePlace
    period: str
    first: str
    last: str
    cutoff: Moment
    shown: str
    count: int | None
    part: int | None
    whole: int | None
    quotient: float | None
    asked: int | None
    median: float | None
    records: int
    months: list[FigurePart]
    districts: list[FigurePart]


class FigureRecord(Schema):
    """One record behind a figure, as the reader may see it; `path` is its page.

    Of different ones each is listed once; a person or a unit has no `day`. `amount` is what it adds
    to the figure, or its measure; null where it counts as one.
    """

    title: str
    sub: str
    day: str
    path: str
    amount: float | None


class FigureRecords(Schema):
    """A page of the records behind a figure; `withheld` are counted and not listed."""

    items: list[FigureRecord]
    next: str
    records: int
    withheld: int


Which = Literal["part", "whole", "asked"]
PARTS: tuple[Which, ...] = ("part", "whole", "asked")  # what `Figure.records` are called here
