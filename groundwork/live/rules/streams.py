"""The states of a stream, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base.errors import N_, RuleBroken

WAITING, ON_AIR, BROKEN, ENDED = "waiting", "on_air", "broken", "ended"

# After the planned end a line that is down may come back for so long; then the stream is over.
GRACE = timedelta(minutes=10)

# What happens, from which states, and what the stream is then.
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "begin": (frozenset({WAITING, BROKEN}), ON_AIR),  # an encoder with the right key
    "lose": (frozenset({ON_AIR}), BROKEN),  # its line is down, or it stopped early
    "close": (frozenset({WAITING, ON_AIR, BROKEN}), ENDED),
    "reopen": (frozenset({ENDED}), BROKEN),  # closed by mistake: the same key goes on
}


def next_state(state: str, step: str) -> str:
    """Give the state after a step. Raises RuleBroken where the step is none from here."""
    sources, target = STEPS[step]
    if state not in sources:
        raise RuleBroken(N_("直播现在的状态不能这样做。"))
    return target


def after_goodbye(now: datetime, ends_at: datetime) -> str:
    """Name the step when an encoder stops properly: past the planned end it closes the stream."""
    return "close" if now >= ends_at else "lose"


def is_over(state: str, now: datetime, ends_at: datetime, broken_at: datetime | None) -> bool:
    """Tell whether a stream nobody sends into is over: ten minutes past its end and line."""
    if state == ON_AIR or now < ends_at + GRACE:
        return False
    return broken_at is None or now >= broken_at + GRACE


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse an end before the start, and more than twelve hours. Raises RuleBroken."""
    if ends_at <= starts_at:
        raise RuleBroken(N_("结束时间必须晚于开始时间。"))
    if ends_at - starts_at > timedelta(hours=12):
        raise RuleBroken(N_("一场直播最长十二小时。"))
