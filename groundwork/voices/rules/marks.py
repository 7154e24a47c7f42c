"""The way of a like or brick (点赞 / 拍砖) as tables, its times, and what it must say; pure.

A mark is a signed, reasoned observation. The person it is about sees it first and may reply; the
unit hears both; a brick stands only after the reply or its time, is adopted or refused with
reasons, may be taken to the next level once, and everything is over after a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

Kind = Literal["like", "brick"]
State = Literal[
    "told",  # the person alone has it, and its writer
    "answered",  # the person replied: the unit hears both
    "unanswered",  # the time to reply is over
    "adopted",  # the unit found it right; may be appealed for a while
    "refused",  # the unit found it wrong; may be appealed for a while
    "appealed",  # at the next level
    "stands",  # for good, until it expires
    "void",  # refused for good
    "withdrawn",  # taken back by its writer
    "expired",
]
Verb = Literal[
    "reply", "lapse", "adopt", "refuse", "appeal", "settle", "correct", "withdraw", "expire"
]

BRICK: Mapping[tuple[State, Verb], State] = {
    ("told", "reply"): "answered",
    ("told", "lapse"): "unanswered",
    ("answered", "adopt"): "adopted",
    ("answered", "refuse"): "refused",
    ("unanswered", "adopt"): "adopted",
    ("unanswered", "refuse"): "refused",
    ("adopted", "appeal"): "appealed",
    ("refused", "appeal"): "appealed",
    ("adopted", "settle"): "stands",
    ("refused", "settle"): "void",
    ("appealed", "adopt"): "stands",
    ("appealed", "refuse"): "void",
    ("told", "correct"): "told",
    ("answered", "correct"): "answered",
    ("unanswered", "correct"): "unanswered",
    ("adopted", "correct"): "adopted",
    ("appealed", "correct"): "appealed",
    ("stands", "correct"): "stands",
    ("told", "withdraw"): "withdrawn",
    ("answered", "withdraw"): "withdrawn",
    ("unanswered", "withdraw"): "withdrawn",
    ("adopted", "withdraw"): "withdrawn",
    ("appealed", "withdraw"): "withdrawn",
    ("stands", "withdraw"): "withdrawn",
    ("told", "expire"): "expired",
    ("answered", "expire"): "expired",
    ("unanswered", "expire"): "expired",
    ("adopted", "expire"): "expired",
    ("refused", "expire"): "expired",
    ("appealed", "expire"): "expired",
    ("stands", "expire"): "expired",
    ("void", "expire"): "expired",
    ("withdrawn", "expire"): "expired",
}
LIKE: Mapping[tuple[State, Verb], State] = {
    ("told", "reply"): "stands",
    ("told", "lapse"): "stands",
    ("told", "correct"): "told",
    ("stands", "correct"): "stands",
    ("told", "withdraw"): "withdrawn",
    ("stands", "withdraw"): "withdrawn",
    ("told", "expire"): "expired",
    ("stands", "expire"): "expired",
    ("withdrawn", "expire"): "expired",
}
TABLES: Mapping[str, Mapping[tuple[State, Verb], State]] = {"brick": BRICK, "like": LIKE}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
KINDS: tuple[Kind, ...] = get_args(Kind)
DECIDED: tuple[Verb, ...] = ("adopt", "refuse")

REPLY_DAYS = 5  # working days in which the person alone has it
APPEAL_DAYS = 5  # working days after the unit's decision
LIVES = timedelta(days=365)  # from the day it was written
OLDEST = timedelta(days=92)  # what happened longer ago is nothing to observe any more
SHORTEST, LONGEST = 10, 1000  # characters of a text


class WrongState(RuleBroken):
    """Tell that somebody was quicker, or that the time for this is over."""

    code = "voices.mark_state"
    status = 409
    text = N_("这条评议现在是“%(state)s”，不能再这样办：可能别人刚刚办过，或者时间已过。")


class ReplyOver(RuleBroken):
    """Refuse a reply after its last day."""

    code = "voices.reply_over"
    status = 409
    text = N_("说明的期限已过，评议已经转给单位。单位采纳以后，您还可以申诉一次。")


class AppealOver(RuleBroken):
    """Refuse an appeal after its last day."""

    code = "voices.appeal_over"
    status = 409
    text = N_("申诉的期限已过。")


class AppealedOnce(RuleBroken):
    """Refuse a second appeal."""

    code = "voices.appealed_once"
    text = N_("一条评议只能申诉一次。")


class BadWords(RuleBroken):
    """Refuse a text that says nothing, or a book."""

    code = "voices.mark_words"
    text = N_("请写清楚事情和理由，至少 %(least)s 个字，最多 %(most)s 个字。")


class BadDay(RuleBroken):
    """Refuse a day ahead or long past."""

    code = "voices.mark_day"
    text = N_("只能写三个月内已经发生的事。")


class AboutOneself(RuleBroken):
    """Refuse a mark about oneself, or a word of one's own in one's own case."""

    code = "voices.mark_own"
    text = N_("不能评议自己，也不能审自己的事。")


class SameHands(RuleBroken):
    """Refuse that who decided first also decides the appeal."""

    code = "voices.mark_same_hands"
    text = N_("申诉要由没有办过这件事的人来办。")


def step(kind: str, state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(TABLES[kind], state, verb, WrongState)


def can(kind: str, state: str, verb: Verb) -> bool:
    """Tell whether the table of a kind knows a way on by `verb`."""
    return (state, verb) in TABLES[kind]


def check_day(day: date, today: date) -> None:
    """Refuse a day ahead or more than a quarter ago. Raises BadDay."""
    if not today - OLDEST <= day <= today:
        raise BadDay


def clean_words(text: str) -> str:
    """Give the text of a mark, reply or reason. Raises BadWords."""
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadWords(least=SHORTEST, most=LONGEST)
    return text


def check_reply(reply_by: date, today: date) -> None:
    """Refuse a reply after its last day, whether or not the clock has noticed. Raises ReplyOver."""
    if today > reply_by:
        raise ReplyOver


def check_appeal(appeal_by: date | None, appealed: bool, today: date) -> None:
    """Refuse a second or a late appeal. Raises AppealedOnce or AppealOver."""
    if appealed:
        raise AppealedOnce
    if appeal_by is None or today > appeal_by:
        raise AppealOver


def expires_on(written: date) -> date:
    """Give the day on which a mark is over."""
    return written + LIVES
