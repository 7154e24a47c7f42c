"""Write days and times as the office reads them, in Chinese and in English."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import get_language

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def day_text(day: date | datetime, *, weekday: bool = False, year: bool = True) -> str:
    """Write a day: 2026年11月24日（周二） or Tue 24 Nov 2026."""
    day = _local(day)
    if _chinese():
        text = f"{day.month}月{day.day}日"
        text = f"{day.year}年{text}" if year else text
        return f"{text}（周{_WEEKDAYS_ZH[day.weekday()]}）" if weekday else text
    text = f"{day.day} {_MONTHS_EN[day.month - 1]}"
    text = f"{text} {day.year}" if year else text
    return f"{_WEEKDAYS_EN[day.weekday()]} {text}" if weekday else text


def month_text(day: date) -> str:
    """Write a month without its year: 11月 or Nov."""
    return f"{day.month}月" if _chinese() else _MONTHS_EN[day.month - 1]


def time_text(moment: datetime | time) -> str:
    """Write a time on the 24-hour clock: 18:15."""
    local = _local(moment) if isinstance(moment, datetime) else moment
    return f"{local:%H:%M}"


def moment_text(moment: datetime, *, weekday: bool = False, year: bool = True) -> str:
    """Write a day and time: 2026年11月24日 18:15 or 24 Nov 2026, 18:15."""
    join = " " if _chinese() else ", "
    return day_text(moment, weekday=weekday, year=year) + join + time_text(moment)


def span_text(start: datetime, end: datetime, *, weekday: bool = False, year: bool = True) -> str:
    """Write from when to when; the day stands once where both fall on it."""
    first, last = _local(start), _local(end)
    opening = moment_text(start, weekday=weekday, year=year)
    same_day = (first.year, first.month, first.day) == (last.year, last.month, last.day)
    closing = time_text(end) if same_day else moment_text(end, weekday=weekday, year=year)
    return f"{opening}–{closing}" if same_day else f"{opening} – {closing}"
