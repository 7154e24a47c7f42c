"""The figures of a broadcast: one definition each, and the one function that counts them.

They are counted from columns: for each minute one bit per token, 1 where that browser played it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.base.errors import N_

Bits = NDArray[np.uint8]

PAUSE = 5  # minutes not played after which playing again is a new play


@dataclass(frozen=True)
class Definition:
    """What a figure says: its name, its definition and where it is counted from."""

    code: str
    name: str
    sentence: str
    source: str


SOURCE = N_("播放页的心跳：每分钟播放满20秒记一次，按服务器时钟；不记账号，汇总后即删除。")
DEFINITIONS = (
    Definition(
        "plays",
        N_("播放次数"),
        N_("开始播放的次数：一个浏览器开始播放，或停了五分钟以上再开始，各算一次。"),
        SOURCE,
    ),
    Definition(
        "viewers",
        N_("观看人数（去重）"),
        N_("至少播放了一分钟的浏览器个数；同一浏览器开几个页面只算一个。"),
        SOURCE,
    ),
    Definition(
        "peak",
        N_("同时在线峰值"),
        N_("同一分钟内播放的浏览器个数的最大值，并记下是哪一分钟。"),
        SOURCE,
    ),
    Definition("curve", N_("在线曲线"), N_("每一分钟播放的浏览器个数，从开场到结束。"), SOURCE),
)


@dataclass(frozen=True)
class Figures:
    """Plays, unique viewers, the peak with its minute, and the viewers of every minute."""

    plays: int
    viewers: int
    peak: int
    peak_minute: int | None  # the first of the highest; None where nobody watched
    curve: tuple[int, ...]


def count_figures(chunks: Iterable[Bits], minutes: int) -> Figures:
    """Count the figures from chunks of columns, each (minutes × bytes); tokens are never listed.

    A play begins with a played minute before which PAUSE minutes were not played.
    """
    plays = viewers = 0
    curve = np.zeros(minutes, dtype=np.int64)
    for chunk in chunks:
        rows = min(minutes, len(chunk))
        columns = np.ascontiguousarray(chunk[:rows])
        if columns.shape[1] % 8 == 0:
            columns = columns.view(np.uint64)
        curve[:rows] += np.bitwise_count(columns).sum(axis=1, dtype=np.int64)
        viewers += _ones(np.bitwise_or.reduce(columns, axis=0))
        for minute in range(rows):
            before = columns[max(0, minute - PAUSE) : minute]
            lately = np.bitwise_or.reduce(before, axis=0) if minute else np.zeros_like(columns[0])
            plays += _ones(columns[minute] & ~lately)
    peak = int(curve.max(initial=0))
    where = int(curve.argmax()) if peak else None
    return Figures(plays, viewers, peak, where, tuple(int(n) for n in curve))


def _ones(column: NDArray[np.uint8] | NDArray[np.uint64]) -> int:
    return int(np.bitwise_count(column).sum(dtype=np.int64))


def settled_minute(now_minute: int, due: int) -> int:
    """Give the newest minute for which every page's pulse must have come: what "now" means.

    A page speaks of a minute at its next pulse, `due` seconds later at most; a few seconds are
    allowed for the way.
    """
    return now_minute - 1 - (due + 10) // 60
