"""Numbers as a writer sees them while writing: names in brackets, where the text holds references.

    共提出诉求【提出的诉求】件，去年同期【提出的诉求·2025年10月】件，办结率【办结率·含分子分母】

Place and period stand in a mark only where they are not the document's usual ones, so that most
marks are the name of a figure and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from groundwork.base.errors import N_, RuleBroken
from groundwork.figures.rules.briefing import Token, pieces

WHOLE, CURVE = "含分子分母", "曲线"  # documents are written in Chinese, and so are their marks
_HALF = re.compile(r"【.{0,12}|.{0,12}】")
_MARK = re.compile(r"【([^【】\n]*)】")


class BadMark(RuleBroken):
    """Refuse a mark that names no number."""

    code = "figures.bad_mark"
    text = N_("“%(mark)s”不是一个数：请从旁边的清单里插入；只是文字的，不要用方头括号。")


@dataclass(frozen=True)
class Names:
    """How figures, places and periods are called, by key; and what a mark leaves out."""

    figures: Mapping[str, str]
    places: Mapping[str, str]
    periods: Mapping[str, str]
    place: str
    period: str

    def mark(self, token: Token) -> str:
        """Write a reference as a mark; one that cannot be named stays as it is."""
        figure = self.figures.get(token.figure)
        place = "" if token.place == self.place else self.places.get(token.place)
        period = "" if token.period == self.period else self.periods.get(token.period)
        if figure is None or place is None or period is None:
            return str(token)
        how = CURVE if token.curve else WHOLE if token.whole else ""
        return "【" + "·".join(part for part in (figure, place, period, how) if part) + "】"

    def token(self, mark: str) -> Token:
        """Read a mark, with or without its brackets. Raises BadMark."""
        name, *more = (part.strip() for part in mark.strip("【】").split("·"))
        figure = _key(self.figures, name)
        place, period, how = self.place, self.period, set[str]()
        for part in more:
            if part in (WHOLE, CURVE):
                how.add(part)
            elif named := _key(self.places, part):
                place = named
            elif named := _key(self.periods, part):
                period = named
            else:
                raise BadMark(mark=mark)
        if figure is None:
            raise BadMark(mark=mark)
        curve = CURVE in how
        return Token(figure, period, place, WHOLE in how and not curve, curve)


def _key(names: Mapping[str, str], name: str) -> str | None:
    return next((key for key, called in names.items() if called == name), None)


def usual(text: str, place: str, period: str) -> tuple[str, str]:
    """Name the place and period that most numbers of a text are of; else those given."""
    found = Counter((p.place, p.period) for p in pieces(text) if isinstance(p, Token))
    return found.most_common(1)[0][0] if found else (place, period)


def periods_in(text: str) -> list[str]:
    """List the periods that the numbers of a text are of, by key, each once."""
    return list(dict.fromkeys(p.period for p in pieces(text) if isinstance(p, Token)))


def spoken(text: str, names: Names) -> str:
    """Write a text as its writer reads it, with marks for references."""
    return "".join(p if isinstance(p, str) else names.mark(p) for p in pieces(text))


def unspoken(text: str, names: Names) -> str:
    """Write a text as it is kept, with references for marks. Raises BadMark, also for half a mark
    and for one inside another.
    """
    kept = _MARK.sub(lambda found: str(names.token(found[0])), text)
    if half := _HALF.search(kept):
        raise BadMark(mark=half[0])
    return kept
