"""What categories, deadlines, routes and templates must keep to."""

from __future__ import annotations

import re
from datetime import date

from groundwork.base.errors import N_, Conflict, RuleBroken

LONGEST_DAYS = 250  # working days: a year
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class BadCode(RuleBroken):
    """Refuse a code that no address can carry."""

    code = "matters.bad_code"
    text = N_("代码只能用小写字母、数字和连字符，最多 40 个。")


class CodeTaken(Conflict):
    """Say that another category has the code."""

    code = "matters.code_taken"
    text = N_("代码 %(code)s 已经用过了，换一个。")


class NoGap(RuleBroken):
    """Refuse a template that could be sent as it stands: an answer is written for its matter."""

    code = "matters.no_gap"
    text = N_("模板里请至少留一处“______”：发之前要照那一件事填好，不填发不出去。")


class NoName(RuleBroken):
    """Ask for a name."""

    code = "matters.no_name"
    text = N_("请写名称。")


class TwoLevels(RuleBroken):
    """Hold categories to two levels."""

    code = "matters.two_levels"
    text = N_("类别只有两级，不能放在二级类别下面。")


class ClosedAlready(Conflict):
    """Tell that somebody closed it already."""

    code = "matters.closed_already"
    text = N_("已经停用了。")


class NotInThePast(RuleBroken):
    """Refuse to change what was promised."""

    code = "matters.not_in_the_past"
    text = N_("只能从今天起改：已经答应提出人的期限不变。")


class TermWritten(Conflict):
    """Refuse a second version for the same day."""

    code = "matters.term_written"
    text = N_("这一天起的期限已经定过一版，请从后一天起再改。")


class DaysWrong(RuleBroken):
    """Refuse working days that make no sense together."""

    code = "matters.days_wrong"
    text = N_("受理和首次回复的天数不能多于办结的天数，办结最多 %(most)s 个工作日。")


class RouteTaken(Conflict):
    """Say that another route is in force for the same."""

    code = "matters.route_taken"
    text = N_("这个类别在这个地方已有派单规则，请先停用原来的。")


def check_code(code: str) -> str:
    """Check a category's code. Raises BadCode."""
    if not _CODE.fullmatch(code):
        raise BadCode
    return code


def check_days(accept: int, reply: int, solve: int) -> None:
    """Check working days: neither accept nor reply comes after the solution. Raises DaysWrong."""
    if not (0 <= accept <= solve and 0 <= reply <= solve <= LONGEST_DAYS):
        raise DaysWrong(most=LONGEST_DAYS)


def check_from(valid_from: date, today: date) -> None:
    """Let a version begin today at the earliest. Raises NotInThePast."""
    if valid_from < today:
        raise NotInThePast
