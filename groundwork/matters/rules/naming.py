"""Why a place that somebody names in words cannot be told."""

from __future__ import annotations

from groundwork.base.errors import N_, RuleBroken


class UnknownPlace(RuleBroken):
    """Say that nothing in the words is a place of this city."""

    code = "matters.unknown_place"
    text = N_("“%(value)s”里没有认出本市的社区、村、街道或区县。")


class SeveralPlaces(RuleBroken):
    """Say that the words fit several places; the answer is to name one more exactly."""

    code = "matters.several_places"
    text = N_("“%(value)s”有 %(n)s 个，请写明是哪一个：%(choices)s。")


class UnknownCategory(RuleBroken):
    """Say that no category in force has this code."""

    code = "matters.unknown_category"
    text = N_("没有代码为“%(value)s”的类别。")


class UnknownUnit(RuleBroken):
    """Say that no open unit has this code."""

    code = "matters.unknown_unit"
    text = N_("没有代码为“%(value)s”的单位。")


class BadPhone(RuleBroken):
    """Say that a telephone number is none."""

    code = "matters.bad_phone"
    text = N_("“%(value)s”不像电话号码。")


class BadEmail(RuleBroken):
    """Say that a mail address is none."""

    code = "matters.bad_email"
    text = N_("“%(value)s”不像邮箱地址。")
