"""What a visit and a patrol must be; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from groundwork.base.errors import N_, RuleBroken

OLDEST = timedelta(days=92)  # a quarter: what was forgotten longer is no record any more
MOST_FOUND = 20  # problems of one visit
MOST_VISITORS = 30
PER_FORM = 5  # problems that one sending holds; more are added on the visit's page
BROUGHT = ("policy", "guidance", "hands", "goods")


class NotYet(RuleBroken):
    """Refuse a day that lies ahead."""

    code = "service.future"
    text = N_("日期不能在今天之后。")


class TooLongAgo(RuleBroken):
    """Refuse a day that is long past."""

    code = "service.too_long_ago"
    text = N_("只能补记三个月内的走访和巡查。")


class TooMany(RuleBroken):
    """Refuse more problems than one visit can have found."""

    code = "service.too_many"
    text = N_("一次走访最多记 %(most)s 个问题。")


class TooManyVisitors(RuleBroken):
    """Refuse a crowd."""

    code = "service.too_many_visitors"
    text = N_("一次走访最多记 %(most)s 人。")


class NoPlace(RuleBroken):
    """Refuse a visit to an enterprise of which nobody knows where it is."""

    code = "service.no_place"
    text = N_("“%(name)s”在目录里还没有登记地点，请改选所在社区。")


class UnknownColleague(RuleBroken):
    """Say which name stands for nobody, or for several, of the own unit."""

    code = "service.unknown_colleague"
    text = N_("本单位没有“%(name)s”，或者有几个同名的：请写工号。")


class OutsideArea(RuleBroken):
    """Refuse a problem that was seen outside the area one walked."""

    code = "service.outside_area"
    text = N_("“%(place)s”不在这片巡查区里。")


def check_day(day: date, today: date) -> None:
    """Refuse a day ahead or more than a quarter ago. Raises NotYet or TooLongAgo."""
    if day > today:
        raise NotYet
    if day < today - OLDEST:
        raise TooLongAgo


def check_found(n: int) -> None:
    """Refuse more than twenty problems. Raises TooMany."""
    if n > MOST_FOUND:
        raise TooMany(most=MOST_FOUND)


def check_visitors(n: int) -> None:
    """Refuse more than thirty visitors. Raises TooManyVisitors."""
    if n > MOST_VISITORS:
        raise TooManyVisitors(most=MOST_VISITORS)


def clean_brought(values: Iterable[str]) -> list[str]:
    """Keep what the table knows, once each, in its order."""
    named = set(values)
    return [value for value in BROUGHT if value in named]
