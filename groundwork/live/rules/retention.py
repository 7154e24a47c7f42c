"""How long recordings are kept: one table, read by the worker and by the privacy page."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.errors import N_


@dataclass(frozen=True)
class Rule:
    """What of which kind goes after so many days, counted from what, and what stays."""

    code: str
    kind: str  # of `base.retention`
    days: int
    what: str
    stays: str


RULES: tuple[Rule, ...] = (
    # Who was on leave catches up within weeks, a programme looks back on its term; faces and voices
    # of speakers are not kept for ever.
    Rule(
        "live.recordings",
        "live.recording",
        1095,  # from when it could first be watched
        N_("回看录像和字幕"),
        N_("这一场直播过、录像有多长。"),
    ),
    # An upload that cannot be used helps nobody but who mends it.
    Rule(
        "live.refused",
        "live.recording",
        30,
        N_("无法使用的上传文件"),
        N_("上传过、为什么不能用。"),
    ),
    Rule(
        "live.keeper",
        "live.keeper",
        365,  # from the end of the broadcast
        N_("谁生成了推流密钥"),
        N_("密钥何时生成。"),
    ),
)
