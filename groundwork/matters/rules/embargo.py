"""Until when a matter may be kept back: an hour that comes, soon enough to be believed."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base.errors import N_, RuleBroken

LONGEST = timedelta(days=90)  # a season of the programme; who needs more says so again


class HourPast(RuleBroken):
    """Refuse an hour that has come already."""

    code = "matters.hour_past"
    text = N_("公开的时间要在现在以后；要马上公开，请用“现在就公开”。")


class HourTooFar(RuleBroken):
    """Refuse to keep a matter back for longer than anybody would accept."""

    code = "matters.hour_too_far"
    text = N_("最多先不公开 %(days)s 天。")


class NotKeptBack(RuleBroken):
    """Tell that there is nothing to lift: its hour has come meanwhile."""

    code = "matters.not_kept_back"
    text = N_("这件已经到了公开的时间，不用再办。")


def check_hour(until: datetime, at: datetime) -> None:
    """Refuse an hour past or out of reach. Raises HourPast, HourTooFar."""
    if until <= at:
        raise HourPast
    if until > at + LONGEST:
        raise HourTooFar(days=LONGEST.days)
