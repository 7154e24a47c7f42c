"""Charts: one declaration for a page, a wall, a document and a picture; no Django, no library.

A `Chart` says what is drawn; `lines_of` and `share_of` say where, in hundredths, for the page's own
template; `drawn` draws it whole, words and all, for what stands without the page's style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

WIDE, HIGH = 100, 40  # of a curve, in its own units; the page stretches it
MOST_SHORT, MOST_LONG = 7, 4  # labels beside each other under a curve on a phone
SHORT = 3  # signs of a short one: 11月, Nov
INK, QUIET, LINE, BLUE, WASH = "#1d2329", "#56606b", "#e4dfd5", "#1f4f7a", "#e6eef5"
SANS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
Kind = Literal["curve", "bars"]


@dataclass(frozen=True)
class Mark:
    """One place of a chart: what it is called, how high it is, how that is written.

    `value` is None where there is no number to show, such as a share of fewer than five. `name` is
    the label in full, for the table.
    """

    label: str
    value: float | None
    shown: str = ""
    name: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """The number as it is read."""
        return self.shown or ("—" if self.value is None else f"{self.value:,.10g}")


@dataclass(frozen=True)
class Chart:
    """What is drawn. Marks keep the order they are given in; nothing here sorts them.

    `most` is the value at the top of a curve; None: the highest there is.
    """

    title: str
    marks: Sequence[Mark]
    kind: Kind = "curve"
    most: float | None = None

    @property
    def known(self) -> list[Mark]:
        """The marks that have a number."""
        return [mark for mark in self.marks if mark.value is not None]

    @property
    def highest(self) -> Mark | None:
        """The first of the highest marks."""
        return max(self.known, key=lambda mark: mark.value or 0, default=None)

    @property
    def top(self) -> float:
        """The value at the top, never nought."""
        most = self.most
        if most is None:
            most = max((mark.value or 0 for mark in self.known), default=0)
        return most or 1

    @property
    def top_shown(self) -> str:
        """How the value at the top is written."""
        if self.most is not None:
            return f"{self.most:g}%" if self.most == 100 else f"{self.most:,g}"
        return self.highest.text if self.highest else ""

    @property
    def drawable(self) -> bool:
        """Tell whether there is a curve at all: one point is none, noughts alone say nothing."""
        if self.kind == "bars":
            return any(mark.value for mark in self.known)
        return len(self.marks) > 1 and any(mark.value for mark in self.known)


Point = tuple[float, float]


def lines_of(chart: Chart, wide: float = WIDE, high: float = HIGH) -> list[list[Point]]:
    """Give the lines of a curve, left to right; a mark without a number interrupts them."""
    last = max(1, len(chart.marks) - 1)
    points = [
        None
        if mark.value is None
        else (round(wide * i / last, 2), round(high * (1 - mark.value / chart.top), 2))
        for i, mark in enumerate(chart.marks)
    ]
    runs = groupby(points, key=lambda point: point is not None)
    return [[point for point in run if point is not None] for there, run in runs if there]


def share_of(chart: Chart, mark: Mark) -> float:
    """Give how long a bar is, in hundredths of the longest."""
    return round(100 * (mark.value or 0) / chart.top, 2)


def labels_of(chart: Chart) -> list[tuple[int, Mark]]:
    """Choose which marks are named under a curve: the first, the last, some evenly between."""
    short = all(len(mark.label) <= SHORT for mark in chart.marks)
    most = MOST_SHORT if short else MOST_LONG
    last = len(chart.marks) - 1
    if last <= 0:
        return list(enumerate(chart.marks))
    for parts in range(min(most - 1, last), 1, -1):
        if last % parts == 0:
            break
    else:
        parts = 1
    return [(i * last // parts, chart.marks[i * last // parts]) for i in range(parts + 1)]


def path_of(line: Sequence[Point]) -> str:
    """Write a line as a path; a single point becomes a dot where the ends are round."""
    first, *others = line
    drawn = "".join(f"L{x:g} {y:g}" for x, y in others) or "h.01"
    return f"M{first[0]:g} {first[1]:g}{drawn}"


# ---- whole, words and all ---------------------------------------------------------------------
PAD = 8  # around everything


def drawn(chart: Chart, width: int = 720, height: int = 240, size: int = 15) -> str:
    """Draw a chart with its words as a picture of its own (SVG): for documents, sheets, images.

    `size` is that of the words; bars are as high as they are many.
    """
    if chart.kind == "bars":
        height = int(2 * PAD + size * 2.2 * len(chart.marks))
    draw = _bars if chart.kind == "bars" else _curve
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img"><title>{escape(chart.title)}</title>'
        f"{draw(chart, Pen(width, height, size))}</svg>"
    )


@dataclass(frozen=True)
class Pen:
    """How large a picture is and its words are."""

    width: int
    height: int
    size: int

    def words(self, x: float, y: float, text: str, end: str = "start", colour: str = QUIET) -> str:
        """Write words; `end` is where they are held: start, middle or end."""
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{SANS}" font-size="{self.size}"'
            f' fill="{colour}" text-anchor="{end}">{escape(text)}</text>'
        )

    def room_for(self, texts: Sequence[str]) -> float:
        """Measure the longest of some words: a Chinese character is as wide as the type is high."""
        widths = (sum(0.6 if s.isascii() else 1 for s in text) for text in texts)
        return self.size * max(widths, default=0)


def _curve(chart: Chart, pen: Pen) -> str:
    size, left = pen.size, PAD + pen.room_for([chart.top_shown, "0"]) + PAD
    wide, high = pen.width - left - 2 * PAD, pen.height - 2 * PAD - 2 * size
    floor = PAD + size / 2 + high
    parts = [pen.words(left - PAD, PAD + size, chart.top_shown, "end")]
    parts.append(pen.words(left - PAD, floor + size / 3, "0", "end"))
    for y, colour in ((floor - high, LINE), (floor, QUIET)):
        parts.append(f'<path d="M{left:g} {y:g}h{wide:g}" stroke="{colour}" fill="none"/>')
    for line in lines_of(chart, wide, high):
        moved = [(round(left + x, 2), round(floor - high + y, 2)) for x, y in line]
        over = path_of(moved)
        under = f"{over}L{moved[-1][0]:g} {floor:g}L{moved[0][0]:g} {floor:g}Z"
        parts.append(f'<path d="{under}" fill="{WASH}"/>')
        parts.append(
            f'<path d="{over}" fill="none" stroke="{BLUE}"'
            f' stroke-width="{2.5 if len(line) > 1 else 7}"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )
    named = labels_of(chart)
    for i, mark in named:
        x = left + wide * i / max(1, len(chart.marks) - 1)
        end = "start" if i == 0 else "end" if mark is named[-1][1] else "middle"
        parts.append(pen.words(x, floor + size * 1.4, mark.label, end))
    return "".join(parts)


def _bars(chart: Chart, pen: Pen) -> str:
    size, left = pen.size, 2 * PAD + pen.room_for([mark.label for mark in chart.marks])
    room = pen.width - left - 2 * PAD - pen.room_for([mark.text for mark in chart.marks])
    parts = []
    for i, mark in enumerate(chart.marks):
        y = PAD + size * 2.2 * i
        long = room * share_of(chart, mark) / 100
        parts.append(pen.words(left - PAD, y + size * 1.4, mark.label, "end", INK))
        parts.append(
            f'<rect x="{left:.1f}" y="{y + 4:.1f}" width="{long:.1f}" height="{size * 1.5:.1f}"'
            f' fill="{BLUE}"/>'
        )
        parts.append(pen.words(left + long + PAD, y + size * 1.4, mark.text))
    return "".join(parts)
