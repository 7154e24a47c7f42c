"""Read local times of files in bulk; a file of a city holds half a million of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np

from groundwork.duty.solver.instance import Ints
from groundwork.duty.solver.refusal import Nonsense

SHAPE = "0000-00-00T00:00"
"""A local time: a zero stands for any digit. Seconds may follow if they are zero."""

Path = Callable[[int], str]


def minutes(texts: Sequence[str], first_day: date, path: Path) -> Ints:
    """Read local times as minutes from the first day's midnight; `path` says where the n-th is."""
    if not texts:
        return np.zeros(0, np.int64)
    # One letter more than the longest form, so that a longer text is seen to be too long.
    table = np.array(texts, dtype=f"U{len(SHAPE) + 4}")
    letters = table.view(np.uint32).reshape(len(texts), -1)
    good = np.ones(len(texts), bool)
    for column, letter in enumerate(SHAPE):
        given = letters[:, column]
        digit = (given >= ord("0")) & (given <= ord("9"))
        good &= digit if letter == "0" else given == ord(letter)
    short = np.char.str_len(table) == len(SHAPE)
    good &= short | (np.array([text[len(SHAPE) :] == ":00" for text in texts]))
    if not good.all():
        raise Nonsense(path(int(np.argmin(good))), "time")
    try:
        read = table.astype(f"U{len(SHAPE)}").astype("datetime64[m]")
    except ValueError:
        raise _no_such_time(texts, path) from None
    return (read - np.datetime64(first_day, "m")).astype(np.int64)


def _no_such_time(texts: Sequence[str], path: Path) -> Nonsense:
    """Find the first text that looks like a time and is none."""
    for at, text in enumerate(texts):
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return Nonsense(path(at), "no_such_time", name=text)
    raise AssertionError("numpy and datetime disagree on the calendar")


def day(text: str, path: str) -> date:
    """Read a day like 2026-01-05."""
    try:
        if len(text) != len("0000-00-00"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Nonsense(path, "no_such_time", name=text) from None


def hour(text: str, path: str) -> int:
    """Read an hour of a day like 08:00 as minutes; 24:00 is the end of the day."""
    hours, colon, rest = text.partition(":")
    if not (len(text) == 5 and colon and hours.isascii() and rest.isascii()):
        raise Nonsense(path, "hour")
    if not (hours.isdigit() and rest.isdigit()):
        raise Nonsense(path, "hour")
    read = int(hours) * 60 + int(rest)
    if int(rest) > 59 or read > 24 * 60:
        raise Nonsense(path, "hour")
    return read


def hour_text(minute: int) -> str:
    """Write minutes of a day as an hour."""
    return f"{minute // 60:02}:{minute % 60:02}"


def texts(times: Ints, first_day: date) -> list[str]:
    """Write minutes from the first day's midnight as local times."""
    given: list[str] = (
        (np.datetime64(first_day, "m") + times.astype("timedelta64[m]")).astype(str).tolist()
    )
    return given
