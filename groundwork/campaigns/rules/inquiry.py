"""The way of an episode of the television inquiry, what its jury may say, when one looks again.

A problem's own state is the ledger's (`matters.rules.states`); here is only what television adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.base.states import after

State = Literal["planned", "voting", "following", "closed", "called_off"]
Verb = Literal[
    "open_vote",  # the jury may tap
    "close_vote",  # counted, and the taps are gone
    "follow",  # on the air without a jury
    "close",  # everything ended and looked at again
    "reopen",  # something came back, or was forgotten
    "call_off",  # it is never broadcast
]
# The one table. What it does not list is refused.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("planned", "open_vote"): "voting",
    ("planned", "follow"): "following",
    ("planned", "call_off"): "called_off",
    ("voting", "close_vote"): "following",
    ("voting", "call_off"): "called_off",
    ("following", "close"): "closed",
    ("following", "call_off"): "called_off",
    ("closed", "reopen"): "following",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
OFF: State = "called_off"

RELAPSE_AFTER = timedelta(days=90)  # from the day a problem ended
SOON = timedelta(days=7)  # how long before its day a promise or a check stands in the to-do
ENDS_WELL = ("solved", "unit_done")  # what is looked at again after that time
LONGEST_TITLE, LONGEST_WORDS = 80, 500
SHORTEST_WORDS = 5
MOST_ITEMS = 60
MOST_CLIPS = 60


class WrongState(RuleBroken):
    """Refuse an act that the episode's state does not allow."""

    code = "campaigns.episode_state"
    status = 409
    text = N_("这一期现在不能这样办，请看最新状态。")


class Aired(RuleBroken):
    """Refuse to change what has been broadcast."""

    code = "campaigns.aired"
    status = 409
    text = N_("已经播出，不能再改。")


class NotAired(RuleBroken):
    """Refuse what only follows the broadcast."""

    code = "campaigns.not_aired"
    text = N_("还没有播出，播出以后再办。")


class WrongPlace(RuleBroken):
    """Hold an episode to the city or one of its districts."""

    code = "campaigns.episode_place"
    text = N_("一期节目只做全市的或一个区县的。")


class PutAlready(Conflict):
    """Tell that the episode has the matter already."""

    code = "campaigns.put_already"
    text = N_("这件诉求已经在这一期里。")


class TooMany(RuleBroken):
    """Refuse more problems or clips than an evening holds."""

    code = "campaigns.too_many"
    text = N_("一期最多放 %(most)s 个。")


class BadWords(RuleBroken):
    """Refuse a text that says nothing, or a book."""

    code = "campaigns.words"
    text = N_("请写清楚，至少 %(least)s 个字，最多 %(most)s 个字。")


class BadLink(RuleBroken):
    """Refuse an address that is not plain https."""

    code = "campaigns.link"
    text = N_("链接要以 https:// 开头，里面不能有用户名和密码。")


class OneSource(RuleBroken):
    """Ask for a link or a file, one of them."""

    code = "campaigns.one_source"
    text = N_("链接和文件请只给一样。")


class NoUnit(RuleBroken):
    """Ask which unit is questioned."""

    code = "campaigns.no_unit"
    text = N_("请先写明问的是哪个单位。")


class ComplainedOf(RuleBroken):
    """Refuse to show a complaint to the unit it names before everybody sees it."""

    code = "campaigns.complained_of"
    text = N_("这是对该单位的投诉，播出以前不给它看。")


class NoJury(RuleBroken):
    """Ask for jurors, and for something to vote on."""

    code = "campaigns.no_jury"
    text = N_("先定评议员，再放上至少一个写明单位的问题。")


class BadVote(RuleBroken):
    """Refuse more who are satisfied than said anything."""

    code = "campaigns.vote"
    text = N_("说满意的不能比参加评议的多。")


class VoteOver(Conflict):
    """Tell a juror who came too late."""

    code = "campaigns.vote_over"
    text = N_("评议已经截止，这一票没有计入。")


class OwnUnit(RuleBroken):
    """Refuse a juror's vote on the own unit."""

    code = "campaigns.own_unit"
    text = N_("这是您所在的单位，请不要评议。")


class OtherHands(RuleBroken):
    """Let nobody look at the own unit's work again."""

    code = "campaigns.other_hands"
    text = N_("回访要由被问单位和承办单位以外的人来做。")


class TooEarly(RuleBroken):
    """Refuse a relapse check before its day."""

    code = "campaigns.relapse_early"
    text = N_("办结满 90 天才做复查；现在请记作回访。")


class BadDay(RuleBroken):
    """Refuse a day that cannot be."""

    code = "campaigns.day"
    text = N_("日期不对：承诺的日子不能在播出以前，回访的日子不能在今天以后。")


class StillOpen(RuleBroken):
    """Refuse to close an episode while something is owed."""

    code = "campaigns.still_open"
    text = N_("还有 %(n)s 个问题没有办结或没有复查，不能结案。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(STEPS, state, verb, WrongState)


def can(state: str, verb: Verb) -> bool:
    """Tell whether the table knows a way on by `verb`."""
    return (state, verb) in STEPS


def is_aired(state: str, airs_at: datetime, at: datetime) -> bool:
    """Tell whether an evening is everybody's: its hour has come, and it was not called off."""
    return state != OFF and airs_at <= at


def check_before(airs_at: datetime, at: datetime) -> None:
    """Refuse to change what has been broadcast. Raises Aired."""
    if at >= airs_at:
        raise Aired


def relapse_on(state: str, closed_on: date | None) -> date | None:
    """Give the day on which an ended problem is looked at again; None where nothing is owed."""
    if state not in ENDS_WELL or closed_on is None:
        return None
    return closed_on + RELAPSE_AFTER


def check_relapse(due: date | None, today: date) -> None:
    """Refuse a relapse check before its day. Raises TooEarly."""
    if due is None or today < due:
        raise TooEarly


def check_hands(own: str | None, units: tuple[str, ...]) -> None:
    """Refuse who works at one of the units, by paths. Raises OtherHands."""
    if own is not None and any(own.startswith(unit) for unit in units):
        raise OtherHands


def clean_words(text: str, *, least: int = SHORTEST_WORDS, most: int = LONGEST_WORDS) -> str:
    """Give a text without the space around it. Raises BadWords."""
    text = text.strip()
    if not least <= len(text) <= most:
        raise BadWords(least=least, most=most)
    return text


def check_link(url: str) -> str:
    """Give an address of another house, https alone and without secrets in it. Raises BadLink."""
    try:
        parts = urlsplit(url.strip())
        named = parts.scheme == "https" and parts.hostname and not parts.username
        bare = named and parts.port in (None, 443)
    except ValueError:
        raise BadLink from None
    if not bare or len(url) > LONGEST_WORDS or any(sign.isspace() for sign in url.strip()):
        raise BadLink
    return url.strip()
