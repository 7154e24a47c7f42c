"""The way of a registration (报到) as one table; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal["asked", "confirmed", "refused", "withdrawn"]
Verb = Literal["confirm", "refuse", "withdraw"]

# The one table. What it does not list is refused. Where somebody lives is no state of it: that
# fact is a membership of the directory, opened by "confirm".
STEPS: Mapping[tuple[State, Verb], State] = {
    ("asked", "confirm"): "confirmed",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "withdrawn",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
OLDEST = timedelta(days=366)  # who moved longer ago says so from today on


class AskedAlready(RuleBroken):
    """Refuse a second registration while one waits."""

    code = "voices.asked_already"
    text = N_("您已经报到，正在等社区确认。要改，请先撤回。")


class HereAlready(RuleBroken):
    """Refuse to register where the community has confirmed it."""

    code = "voices.here_already"
    text = N_("您已经在这个社区报到，不用再报。")


class SettledAlready(RuleBroken):
    """Tell that somebody else decided first, or that it was withdrawn."""

    code = "voices.settled_already"
    status = 409
    text = N_("这条报到已经有了结果，请看最新状态。")


class NotACommunity(RuleBroken):
    """Refuse a place in which nobody keeps a list of its people."""

    code = "voices.not_a_community"
    text = N_("请选一个社区或村。")


class BadSince(RuleBroken):
    """Refuse a day ahead, or one longer ago than a year."""

    code = "voices.bad_since"
    text = N_("入住日期不能在今天之后，也不能早于一年前；更早的填一年内的任何一天。")


class ReasonNeeded(RuleBroken):
    """Refuse a refusal without a reason."""

    code = "voices.reason_needed"
    text = N_("请写明理由，对方会看到。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises SettledAlready."""
    return after(STEPS, state, verb, SettledAlready)


def check_since(since: date, today: date) -> None:
    """Refuse a day that cannot be recorded. Raises BadSince."""
    if not today - OLDEST <= since <= today:
        raise BadSince


def clean_reason(text: str) -> str:
    """Give the reason. Raises ReasonNeeded for one of under four characters."""
    text = text.strip()
    if len(text) < 4:
        raise ReasonNeeded
    return text[:500]
