"""The box of big numbers that a newspaper prints, as a picture made of words and lines (SVG).

It is laid out here, in Chinese: a character is as wide as the type is high, a digit a good half.
Three layouts: `board` three beside each other, `column` one below the other, `strip` all in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from groundwork.base.chart import Chart, drawn
from groundwork.figures.queries.paper import Entry, Paper

MOST = 6  # numbers of one picture: more of them nobody takes in
EDGE, GAP = 56, 28
INK, QUIET, LINE, PAPER = "#1d2329", "#56606b", "#e4dfd5", "#faf8f4"
BLUE, RED = "#1f4f7a", "#b3261e"
SANS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
SERIF = "Noto Serif CJK SC, Noto Serif SC, Songti SC, SimSun, serif"
NOTE = 22  # the size of the small print
_NOT_FIRST = "，。、；：）》”！？%"
_WIDTHS = {",": 0.29, ".": 0.29, ":": 0.29, " ": 0.25, "/": 0.4, "%": 0.95, "-": 0.4, "·": 0.3}


def width_of(text: str, size: float) -> float:
    """Measure words: a Chinese character is as wide as the type is high."""
    return size * sum(_WIDTHS.get(s, 0.6 if s.isascii() else 1.0) for s in text)


def lines_of(text: str, size: float, room: float, most: int) -> list[str]:
    """Break words into lines that fit; no line begins with a closing mark, the last one says … ."""
    lines = [""]
    for sign in text:
        fits = width_of(lines[-1] + sign, size) <= room
        if fits or (sign in _NOT_FIRST and lines[-1]):
            lines[-1] += sign
        else:
            lines.append(sign)
    if len(lines) > most:
        kept = lines[most - 1]
        while kept and width_of(f"{kept}…", size) > room:
            kept = kept[:-1]
        lines = [*lines[: most - 1], f"{kept}…"]
    return lines


def even_lines(text: str, size: float, room: float, most: int) -> list[str]:
    """Break words into as few lines as fit, of like length: no character stands alone."""
    count = len(lines_of(text, size, room, most))
    even = lines_of(text, size, min(room, width_of(text, size) / count + size / 2), most)
    return even if len(even) == count else lines_of(text, size, room, most)


def fitting(text: str, room: float, largest: float) -> float:
    """Give the largest type in which words stand on one line."""
    return min(largest, largest * room / max(width_of(text, largest), 1))


@dataclass(frozen=True)
class Drawn:
    """A picture and its size in points."""

    svg: str
    width: int
    height: int


class Drawing:
    """A picture that grows downwards."""

    def __init__(self, width: int) -> None:
        self.width, self.y = width, float(EDGE)
        self.parts: list[str] = []

    def words(self, x: float, y: float, text: str, size: float, *, colour: str = INK,
              font: str = SANS, bold: bool = False, end: bool = False) -> None:  # fmt: skip
        """Write words on the line `y`; `end`: they end at `x`."""
        more = ' font-weight="700"' if bold else ""
        more += ' text-anchor="end"' if end else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{font}" font-size="{size:.1f}"'
            f' fill="{colour}"{more}>{escape(text)}</text>'
        )

    def rule(self, x: float, y: float, across: float, colour: str = LINE, thick: float = 2) -> None:
        """Draw a line across."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{across:.1f}" height="{thick}" fill="{colour}"/>'
        )

    def block(self, x: float, text: str, size: float, room: float, most: int, *,
              colour: str = INK, font: str = SANS, bold: bool = False) -> None:  # fmt: skip
        """Write a paragraph and go below it."""
        for line in lines_of(text, size, room, most):
            self.words(x, self.y + size, line, size, colour=colour, font=font, bold=bold)
            self.y += size * 1.42

    def closed(self, title: str) -> Drawn:
        """Close the picture."""
        height = round(self.y + EDGE)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}"'
            f' width="{self.width}" height="{height}" role="img" lang="zh-Hans">'
            f"<title>{escape(title)}</title>"
            f'<rect width="{self.width}" height="{height}" fill="{PAPER}"/>'
            f'<rect width="{self.width}" height="10" fill="{BLUE}"/>{"".join(self.parts)}</svg>'
        )
        return Drawn(svg, self.width, height)


def _head(drawing: Drawing, paper: Paper) -> None:
    room = drawing.width - 2 * EDGE
    drawing.block(EDGE, paper.issuer, 26, room, 1, colour=RED, font=SERIF, bold=True)
    drawing.block(EDGE, paper.title, 44, room, 3, font=SERIF, bold=True)
    if paper.draft:
        drawing.block(EDGE, "草稿，未发布，不得引用", 26, room, 1, colour=RED, bold=True)
    for note in (paper.correction, paper.corrected):
        if note:
            drawing.block(EDGE, note, 26, room, 3, colour=RED)
    drawing.y += GAP / 2


def _foot(drawing: Drawing, entries: Sequence[Entry]) -> None:
    """Say of where and when the numbers are; the definitions stand in the document."""
    room = drawing.width - 2 * EDGE
    drawing.y += GAP / 2
    drawing.rule(EDGE, drawing.y, room)
    drawing.y += GAP / 2
    first = entries[0]
    drawing.block(
        EDGE,
        f"{first.where}，{first.period}。截至{max(e.cutoff for e in entries)}。"
        "每个数怎么数的，见文稿所附“数据说明”。",
        NOTE,
        room,
        3,
        colour=QUIET,
    )


def _sub(entry: Entry, first: Entry) -> str:
    """Say of a number what it is made of, and its place and period where they are others."""
    other = [entry.where] if entry.where != first.where else []
    other += [entry.period] if entry.period != first.period else []
    return " · ".join([*other, *([entry.made_of] if entry.made_of else [])])


@dataclass(frozen=True)
class Row:
    """Numbers beside each other: how wide each is, the sizes of their type, their titles' lines."""

    room: float
    size: float
    small: float
    entries: Sequence[Entry]

    @property
    def titles(self) -> list[list[str]]:
        """Each title in lines of like length."""
        return [even_lines(entry.title, self.small, self.room, 2) for entry in self.entries]


def _row(drawing: Drawing, row: Row, first: Entry) -> None:
    """Set a row: titles end on one line, numbers stand on one, what they are made of below."""
    top, titles = drawing.y, row.titles
    title_end = top + GAP / 2 + max(map(len, titles)) * row.small * 1.35
    base = title_end + row.size * 1.04
    ends = [base + GAP]
    for n, entry in enumerate(row.entries):
        x = EDGE + n * (row.room + GAP)
        drawing.rule(x, top, row.room, BLUE, 4)
        for line, text in enumerate(titles[n]):
            y = top + GAP / 2 + row.small * (1.1 + 1.35 * line)
            drawing.words(x, y, text, row.small)
        drawing.words(x, base, entry.alone, row.size, colour=BLUE, bold=True)
        if entry.unit:
            at = x + width_of(entry.alone, row.size) + 8
            drawing.words(at, base, entry.unit, row.small, colour=QUIET)
        drawing.y = base + row.size * 0.22
        if sub := _sub(entry, first):
            drawing.block(x, sub, NOTE, row.room, 2, colour=QUIET)
        ends.append(drawing.y)
    drawing.y = max(ends) + GAP


def _grid(drawing: Drawing, entries: Sequence[Entry], across: int, largest: float) -> None:
    room = (drawing.width - 2 * EDGE - GAP * (across - 1)) / across
    small = max(NOTE, largest * 0.36)
    units = [width_of(entry.unit, small) + 8 if entry.unit else 0 for entry in entries]
    size = min(
        fitting(entry.alone, room - unit, largest)
        for entry, unit in zip(entries, units, strict=True)
    )
    for start in range(0, len(entries), across):
        row = Row(room, size, small, entries[start : start + across])
        _row(drawing, row, entries[0])


def _curve(drawing: Drawing, caption: str, chart: Chart) -> None:
    """Set the document's first curve below its numbers, as it stands in the text."""
    room = drawing.width - 2 * EDGE
    high = max(220, round(room / 4))
    drawing.block(EDGE, caption, NOTE, room, 2)
    picture = drawn(chart, room, high, size=NOTE)
    drawing.parts.append(f'<g transform="translate({EDGE},{drawing.y:.0f})">{picture}</g>')
    drawing.y += high + GAP


def draw(paper: Paper, layout: str) -> Drawn:
    """Draw the first numbers of a document. Raises KeyError for a layout that there is not."""
    width, across, largest = LAYOUTS[layout](len(paper.entries[:MOST]))
    entries, drawing = paper.entries[:MOST], Drawing(width)
    _head(drawing, paper)
    if entries:
        _grid(drawing, entries, across, largest)
        for caption, chart in list(paper.charts.items())[:1]:
            _curve(drawing, caption, chart)
        _foot(drawing, entries)
    return drawing.closed(paper.title)


# Of each layout: how wide, how many beside each other, how large their type may be.
LAYOUTS: dict[str, Callable[[int], tuple[int, int, float]]] = {
    "board": lambda n: (1200, 2 if n in (2, 4) else 3, 92),
    "column": lambda n: (720, 1, 112),
    "strip": lambda n: (1600, max(n, 3), 72),
}
