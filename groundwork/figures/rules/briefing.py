"""Documents with live numbers: how a number is written in a text, states, what blocks publication.

In a text a number is a reference, put there by a form:

    {{matters.resolution_rate|period=2026-10|place=3302}}         96.8%
    {{matters.resolution_rate|period=2026-10|place=3302|whole}}   96.8%（300 / 310）
    {{matters.resolution_rate|period=2026-10|place=3302|curve}}   its curve, a paragraph of its own
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from groundwork.base.errors import N_, RuleBroken
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import NoPeriod, read

LONGEST_TEXT = 20_000
MOST_REFERENCES = 60

State = Literal["draft", "checking", "published", "corrected"]
Verb = Literal["edit", "send", "return", "publish", "correct"]
STEPS: Mapping[tuple[str, str], State] = {
    ("draft", "edit"): "draft",
    ("draft", "send"): "checking",
    ("checking", "return"): "draft",
    ("checking", "publish"): "published",
    ("published", "correct"): "corrected",
}


class WrongState(RuleBroken):
    """Refuse an act that the state of a document does not allow."""

    code = "figures.wrong_state"
    text = N_("现在这一步不能这样做，请看最新状态。")


class BadReference(RuleBroken):
    """Refuse a text in which something looks like a number and is none."""

    code = "figures.bad_reference"
    text = N_("“%(token)s”不是一个数：请删去，用“插入一个数”重新选。")


class TooManyReferences(RuleBroken):
    """Refuse a text with more numbers than anybody checks."""

    code = "figures.too_many_references"
    text = N_("一份文稿最多放 60 个数。")


class NoCurve(RuleBroken):
    """Refuse a curve of what has no steps."""

    code = "figures.no_curve"
    text = N_("这个数在这个时段画不出曲线：只有一段，或者不能一段一段地数。")


class NumbersChanged(RuleBroken):
    """Refuse to go on while numbers differ from those last looked at."""

    code = "figures.numbers_changed"
    text = N_("有 %(n)s 个数变了，看过以后才能往下走。")


class SameHand(RuleBroken):
    """Refuse that who sent a document also checks it."""

    code = "figures.same_hand"
    text = N_("谁送的核，就请另一个人来核。")


class Unwritten(RuleBroken):
    """Refuse to send a text in which something is still to be written."""

    code = "figures.unwritten"
    text = N_("还有没写的：“%(what)s”。写好，或者整行删去，再送核。")


class NoWhy(RuleBroken):
    """Refuse a correction that does not say what was wrong."""

    code = "figures.no_why"
    text = N_("请写明更正了什么。")


@dataclass(frozen=True)
class Token:
    """One reference in a text: which figure, of which place and period; `whole` adds its parts,
    `curve` draws it step by step.
    """

    figure: str
    period: str
    place: str
    whole: bool = False
    curve: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Name the number: shown alone, with its parts or as a curve it is the same one."""
        return (self.figure, self.place, self.period)

    def __str__(self) -> str:
        more = "|curve" if self.curve else "|whole" if self.whole else ""
        return f"{{{{{self.figure}|period={self.period}|place={self.place}{more}}}}}"


_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_INSIDE = re.compile(
    r"([a-z_]+\.[a-z_]+)\|period=([0-9A-Za-z_-]+)\|place=([0-9A-Za-z-]+)(\|whole|\|curve)?"
)


def pieces(text: str) -> Iterator[str | Token]:
    """Take a text apart into plain words and references. Raises BadReference."""
    end = 0
    for found in _TOKEN.finditer(text):
        yield from _words(text[end : found.start()])
        yield _token(found)
        end = found.end()
    yield from _words(text[end:])


def _words(text: str) -> Iterator[str]:
    if "{{" in text or "}}" in text:
        start = text.find("{{") if "{{" in text else text.find("}}")
        raise BadReference(token=text[start : start + 20])
    if text:
        yield text


def _token(found: re.Match[str]) -> Token:
    inside = _INSIDE.fullmatch(found[1].strip())
    if inside is None:
        raise BadReference(token=found[0][:60])
    try:
        read(inside[2])
    except NoPeriod as error:
        raise BadReference(token=found[0][:60]) from error
    return Token(
        inside[1], inside[2], inside[3], inside[4] == "|whole", curve=inside[4] == "|curve"
    )


def tokens(text: str) -> list[Token]:
    """List the references of a text that is being written, each number once.

    Raises BadReference also for a figure that is not declared, TooManyReferences. A published text
    may speak of a figure that is gone.
    """
    found = {piece.key: piece for piece in pieces(text) if isinstance(piece, Token)}
    for token in found.values():
        if token.figure not in FIGURES:
            raise BadReference(token=str(token))
    if len(found) > MOST_REFERENCES:
        raise TooManyReferences
    return list(found.values())


def drawn(text: str) -> set[tuple[str, str, str]]:
    """Name the numbers of a text that are drawn as curves."""
    return {p.key for p in pieces(text) if isinstance(p, Token) and p.curve}


def step(state: str, verb: str) -> State:
    """Give the state after an act. Raises WrongState."""
    if (state, verb) not in STEPS:
        raise WrongState
    return STEPS[state, verb]


def check_publish(changed: int, sent_by: int | None, by: int | None) -> None:
    """Refuse to publish what changed unseen, and by who sent it. Raises NumbersChanged, SameHand.

    A machine's own work has no account and no second hand.
    """
    if changed:
        raise NumbersChanged(n=changed)
    if by is not None and sent_by == by:
        raise SameHand


_TO_WRITE = re.compile(r"〔待写：[^〕\n]*〕?")


def check_written(text: str) -> None:
    """Refuse a text in which a template's place for words is still empty. Raises Unwritten."""
    if found := _TO_WRITE.search(text):
        raise Unwritten(what=found[0])


# ---- the parts of a document ---------------------------------------------------------------------
Level = Literal["one", "two", "three", "four", "body", "curve"]
_HEADS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("one", re.compile(r"[一二三四五六七八九十]+、")),
    ("two", re.compile(r"（[一二三四五六七八九十]+）")),
    ("three", re.compile(r"[0-9]+[.．]")),
    ("four", re.compile(r"（[0-9]+）")),
)
_LONGEST_HEAD = 40  # signs: a longer paragraph that begins so is no heading


def level_of(paragraph: str) -> Level:
    """Tell which of the four levels of GB/T 9704 a paragraph heads, or that it is the body."""
    for level, pattern in _HEADS:
        if pattern.match(paragraph):
            heading = len(paragraph) <= _LONGEST_HEAD and not paragraph.rstrip().endswith("。")
            return level if heading else "body"
    return "body"


_WIDEST_TITLE = 20  # characters of 22 pt in 156 mm
_KEEP = re.compile(
    r"(?:[0-9]+[年月日])+|[0-9A-Za-z.,%]+[号期]?|《[^》]{0,12}》|“[^”]{0,12}”|.[，、。：；）》”]?"
)
_RESTS = ("年", "月", "市", "区", "县", "的", "和", "与", "办理", "情况", "工作", "）", "》", "”")


def title_lines(title: str) -> list[str]:
    """Cut a title into lines of like length, as documents set it; after a whole word if near."""
    lines = -(-_width(title) // _WIDEST_TITLE)
    if lines <= 1:
        return [title]
    parts = _KEEP.findall(title)
    ends = [_width("".join(parts[:n])) for n in range(len(parts) + 1)]
    aim, room = _width(title) / lines, _width(title) - _WIDEST_TITLE * (lines - 1)
    free = [n for n, end in enumerate(ends) if max(1, room) <= end <= _WIDEST_TITLE]
    if not free:
        return [title]
    rests = [n for n in free if "".join(parts[:n]).endswith(_RESTS)]
    cut = min(free, key=lambda n: abs(ends[n] - aim) - (4 if n in rests else 0))
    return ["".join(parts[:cut]), *title_lines("".join(parts[cut:]))]


def _width(text: str) -> int:
    """Count characters; two of a Western alphabet are as wide as one."""
    narrow = sum(sign.isascii() for sign in text)
    return len(text) - narrow + -(-narrow // 2)


def insert(text: str, token: Token, paragraph: int) -> str:
    """Put a reference at the end of a paragraph, before the mark that ends its sentence; a curve
    below it, as a paragraph of its own.
    """
    return put(text, str(token), paragraph, alone=token.curve)


def put(text: str, said: str, paragraph: int, *, alone: bool = False) -> str:
    """Put words where `insert` puts a reference; `alone` as a paragraph of its own."""
    lines = text.split("\n")
    at = min(max(paragraph, 0), len(lines) - 1)
    if alone:
        return "\n".join([*lines[: at + 1], said, *lines[at + 1 :]])
    line = lines[at]
    end = len(line.rstrip("。；！ ")) if line.rstrip("。；！ ") else 0
    lines[at] = f"{line[:end]}{said}{line[end:]}"
    return "\n".join(lines)
