"""Who may send, what comes before the start, when a silent line gives way."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base.errors import N_, GroundworkError

# So long before the start what comes is a rehearsal: recorded, but seen by its hosts alone.
LEAD = timedelta(minutes=10)
# A line that was silent so long is broken, and the next with the same key goes on in its place.
SILENT = timedelta(seconds=8)
# Without a sign of life for so long the process that received is gone.
GONE = timedelta(seconds=60)
MB = 1 << 20
LEAST_FREE = 32 * MB  # below this nothing can be broadcast at all
# The host is warned while there is still room for what is planned and so much more.
MARGIN = timedelta(minutes=10)


class Refused(GroundworkError):
    """Turn an encoder away: `code` says why, the sentence is for the host's page."""

    status = 403

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


# Why an encoder is turned away or cut off. What it is told itself is in English and ASCII: encoders
# write it into a log or a box that knows no Chinese.
REFUSALS: dict[str, str] = {
    "bad_key": N_("推流密钥不对，或者已经换过。"),
    "source": N_("这一场不在本平台直播。"),
    "over": N_("这一场直播已经结束。"),
    "second": N_("已有另一台设备在用这个密钥推流，先推的继续。"),
    "disk": N_("服务器磁盘空间不足，不能直播。"),
    "codec": N_("编码不支持：画面请用 H.264，声音请用 AAC。"),
}
TOLD: dict[str, tuple[str, str]] = {
    "bad_key": ("NetStream.Publish.Denied", "Wrong stream key."),
    "source": ("NetStream.Publish.Denied", "This event is not broadcast from here."),
    "over": ("NetStream.Publish.Denied", "This broadcast is over."),
    "second": ("NetStream.Publish.BadName", "Another encoder is sending with this key."),
    "disk": ("NetStream.Publish.Failed", "The server has no room left."),
    "codec": ("NetStream.Publish.Rejected", "Use H.264 video and AAC audio."),
    "server": ("NetStream.Publish.Failed", "The server could not go on; send again."),
}


def is_rehearsal(now: datetime, starts_at: datetime) -> bool:
    """Tell whether what comes now is a rehearsal: more than ten minutes before the start."""
    return now < starts_at - LEAD


def is_silent(now: datetime, seen_at: datetime) -> bool:
    """Tell whether a line is broken: eight seconds without a byte."""
    return now - seen_at >= SILENT


def is_gone(now: datetime, seen_at: datetime) -> bool:
    """Tell whether who received is gone: a minute without a sign of life."""
    return now - seen_at >= GONE


def may_record(free: int, reserve: int) -> bool:
    """Tell whether the disk has room to go on recording; the database must never be without."""
    return free >= reserve


def room_for(free: int, reserve: int, pace: float) -> float:
    """Give the seconds that can still be recorded at a pace in bytes a second."""
    return max(0, free - reserve) / pace if pace else float("inf")


def is_tight(room: float, now: datetime, ends_at: datetime) -> bool:
    """Tell whether the disk will be short before the planned end and ten minutes more.

    `room` are the seconds that can still be recorded.
    """
    left = max(timedelta(), ends_at - now) + MARGIN
    return room < left.total_seconds()


def may_send(free: int) -> bool:
    """Tell whether the disk has room for the last minute of a broadcast."""
    return free >= LEAST_FREE
