"""When somebody can: a week's pattern and the days that differ, spread out into windows.

All hours are the city's own (Asia/Shanghai, which has no summer time): a window is two numbers of
minutes after the midnight that begins the first day. A window of the pattern that ends at or
before its start goes on into the next day; two that touch are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from groundwork.base.errors import N_, RuleBroken

DAY = 24 * 60
Window = tuple[int, int]
Hours = tuple[tuple[str, str], ...]
MOST_WINDOWS = 8  # of one day
MOST_DAYS = 366
CAPS = range(1, 8)
"""Shifts a week that somebody may set as the most."""

_WEEK, _WEEKEND = "12345", "67"
_EVENING: Hours = (("17:00", "22:00"),)
_DAYTIME: Hours = (("08:00", "22:00"),)
_ALL: Hours = (("00:00", "24:00"),)


@dataclass(frozen=True)
class Pattern:
    """An answer of one tap: its words and the hours of each day of the week."""

    code: str
    label: str
    week: Mapping[str, Hours]


PATTERNS: tuple[Pattern, ...] = (
    Pattern("evenings", N_("平日晚上"), dict.fromkeys(_WEEK, _EVENING)),
    Pattern("weekends", N_("周末"), dict.fromkeys(_WEEKEND, _DAYTIME)),
    Pattern(
        "free_time",
        N_("平日晚上和周末"),
        {**dict.fromkeys(_WEEK, _EVENING), **dict.fromkeys(_WEEKEND, _DAYTIME)},
    ),
    Pattern("any", N_("任何时候"), dict.fromkeys(_WEEK + _WEEKEND, _ALL)),
)
"""What nearly everybody says; who needs it finer ticks single days."""

SLOTS: tuple[tuple[str, str, str], ...] = (
    ("morning", "08:00", "12:00"),
    ("afternoon", "12:00", "17:00"),
    ("evening", "17:00", "22:00"),
    ("night", "22:00", "08:00"),
)
"""The parts of a day that the grid of single days offers; the night belongs to its evening."""


class BadTimes(RuleBroken):
    """Refuse times that are none."""

    code = "duty.bad_times"
    text = N_("时间看不懂，请重新选择。")


def minute_of(text: str) -> int:
    """Read an hour of a day, 00:00 to 24:00, as minutes. Raises BadTimes."""
    hours, colon, minutes = text.partition(":") if isinstance(text, str) else ("", "", "")
    if not (colon and len(text) == 5 and f"{hours}{minutes}".isascii()):
        raise BadTimes
    if not (hours.isdigit() and minutes.isdigit()) or int(minutes) > 59:
        raise BadTimes
    minute = int(hours) * 60 + int(minutes)
    if minute > DAY:
        raise BadTimes
    return minute


def check_times(times: Mapping[str, Any]) -> None:
    """Allow what `windows` can read and no more. Raises BadTimes."""
    week, days = times.get("week", {}), times.get("days", {})
    if set(times) - {"week", "days"} or len(days) > MOST_DAYS or set(week) - set("1234567"):
        raise BadTimes
    for key in days:
        try:
            if date.fromisoformat(key).isoformat() != key:
                raise BadTimes
        except (TypeError, ValueError):
            raise BadTimes from None
    for hours in [*week.values(), *days.values()]:
        if len(hours) > MOST_WINDOWS:
            raise BadTimes
        for pair in hours:
            _span(pair)


def _span(pair: Sequence[str]) -> Window:
    if len(pair) != 2:
        raise BadTimes
    start, end = minute_of(pair[0]), minute_of(pair[1])
    if start == DAY:
        raise BadTimes
    return (start, end) if end > start else (start, end + DAY)


def of_day(times: Mapping[str, Any], day: date) -> list[Window]:
    """Give the windows that begin on a day, in minutes of it: its own hours, else the week's."""
    days, week = times.get("days", {}), times.get("week", {})
    hours = days.get(day.isoformat())
    if hours is None:
        hours = week.get(str(day.isoweekday()), ())
    return merged(_span(pair) for pair in hours)


def windows(times: Mapping[str, Any], first: date, days: int) -> list[Window]:
    """Spread times over `days` days from `first`, in minutes after its midnight.

    What began the evening before `first` counts from midnight on; what goes on beyond the last
    day is whole, with what the next day adds to it.
    """
    found = [
        (start + offset * DAY, end + offset * DAY)
        for offset in range(-1, days + 1)
        for start, end in of_day(times, first + timedelta(days=offset))
    ]
    cut = ((max(start, 0), end) for start, end in merged(found) if end > 0)
    return [window for window in cut if window[0] < days * DAY]


def merged(spans: Iterable[Window]) -> list[Window]:
    """Put windows in order and make those that touch one."""
    out: list[Window] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def can_stand(times: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether a shift, in the city's own time, lies wholly in one window."""
    first = starts_at.date()
    days = (ends_at.date() - first).days + 1
    start, end = (minutes_after(first, moment) for moment in (starts_at, ends_at))
    return any(low <= start and end <= high for low, high in windows(times, first, days))


def minutes_after(first: date, moment: datetime) -> int:
    """Count the minutes from a day's midnight to a moment in the city's own time."""
    wall = moment.replace(tzinfo=None) - datetime.combine(first, time())
    return int(wall.total_seconds() // 60)


def moments(spans: Iterable[Window], first: date, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """Give windows as moments."""
    midnight = datetime.combine(first, time(), zone)
    return [
        (midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))
        for start, end in spans
    ]


def pattern_of(code: str) -> Pattern | None:
    """Find a pattern by its code."""
    return next((pattern for pattern in PATTERNS if pattern.code == code), None)


def week_of(pattern: Pattern) -> dict[str, list[list[str]]]:
    """Write a pattern's week as it is stored."""
    return {day: [list(pair) for pair in hours] for day, hours in pattern.week.items()}


def said(times: Mapping[str, Any]) -> str:
    """Name the pattern whose week this is; "" where it is none of them, or nothing at all."""
    week = {day: tuple(map(tuple, hours)) for day, hours in times.get("week", {}).items()}
    return next((one.code for one in PATTERNS if dict(one.week) == week), "")


def slots_of(times: Mapping[str, Any], day: date) -> set[str]:
    """Name the parts of a day in which somebody can wholly stand."""
    spans = windows(times, day, 1)
    return {
        code
        for code, *hours in SLOTS
        for start, end in [_span(hours)]
        if any(low <= start and end <= high for low, high in spans)
    }


def with_days(
    times: Mapping[str, Any], chosen: Mapping[date, Iterable[str]]
) -> dict[str, dict[str, list[list[str]]]]:
    """Write single days into times where their ticks differ from what the week says.

    Days not named keep what they had.
    """
    week = {key: [list(pair) for pair in hours] for key, hours in times.get("week", {}).items()}
    days = {key: [list(pair) for pair in hours] for key, hours in times.get("days", {}).items()}
    for day, codes in chosen.items():
        ticked = set(codes)
        days.pop(day.isoformat(), None)
        if ticked != slots_of({"week": week}, day):
            days[day.isoformat()] = [[a, b] for code, a, b in SLOTS if code in ticked]
    return {"week": week, "days": dict(sorted(days.items()))}
