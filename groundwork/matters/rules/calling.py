"""Call-backs: when one is due, how often somebody is rung, what a call leads to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.base.workdays import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
SILENT_DAYS = 3  # working days without a word of the raiser after an answer: then somebody rings
CALL_DAYS = 3  # working days in which it is done: before the asking period of seven is over
MOST_TRIES = 3
HOLD = timedelta(minutes=30)  # who takes a call has the number in sight for so long
FIRST_HOUR, LAST_HOUR = time(8, 30), time(20, 30)  # outside nobody is rung at home
Outcome = Literal["reached", "no_answer", "wrong_number", "refused"]


class TakenByAnother(Conflict):
    """Tell the second caller that somebody is ringing already."""

    code = "matters.call_taken"
    text = N_("这个回访别人正在打，请换一个。")


class CallOver(RuleBroken):
    """Refuse a call that is done, or that has no need any more."""

    code = "matters.call_over"
    text = N_("这个回访已经不需要打了：已有结果，或者本人已经表态。")


class NotYetAgain(RuleBroken):
    """Refuse the next try on the day of one in vain."""

    code = "matters.call_not_yet"
    text = N_("今天已经打过，没有接通，请改天再打。")


class TakeItFirst(RuleBroken):
    """Refuse an outcome of somebody who has not got the call in hand."""

    code = "matters.call_not_taken"
    text = N_("请先点“开始拨打”，再记结果；超过半小时要重新开始。")


class NothingAsked(RuleBroken):
    """Refuse "reached" without a word on any of the three questions."""

    code = "matters.nothing_asked"
    text = N_("接通了，至少要问到一个问题；什么都不愿说，请选“不愿接受回访”。")


def last_day_answered(calendar: Calendar, today: date) -> date:
    """Give the last day whose answers have now waited SILENT_DAYS working days for a word."""
    day = today
    while calendar.add(day, SILENT_DAYS) > today:
        day -= timedelta(days=1)
    return day


def held(taken_at: datetime | None, at: datetime) -> bool:
    """Tell whether a call is in somebody's hand."""
    return taken_at is not None and at < taken_at + HOLD


def ends(outcome: Outcome, tries: int) -> bool:
    """Tell whether no more is rung after the try number `tries` with this outcome."""
    return outcome != "no_answer" or tries >= MOST_TRIES


def next_try(calendar: Calendar, at: datetime) -> datetime:
    """Give the moment from which it is tried again: the next working day."""
    day = calendar.add(at.astimezone(ZONE).date(), 1)
    return datetime.combine(day, FIRST_HOUR, ZONE)


def is_hour(at: datetime) -> bool:
    """Tell whether people are rung at this hour."""
    return FIRST_HOUR <= at.astimezone(ZONE).time() < LAST_HOUR
