"""The way of a round of consultation as one table, and what it must be; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal["draft", "open", "closed", "reported"]
Verb = Literal["edit", "open", "reply", "close", "take_up", "report"]

# The one table. What it does not list is refused.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("draft", "edit"): "draft",
    ("draft", "open"): "open",
    ("open", "reply"): "open",
    ("open", "take_up"): "open",
    ("open", "close"): "closed",
    ("closed", "take_up"): "closed",
    ("closed", "report"): "reported",
    ("reported", "take_up"): "reported",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
MOST_QUESTIONS = 10
LONGEST_ANSWER = 1000
LONGEST = timedelta(days=366)


class WrongState(RuleBroken):
    """Refuse an act that the round's state does not allow."""

    code = "service.round_state"
    text = N_("这次征询现在不能这样办，请看最新状态。")


class NotNow(RuleBroken):
    """Refuse an answer before the beginning or after the end."""

    code = "service.round_not_now"
    text = N_("现在不在征询时间内，没有收下您的回复。")


class NothingSaid(RuleBroken):
    """Refuse an answer without a word."""

    code = "service.nothing_said"
    text = N_("请至少回答一个问题。")


class NoQuestions(RuleBroken):
    """Refuse to open a round that asks nothing."""

    code = "service.no_questions"
    text = N_("请先写好要问的问题。")


class NobodyAsked(RuleBroken):
    """Refuse to open a round to named people that names nobody."""

    code = "service.nobody_asked"
    text = N_("请先写好要问哪些人或企业。")


class BadTimes(RuleBroken):
    """Refuse an end that is not after the beginning, or is over already."""

    code = "service.round_times"
    text = N_("截止时间要晚于开始时间，并且不能已经过去，最长一年。")


class AlreadyReplied(RuleBroken):
    """Refuse the second answer of somebody asked by name."""

    code = "service.already_replied"
    text = N_("您已经回复过这次征询，谢谢。")


class NoSuchQuestion(RuleBroken):
    """Say that a round asks no question of this number."""

    code = "service.no_such_question"
    text = N_("没有第 %(number)s 个问题。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(STEPS, state, verb, WrongState)


def can(state: str, verb: Verb) -> bool:
    """Tell whether the table knows a way on by `verb`."""
    return (state, verb) in STEPS


def check_times(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse times that cannot be kept. Raises BadTimes."""
    if not opens_at < closes_at <= opens_at + LONGEST or closes_at <= now:
        raise BadTimes


def check_now(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse an answer outside the set times. Raises NotNow."""
    if not opens_at <= now < closes_at:
        raise NotNow


def clean_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Keep what was said, at most a thousand characters each. Raises NothingSaid."""
    said = {key: text.strip()[:LONGEST_ANSWER] for key, text in answers.items() if text.strip()}
    if not said:
        raise NothingSaid
    return said


def next_month(moment: datetime) -> datetime:
    """Give the same day and hour a month later; of a short month its last day."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))
