"""The hall of an evening: what its page shows when, and how questions reach the speaker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after
from groundwork.study.rules.roll import Hours, opens_at

Face = Literal[
    "cancelled", "none", "before", "on_air", "broken", "ended", "replay", "outside", "recorded"
]
FACES: tuple[Face, ...] = (
    "cancelled", "none", "before", "on_air", "broken", "ended", "replay", "outside", "recorded",
)  # fmt: skip

# ---- questions to the speaker ---------------------------------------------------------------
State = Literal["waiting", "shortlisted", "answered", "set_aside"]
Verb = Literal["shortlist", "answer", "set_aside", "take_back"]
STATES: tuple[State, ...] = ("waiting", "shortlisted", "answered", "set_aside")
VERBS: tuple[Verb, ...] = ("shortlist", "answer", "set_aside", "take_back")

# The one table of a question's life. Nothing is deleted by hand: what was set aside can come back.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("waiting", "shortlist"): "shortlisted",
    ("waiting", "set_aside"): "set_aside",
    ("shortlisted", "answer"): "answered",
    ("shortlisted", "set_aside"): "set_aside",
    ("shortlisted", "take_back"): "waiting",
    ("answered", "take_back"): "shortlisted",
    ("set_aside", "take_back"): "waiting",
}

SHORTEST, LONGEST = 4, 200  # characters of a question
MOST_WAITING = 500  # what one person can still read through in an evening
MOST_SHORTLISTED = 12  # a speaker looks at one screen, not at a list to be worked off


class WrongStep(RuleBroken):
    code = "study.question_wrong_step"
    text = N_("这个问题现在不能这样处理，请刷新后再看。")


class NoQuestionsNow(RuleBroken):
    code = "study.no_questions_now"
    text = N_("现在不收提问：开始前 30 分钟起到结束时可以提。")


class QuestionTooShort(RuleBroken):
    code = "study.question_too_short"
    text = N_("请把问题写完整一点，至少 %(n)s 个字。")


class QuestionTooLong(RuleBroken):
    code = "study.question_too_long"
    text = N_("问题请控制在 %(n)s 字以内，宣讲员一眼能看完。")


class EnoughQuestions(RuleBroken):
    """Refuse more questions than a moderator can read; what was typed stays in the form."""

    code = "study.enough_questions"
    status = 429
    text = N_("等着看的问题已经很多，主持人看过一些以后再收。您写的还在，请过几分钟再点一次。")


class ShortlistFull(RuleBroken):
    code = "study.shortlist_full"
    text = N_("宣讲员屏幕上已有 %(n)s 个问题，请先把答过的标为已答。")


def step(state: str, verb: Verb) -> State:
    """Say a question's state after `verb`. Raises WrongStep for a pair the table does not list."""
    return after(STEPS, state, verb, WrongStep)


def verbs_in(state: str) -> tuple[Verb, ...]:
    """Name the verbs that a question's state allows, in the table's order."""
    return tuple(verb for before, verb in STEPS if before == state)


def takes_questions(hours: Hours, at: datetime) -> bool:
    """Tell whether questions are taken: from 30 minutes before the start until the end."""
    told = hours.state in {"published", "held", "closed"}
    return told and opens_at(hours.starts_at) <= at <= hours.ends_at


def check_question(text: str, waiting: int, hours: Hours, at: datetime) -> None:
    """Hold a question to its hours, its length and to what a moderator can read.

    Raises NoQuestionsNow, QuestionTooShort, QuestionTooLong or EnoughQuestions.
    """
    if not takes_questions(hours, at):
        raise NoQuestionsNow
    if len(text) < SHORTEST:
        raise QuestionTooShort(n=SHORTEST)
    if len(text) > LONGEST:
        raise QuestionTooLong(n=LONGEST)
    if waiting >= MOST_WAITING:
        raise EnoughQuestions


def check_shortlist(shortlisted: int) -> None:
    """Keep the speaker's screen to one look. Raises ShortlistFull."""
    if shortlisted >= MOST_SHORTLISTED:
        raise ShortlistFull(n=MOST_SHORTLISTED)


# ---- what the page shows --------------------------------------------------------------------
@dataclass(frozen=True)
class Signal:
    """What is known of the picture: the stream's source and state, whether a replay is ready."""

    source: str = ""  # "" | embedded | upload | outside
    state: str = ""  # "" | waiting | on_air | broken | ended
    replay: bool = False


def face(hours: Hours, signal: Signal, at: datetime) -> Face:
    """Choose the one face of the hall page; the picture's own state comes before the clock.

    A speaker who talks ten minutes longer stays on air; a stream that was never ended by hand is
    over thirty minutes after the evening.
    """
    if hours.state == "cancelled":
        return "cancelled"
    if signal.source == "":
        return "none"
    if signal.replay:
        return "replay"
    if signal.source == "outside":
        return "outside" if at <= hours.ends_at + LINGERS else "ended"
    if signal.source == "upload":
        return "recorded" if at > hours.ends_at else "before"
    return _embedded(hours, signal, at)


LINGERS = timedelta(minutes=30)


def _embedded(hours: Hours, signal: Signal, at: datetime) -> Face:
    if signal.state == "on_air":
        return "on_air"
    if signal.state == "broken" and at <= hours.ends_at + LINGERS:
        return "broken"
    if signal.state in {"ended", "broken"} or at > hours.ends_at:
        return "ended"
    return "before"
