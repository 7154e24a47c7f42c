"""When a unit asks again by itself: the nth working day of each week, month or quarter; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.workdays import Calendar

Every = Literal["week", "month", "quarter"]
# The highest working day that may be named: of a period with fewer it is the last one.
MOST_NTH: Mapping[str, int] = {"week": 5, "month": 20, "quarter": 60}
MOST_LASTS = 40  # working days
LONGEST = timedelta(days=2 * 366)  # then somebody looks at it and says it anew
ENDS, ZONE = time(18), ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


class BadRhythm(RuleBroken):
    """Refuse a working day that no such period has, or an asking too short or too long."""

    code = "service.schedule_rhythm"
    text = N_("每周最多第5个、每月最多第20个、每季度最多第60个工作日，征询开放1到40个工作日。")


class BadSpan(RuleBroken):
    """Refuse an end that comes before the first time, or after two years."""

    code = "service.schedule_span"
    text = N_("截止日期要晚于第一次征询，最长两年；到期再看还要不要问。")


class NotRunning(RuleBroken):
    """Refuse to pause, resume or end what does not stand so."""

    code = "service.schedule_state"
    text = N_("这项定期征询现在不能这样办，请看最新状态。")


class Scheduled(RuleBroken):
    """Refuse a second schedule for the same round."""

    code = "service.schedule_twice"
    text = N_("这次征询已经定期了，先结束原来的再重新定。")


@dataclass(frozen=True)
class Rhythm:
    """The nth working day of each period at an hour, open for so many working days after it."""

    every: str
    nth: int
    opens: time
    lasts: int

    def times(self, calendar: Calendar, turn: date) -> tuple[datetime, datetime]:
        """Give when the round of a turn begins and ends."""
        end = calendar.add(turn, self.lasts)
        return datetime.combine(turn, self.opens, ZONE), datetime.combine(end, ENDS, ZONE)


def check_rhythm(rhythm: Rhythm) -> None:
    """Refuse what no calendar can keep. Raises BadRhythm."""
    most = MOST_NTH.get(rhythm.every, 0)
    if not 1 <= rhythm.nth <= most or not 1 <= rhythm.lasts <= MOST_LASTS:
        raise BadRhythm


def check_span(first: date, valid_to: date) -> None:
    """Refuse an end before the first turn, or further off than two years. Raises BadSpan."""
    if not first <= valid_to <= first + LONGEST:
        raise BadSpan


def period_of(every: str, day: date) -> tuple[date, date]:
    """Give the first and last day of the week, month or quarter of a day."""
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    length = 1 if every == "month" else 3
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    after = first.month - 1 + length
    return first, date(first.year + after // 12, after % 12 + 1, 1) - DAY


def turn_in(calendar: Calendar, rhythm: Rhythm, day: date) -> date | None:
    """Give the turn of the period a day lies in: its nth working day, of a shorter one the last.

    None where nobody works in it at all, as in the week of a long holiday: that turn is left out.
    """
    first, last = period_of(rhythm.every, day)
    length = (last - first).days + 1
    days = (first + timedelta(days=n) for n in range(length))
    working = [one for one in days if calendar.is_working(one)]
    return working[min(rhythm.nth, len(working)) - 1] if working else None


def next_turn(calendar: Calendar, rhythm: Rhythm, *, since: date) -> date:
    """Give the first turn on a day or after it."""
    day = since
    while True:
        turn = turn_in(calendar, rhythm, day)
        if turn is not None and turn >= since:
            return turn
        day = period_of(rhythm.every, day)[1] + DAY
