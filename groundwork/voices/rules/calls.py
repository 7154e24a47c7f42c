"""What a community may call for, the way of who takes it, and the time it took; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal["taken", "given_back", "confirmed", "released"]
Verb = Literal["give_back", "confirm", "release"]

# Somebody took it; the community says it was done, or lets it go. Nobody is marked as absent.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("taken", "give_back"): "given_back",
    ("taken", "confirm"): "confirmed",
    ("taken", "release"): "released",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
HOLDS: tuple[State, ...] = ("taken", "confirmed")
MOST_WANTED = 500
LONGEST = timedelta(hours=14)  # of one call: a day's work with its breaks
FARTHEST = timedelta(days=184)


class BadTimes(RuleBroken):
    """Refuse an end before the beginning, more than a day's work, or a time gone by."""

    code = "voices.call_times"
    text = N_("结束要晚于开始，一次最长十四小时，半年以内，并且不能已经过去。")


class BadWanted(RuleBroken):
    """Refuse a call for nobody or for a crowd."""

    code = "voices.call_wanted"
    text = N_("人数应在 1 到 500 之间。")


class CallOver(RuleBroken):
    """Refuse to take what is over or called off."""

    code = "voices.call_over"
    text = N_("这件事已经开始、结束或者取消，不能再报名。")


class CallFull(RuleBroken):
    """Tell the one who was a moment too late that all places are taken."""

    code = "voices.call_full"
    status = 409
    text = N_("名额刚刚报满，谢谢您。")


class TakenAlready(RuleBroken):
    """Refuse to take the same twice."""

    code = "voices.taken_already"
    text = N_("您已经报了名。")


class Begun(RuleBroken):
    """Refuse to give back what has begun."""

    code = "voices.call_begun"
    text = N_("已经开始，不能退了；来不了请给社区打电话。")


class NotYet(RuleBroken):
    """Refuse to confirm what has not begun."""

    code = "voices.call_not_yet"
    text = N_("还没有开始，不能确认。")


class WrongTaking(RuleBroken):
    """Tell that somebody else settled it first."""

    code = "voices.taking_state"
    status = 409
    text = N_("这一条已经有了结果，请看最新状态。")


class OwnTaking(RuleBroken):
    """Refuse that somebody confirms the own hours."""

    code = "voices.own_taking"
    text = N_("自己的时数要由社区的其他人确认。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongTaking."""
    return after(STEPS, state, verb, WrongTaking)


def check_call(starts_at: datetime, ends_at: datetime, wanted: int, now: datetime) -> None:
    """Refuse times and numbers that cannot be kept. Raises BadTimes or BadWanted."""
    if not starts_at < ends_at <= starts_at + LONGEST or not now < ends_at <= now + FARTHEST:
        raise BadTimes
    if not 1 <= wanted <= MOST_WANTED:
        raise BadWanted


def check_taking(starts_at: datetime, called_off: bool, now: datetime) -> None:
    """Refuse to take what began or was called off. Raises CallOver."""
    if called_off or now >= starts_at:
        raise CallOver


def check_span(began_at: datetime, ended_at: datetime, call: tuple[datetime, datetime]) -> None:
    """Refuse a confirmed time that lies far from the call's own. Raises BadTimes."""
    start, end = call
    slack = timedelta(hours=4)
    if not began_at < ended_at <= began_at + LONGEST:
        raise BadTimes
    if began_at < start - slack or ended_at > end + slack:
        raise BadTimes


def hours(time: timedelta) -> float:
    """Give a time in hours, to the half hour, as certificates say it."""
    return round(time / timedelta(hours=1) * 2) / 2
