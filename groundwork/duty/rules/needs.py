"""What may be asked for: numbers by kind, hours of any length up to a day, days to copy to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.rules.times import DAY, minute_of

MOST_OF_A_KIND = 99
MOST_DAYS = 62
MOST_SHIFTS = 60_000
"""In one go; a city of 1,900 gates with three shifts asks for 40,000 in a week."""
Asked = dict[str, int]


class NotUnderOrder(RuleBroken):
    """Refuse a gate or a shift outside the order's place or time."""

    code = "duty.not_under_order"
    text = N_("地点或时间不在启动令范围内。")


class OrderOver(RuleBroken):
    """Refuse to ask for people under an order that has ended."""

    code = "duty.order_over"
    text = N_("启动令已经结束。")


class GateThere(Conflict):
    """Tell that the place has a gate of this name already."""

    code = "duty.gate_there"
    text = N_("这里已经有同名的卡口。")


class ShiftThere(Conflict):
    """Tell that the gate has a shift of these hours already."""

    code = "duty.shift_there"
    text = N_("这个卡口已经有同一时间的班次。")


class NobodyNeeded(RuleBroken):
    """Refuse a shift that asks for nobody or for an unknown kind."""

    code = "duty.nobody_needed"
    text = N_("请填写需要几人。")


class BadHours(RuleBroken):
    """Refuse hours that are none."""

    code = "duty.bad_hours"
    text = N_("时间看不懂，请写成 17:00 这样。")


class TooManyDays(RuleBroken):
    """Refuse to copy to a span without an end in sight, or backwards."""

    code = "duty.too_many_days"
    text = N_("请选 1 到 %(most)s 天，结束日不早于开始日。")


class TooManyShifts(RuleBroken):
    """Refuse more shifts in one go than a whole city needs."""

    code = "duty.too_many_shifts"
    text = N_("一次最多 %(most)s 个班次，请缩小范围或天数。")


class NothingToCopy(RuleBroken):
    """Say that the day has no shifts here."""

    code = "duty.nothing_to_copy"
    text = N_("那一天在这个范围里没有班次。")


class ShiftOver(RuleBroken):
    """Refuse to change or call off what is over or called off already."""

    code = "duty.shift_over"
    text = N_("这个班次已经结束或取消。")


class WrongClosing(RuleBroken):
    """Refuse a closing that ends before it begins."""

    code = "duty.wrong_closing"
    text = N_("结束时间要晚于开始时间，也要晚于现在。")


def asked_of(needs: Mapping[str, int]) -> Asked:
    """Take numbers by kind in the kinds' order, zeros left out. Raises NobodyNeeded."""
    asked = {kind: needs[kind] for kind in KINDS if needs.get(kind)}
    wrong = any(not 0 < count <= MOST_OF_A_KIND for count in asked.values())
    if not asked or wrong or set(needs) - set(KINDS):
        raise NobodyNeeded
    return asked


def span_on(day: date, start: str, end: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Make a shift's moments on a day; an end at or before the start is on the next day.

    Raises BadHours.
    """
    try:
        first, last = minute_of(start), minute_of(end)
    except RuleBroken as error:
        raise BadHours from error
    if first == DAY:
        raise BadHours
    last += DAY if last <= first else 0
    midnight = datetime.combine(day, time(), zone)
    return midnight + timedelta(minutes=first), midnight + timedelta(minutes=last)


def days_of(first: date, last: date) -> list[date]:
    """List the days from the first to the last. Raises TooManyDays."""
    n = (last - first).days + 1
    if not 1 <= n <= MOST_DAYS:
        raise TooManyDays(most=MOST_DAYS)
    return [first + timedelta(days=i) for i in range(n)]
