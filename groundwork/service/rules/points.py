"""What a squad and a patrol area must keep to; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from groundwork.base.errors import N_, RuleBroken


class NotOfTheUnit(RuleBroken):
    """Refuse somebody of another unit in a squad or as keeper."""

    code = "service.not_of_the_unit"
    text = N_("%(name)s 不是%(body)s的在岗人员。")


class AlreadyIn(RuleBroken):
    """Refuse to take somebody in twice."""

    code = "service.already_in"
    text = N_("%(name)s 已经在队伍里。")


class AlreadyThere(RuleBroken):
    """Refuse a second point of the same unit at the same place out of the same source."""

    code = "service.already_there"
    text = N_("这里已经由这次任务设过联系点。")


class NobodyToAsk(RuleBroken):
    """Say that a unit has nobody in the city who could answer for it."""

    code = "service.nobody_to_ask"
    text = N_("%(body)s还没有人能在这里答复，请打电话联系。")


class Ended(RuleBroken):
    """Refuse work on a contact point or area that was given up."""

    code = "service.ended"
    text = N_("这里已经结束，不能再改。")


class BeforeBegin(RuleBroken):
    """Refuse an end before the beginning, or a day ahead."""

    code = "service.before_begin"
    text = N_("结束日期不能早于开始日期，也不能在今天之后。")


def clean_weekdays(days: Iterable[int | str]) -> list[int]:
    """Keep days of the week, 1 Monday to 7 Sunday, once each, in order."""
    return sorted({int(day) for day in days if str(day).isdigit()} & set(range(1, 8)))


def check_open(valid_to: date | None, today: date) -> None:
    """Refuse what ended before today. Raises Ended."""
    if valid_to is not None and valid_to < today:
        raise Ended


def check_end(begin: date, end: date, today: date) -> None:
    """Refuse an end before the beginning or ahead. Raises BeforeBegin."""
    if end < begin or end > today:
        raise BeforeBegin


def stands_today(weekdays: Iterable[int], today: date) -> bool:
    """Tell whether a squad stands at its place on a day."""
    return today.isoweekday() in set(weekdays)
