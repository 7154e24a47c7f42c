"""Community drives: off until a community opens one, with its authority and its end; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal["open", "shut"]
Verb = Literal["state", "visit", "shut"]

STEPS: Mapping[tuple[State, Verb], State] = {
    ("open", "state"): "open",
    ("open", "visit"): "open",
    ("open", "shut"): "shut",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
LONGEST = timedelta(days=92)  # a quarter: what lasts longer is no drive


class DriveShut(RuleBroken):
    """Refuse what comes before the first or after the last day."""

    code = "voices.drive_shut"
    status = 409
    text = N_("这项活动没有开始，或者已经结束，没有收下。")


class BadPeriod(RuleBroken):
    """Refuse a period without an end in sight."""

    code = "voices.drive_period"
    text = N_("最后一天不能早于第一天和今天，最长一个季度。")


class NoAuthority(RuleBroken):
    """Refuse a drive that does not say who wants it."""

    code = "voices.drive_authority"
    text = N_("请写明依据：哪一级、哪份文件或哪次会议。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises DriveShut."""
    return after(STEPS, state, verb, DriveShut)


def check_period(first: date, last: date, today: date) -> None:
    """Refuse a period that is over or too long. Raises BadPeriod."""
    if last < first or last < today or last - first > LONGEST:
        raise BadPeriod


def check_today(first: date, last: date, today: date) -> None:
    """Refuse a day outside the period, whether or not the clock has shut it. Raises DriveShut."""
    if not first <= today <= last:
        raise DriveShut
