"""What the open doors keep to: how much, how often, how quick, and what resembles what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import rjieba

from groundwork.base.text import tidy

LONGEST_WORDS = 5000  # characters; a page of small print. More is kept in the form and told
SHORTEST_WORDS = 4
MOST_PHOTOS = 6
QUICKEST = 3  # seconds from opening the form to sending it; a person cannot, a robot does


@dataclass(frozen=True)
class Limits:
    """How often in an hour: one browser, one address."""

    browser: int
    address: int


# A shared computer of a community may serve a queue of people; a whole office of 300, or a block
# of flats, may stand behind one address.
LIMITS: Mapping[str, Limits] = {
    "send": Limits(browser=20, address=600),
    "photo": Limits(browser=60, address=1500),
    "look": Limits(browser=600, address=9000),  # a search at every pause in typing a name
    "ask": Limits(browser=6, address=300),  # a question to the speaker of an evening
    "program": Limits(browser=600, address=600),  # one key of an interface, or an address
}

_PHONE = re.compile(r"\+?[0-9]{5,18}")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]{3,}|[0-9]*[a-z]+[0-9]+")
# What says nothing about the matter, because everybody writes it.
_EMPTY_WORDS = frozenset(
    """
    我们 你们 他们 一个 一直 没有 有人 可以 希望 请问 问题 情况 反映 现在 已经 还是 还有
    非常 特别 但是 因为 所以 如果 什么 怎么 为什么 这个 那个 这里 那里 有关 相关 部门 处理
    解决 能否 能不能 是否 谢谢 您好 你好 每天 经常 最近 今天 昨天 晚上 早上 附近 旁边 社区
    小区 街道 居民 群众
    the and for our with that this please there have has are was
    """.split()  # noqa: SIM905 - a hundred quotation marks would hide the words
)


def too_quick(opened: int | None, at: datetime) -> bool:
    """Tell whether a form was sent sooner than a person can; `opened` in Unix seconds."""
    return opened is not None and at.timestamp() - opened < QUICKEST


def phone_of(text: str) -> str | None:
    """Make a telephone number comparable: figures only; None for what is none."""
    plain = re.sub(r"[\s\-()（）.·]", "", tidy(text))
    if plain.startswith("+86") and len(plain) == 14:
        plain = plain[3:]
    return plain if _PHONE.fullmatch(plain) else None


def telling_words(text: str) -> frozenset[str]:
    """Give the words of a text that say what it is about."""
    cut = (word.lower() for word in rjieba.cut(tidy(text)))
    return frozenset(w for w in cut if _WORD.fullmatch(w) and w not in _EMPTY_WORDS)


@dataclass(frozen=True)
class Likeness:
    """How much two texts have in common, and the words that show it, longest first."""

    share: float
    words: tuple[str, ...]


ALIKE = 0.15  # of the words of both; below it two texts share a word by chance


def likeness(one: frozenset[str], other: frozenset[str]) -> Likeness | None:
    """Compare two texts by their telling words; None where they have too little in common."""
    shared = one & other
    if not shared:
        return None
    share = len(shared) / len(one | other)
    if len(shared) < 2 and share < 2 * ALIKE:
        return None
    if share < ALIKE and len(shared) < 4:
        return None
    return Likeness(share, tuple(sorted(shared, key=lambda word: (-len(word), word))))


@dataclass(frozen=True)
class Suggestion:
    """A category that the words suggest, and why."""

    key: int
    words: tuple[str, ...]  # of the category, found in the text
    similar: int  # matters like this one that stand under it


def suggest(
    text: str, categories: Iterable[tuple[int, Sequence[str]]], similar: Iterable[int]
) -> list[Suggestion]:
    """Rank categories by the words of theirs in a text and by similar matters, best first.

    `categories` are pairs of key and words, `similar` the keys under which similar ones stand.
    """
    folded, stood = tidy(text).lower(), list(similar)
    found = []
    for key, words in categories:
        hits = tuple(word for word in words if word and word.lower() in folded)
        if hits or key in stood:
            found.append(Suggestion(key, hits, stood.count(key)))
    return sorted(found, key=lambda s: (-(sum(map(len, s.words)) + 2 * min(s.similar, 3)), s.key))
