"""What resembles what: the words of two texts, weighed by how seldom the city uses them.

What everybody writes (请派人来看一看, 已经一个多星期了) says nothing about the matter. A short list
knows the emptiest words; which others are common here the ledger's own texts say (`shares`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from groundwork.base.text import tidy

COMMON = 0.01  # of all texts; a word in fewer says as much as any word can
FEWEST_TEXTS = 200  # below that nothing is said about what is common
FEWEST_USES = 5
LONGEST_WORD = 20
# Chosen on one demo city, measured on another (ADR 12): half of what is called similar is the very
# same complaint, 70 % of the same category; unweighted, at 0.15, it was 10 % and 18 %.
ALIKE = 0.2  # of the weight of both; below it two texts share a word by chance
TELLING = 0.5  # the weight from which a word is a reason: in at most a tenth of all texts

_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]{3,}|[0-9]*[a-z]+[0-9]+")
# What says nothing in any city, also in one that has no texts yet.
_EMPTY_WORDS = frozenset(
    """
    我们 你们 他们 自己 大家 一个 一件 一直 没有 有人 有事 可以 希望 请问 问题 情况 反映 现在 已经
    还是 还有 之前 以后 非常 特别 尤其 但是 因为 所以 如果 什么 怎么 为什么 怎么样 这个 那个 这里
    那里 有关 相关 部门 处理 解决 能否 能不能 是否 谢谢 您好 你好 每天 经常 最近 今天 昨天 晚上
    早上 附近 旁边 社区 小区 街道 村委会 居委会 居民 群众 尽快 及时 不少 很多 好多 麻烦 一看 来看
    the and for our with that this please there have has are was
    """.split()  # noqa: SIM905 - a hundred quotation marks would hide the words
)
Shares = Mapping[str, float]  # of all texts, those with the word; only the common ones stand here


@lru_cache(maxsize=4096)  # the same four hundred texts are compared with one after the other
def telling_words(text: str) -> frozenset[str]:
    """Give the words of a text that may say what it is about."""
    import rjieba  # its dictionary takes a while: at the first text, not at every start

    cut = (word.lower() for word in rjieba.cut(tidy(text)))
    return frozenset(w for w in cut if _WORD.fullmatch(w) and w not in _EMPTY_WORDS)


def shares(texts: Iterable[str]) -> dict[str, float]:
    """Tell which words are common among texts, each with the share of the texts that use it.

    Of too few texts nothing is said. The same text again counts once: two hundred neighbours who
    send one message around make no word common.
    """
    several = set(texts)
    if len(several) < FEWEST_TEXTS:
        return {}
    uses = Counter(word for text in several for word in telling_words(text))
    least = max(FEWEST_USES, COMMON * len(several))
    return {
        word: n / len(several)
        for word, n in uses.items()
        if n >= least and len(word) <= LONGEST_WORD
    }


def weight(word: str, common: Shares) -> float:
    """Weigh a word: 1 where it is in a hundredth of the texts or less, 0.5 in a tenth, 0 in all."""
    share = common.get(word, COMMON)
    return math.log(share) / math.log(COMMON) if share > COMMON else 1.0


@dataclass(frozen=True)
class Likeness:
    """How much two texts have in common, and the words that show it, longest first."""

    share: float
    words: tuple[str, ...]


def likeness(one: frozenset[str], other: frozenset[str], common: Shares) -> Likeness | None:
    """Compare two texts by their telling words; None where they have too little in common."""
    shared = one & other
    telling = [word for word in shared if weight(word, common) >= TELLING]
    if not telling:
        return None
    share = portion(one, other, common)
    if share < (ALIKE if len(telling) > 1 else 2 * ALIKE):
        return None
    return Likeness(share, tuple(sorted(telling, key=lambda word: (-len(word), word))))


def portion(one: frozenset[str], other: frozenset[str], common: Shares) -> float:
    """Tell how much two texts share: the weight of the common words over that of all (0 to 1)."""
    total = math.fsum(weight(word, common) for word in one | other)
    return math.fsum(weight(word, common) for word in one & other) / total if total else 0.0


def most_similar(
    words: frozenset[str],
    others: Sequence[tuple[int, frozenset[str]]],
    common: Shares,
    *,
    most: int,
) -> list[int]:
    """Choose the keys of the texts most like `words`, the newest first where they are equal."""
    found = [(portion(words, theirs, common), key) for key, theirs in others if words & theirs]
    near = sorted((pair for pair in found if pair[0] >= ALIKE), reverse=True)
    return [key for _share, key in near[:most]]
