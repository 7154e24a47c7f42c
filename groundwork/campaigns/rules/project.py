"""What an assistance project must hold, and the way of its milestones; pure.

Nobody who is sent is measured: a project has milestones, a person has a task and two days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

MilestoneState = Literal["open", "reached", "dropped"]
MilestoneVerb = Literal["reach", "drop", "reopen"]
MILESTONE_STEPS: Mapping[tuple[MilestoneState, MilestoneVerb], MilestoneState] = {
    ("open", "reach"): "reached",
    ("open", "drop"): "dropped",
    ("reached", "reopen"): "open",
    ("dropped", "reopen"): "open",
}
STATES: tuple[MilestoneState, ...] = get_args(MilestoneState)
VERBS: tuple[MilestoneVerb, ...] = get_args(MilestoneVerb)
LONGEST = timedelta(days=5 * 366)
OLDEST_NOTE = timedelta(days=31)
SHORTEST = 4


class WrongMilestone(RuleBroken):
    """Tell that the milestone moved on meanwhile."""

    code = "campaigns.milestone_state"
    status = 409
    text = N_("这个节点的情况刚刚变了，请看最新状态。")


class WordsNeeded(RuleBroken):
    """Ask for words where a later reader would not understand otherwise."""

    code = "campaigns.project_words"
    text = N_("请写清楚，至少四个字。")


class BadProjectDays(RuleBroken):
    """Refuse days that run backwards, or for more than five years."""

    code = "campaigns.project_days"
    text = N_("结束不能早于开始，最长五年。")


class OutsideProject(RuleBroken):
    """Refuse a day on which the project does not run."""

    code = "campaigns.outside_project"
    text = N_("这一天不在项目起止日期之内。")


class BadNoteDay(RuleBroken):
    """Refuse a note of a day to come, or of more than a month ago."""

    code = "campaigns.note_day"
    text = N_("只能记今天和过去一个月里的事。")


class PostedAlready(RuleBroken):
    """Refuse to send somebody twice at once."""

    code = "campaigns.posted_already"
    text = N_("%(name)s已经在这个项目里。")


class MilestonesOpen(RuleBroken):
    """Refuse to end a project of which somebody would not know what became of its aims."""

    code = "campaigns.milestones_open"
    text = N_("还有节点没有结果：做到了，或者不做了，写明以后才能结束。")


class ProjectEnded(RuleBroken):
    """Refuse to go on with a project that has ended."""

    code = "campaigns.project_ended"
    text = N_("这个项目已经结束。")


def milestone_step(state: str, verb: MilestoneVerb) -> MilestoneState:
    """Give the state of a milestone after `verb`. Raises WrongMilestone."""
    return after(MILESTONE_STEPS, state, verb, WrongMilestone)


def check_project_days(first: date, last: date) -> None:
    """Refuse days backwards or too long. Raises BadProjectDays."""
    if not first <= last <= first + LONGEST:
        raise BadProjectDays


def check_within(day: date, first: date, last: date) -> None:
    """Refuse a day outside the project's. Raises OutsideProject."""
    if not first <= day <= last:
        raise OutsideProject


def check_note_day(day: date, today: date) -> None:
    """Refuse a note of tomorrow, and of more than a month ago. Raises BadNoteDay."""
    if not today - OLDEST_NOTE <= day <= today:
        raise BadNoteDay


def check_said(text: str) -> str:
    """Give words, tidied. Raises WordsNeeded."""
    text = text.strip()
    if len(text) < SHORTEST:
        raise WordsNeeded
    return text


def check_end(milestones: Iterable[str]) -> None:
    """Refuse an end while a milestone is open. Raises MilestonesOpen."""
    if "open" in milestones:
        raise MilestonesOpen
