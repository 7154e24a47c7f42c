"""The three phases of a discussion (责任大讨论): what each allows when, how words come to be read.

Nobody is measured: no contribution is counted for anybody, no unit stands before another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.base.states import after

State = Literal["draft", "open", "closed"]
Verb = Literal["publish", "close", "reopen"]
STEPS: Mapping[tuple[State, Verb], State] = {
    ("draft", "publish"): "open",
    ("open", "close"): "closed",
    ("closed", "reopen"): "open",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)

WordState = Literal["waiting", "shown", "refused", "withdrawn"]
WordVerb = Literal[
    "show",  # everybody of the campaign reads it
    "refuse",  # not shown, or no longer, with a reason its author reads
    "rewrite",  # the author writes it anew; it waits again
    "withdraw",  # the author takes it back, and its words are gone
]
WORD_STEPS: Mapping[tuple[WordState, WordVerb], WordState] = {
    ("waiting", "show"): "shown",
    ("waiting", "refuse"): "refused",
    ("waiting", "rewrite"): "waiting",
    ("waiting", "withdraw"): "withdrawn",
    ("shown", "refuse"): "refused",
    ("shown", "withdraw"): "withdrawn",
    ("refused", "show"): "shown",
    ("refused", "rewrite"): "waiting",
    ("refused", "withdraw"): "withdrawn",
}
WORD_STATES: tuple[WordState, ...] = get_args(WordState)
WORD_VERBS: tuple[WordVerb, ...] = get_args(WordVerb)

PhaseKind = Literal["mobilise", "discuss", "rectify"]
Act = Literal["gather", "opinion", "suggestion", "practice", "finding"]
ACTS: tuple[Act, ...] = get_args(Act)
# What a phase allows where nobody says otherwise, in the order in which the phases begin.
ALLOWS: Mapping[PhaseKind, tuple[Act, ...]] = {
    "mobilise": ("gather",),
    "discuss": ("gather", "opinion", "suggestion", "practice"),
    "rectify": ("suggestion", "practice", "finding"),
}
KINDS: tuple[PhaseKind, ...] = get_args(PhaseKind)
When = Literal["before", "open", "after"]
LONGEST = timedelta(days=400)
LONGEST_WORDS, SHORTEST_WORDS, SHORTEST_REASON = 2000, 5, 4


class Span(NamedTuple):
    """The days of a phase, both inclusive."""

    kind: str
    first: date
    last: date


class WrongCampaign(RuleBroken):
    """Refuse an act that the campaign's state does not allow."""

    code = "campaigns.campaign_state"
    status = 409
    text = N_("这次大讨论现在不能这样办，请看最新状态。")


class WrongWord(RuleBroken):
    """Tell that a contribution moved on meanwhile."""

    code = "campaigns.word_state"
    status = 409
    text = N_("这条发言的情况刚刚变了，请看最新状态。")


class NotAllowedNow(RuleBroken):
    """Refuse what no phase of today allows."""

    code = "campaigns.phase"
    text = N_("现在不在可以这样做的阶段里，请看各阶段的日期。")


class BadPhaseDays(RuleBroken):
    """Refuse phases that run backwards, in the wrong order, or for more than a year or so."""

    code = "campaigns.phase_days"
    text = N_("日期不对：三个阶段要依次开始，每个结束不早于开始，前后不超过 400 天。")


class BeyondUpper(RuleBroken):
    """Hold a copy to the days of the campaign it was copied from."""

    code = "campaigns.beyond_upper"
    text = N_("不能早于或晚于上级这次大讨论的起止日期。")


class NotBelow(RuleBroken):
    """Refuse to copy for a unit that does not stand below."""

    code = "campaigns.not_below"
    text = N_("只有下级单位可以参照制定。")


class CopiedAlready(Conflict):
    """Tell that the unit copied the campaign before."""

    code = "campaigns.copied_already"
    text = N_("这个单位已经参照制定了一份。")


class NotOfCampaign(RuleBroken):
    """Refuse to speak in a unit's name that takes no part."""

    code = "campaigns.not_of_campaign"
    text = N_("这个单位不在这次大讨论的范围里。")


class BadTaskDay(RuleBroken):
    """Refuse a task that is due outside its phase."""

    code = "campaigns.task_day"
    text = N_("要在这个阶段的起止日期之内。")


class InUse(RuleBroken):
    """Refuse to take away what somebody answered already."""

    code = "campaigns.in_use"
    text = N_("已经有人回应，不能再删。")


class FewWords(RuleBroken):
    """Ask for words that a later reader understands."""

    code = "campaigns.few_words"
    text = N_("请写清楚，至少 %(least)s 个字，最多 %(most)s 个字。")


class NoSuggestion(RuleBroken):
    """Refuse to make a matter of what asks for nothing, or was taken back, or is one already."""

    code = "campaigns.no_suggestion"
    status = 409
    text = N_("只有还没转办、也没撤回的意见建议可以转办。")


def step(state: str, verb: Verb) -> State:
    """Give the state of a campaign after `verb`. Raises WrongCampaign."""
    return after(STEPS, state, verb, WrongCampaign)


def word_step(state: str, verb: WordVerb) -> WordState:
    """Give the state of a contribution after `verb`. Raises WrongWord."""
    return after(WORD_STEPS, state, verb, WrongWord)


def when(first: date, last: date, today: date) -> When:
    """Tell where a day stands to a phase: before it opens, in it, after it closed."""
    if today < first:
        return "before"
    return "open" if today <= last else "after"


def allowed(phases: Iterable[tuple[Span, Sequence[str]]], today: date) -> frozenset[str]:
    """Name what the phases of a day allow together; phases may overlap."""
    running = (acts for span, acts in phases if when(span.first, span.last, today) == "open")
    return frozenset(act for acts in running for act in acts)


def check_spans(spans: Sequence[Span], upper: Sequence[Span] = ()) -> None:
    """Hold the phases to their order, their length and the days of the campaign above.

    Raises BadPhaseDays, BeyondUpper.
    """
    ordered = sorted(spans, key=lambda span: KINDS.index(span.kind))
    starts = [span.first for span in ordered]
    if starts != sorted(starts) or any(span.last < span.first for span in spans):
        raise BadPhaseDays
    first, last = min(starts), max(span.last for span in spans)
    if last - first > LONGEST:
        raise BadPhaseDays
    if upper and not (
        min(span.first for span in upper) <= first and last <= max(span.last for span in upper)
    ):
        raise BeyondUpper


def check_due(due: date, first: date, last: date) -> None:
    """Hold a task to its phase. Raises BadTaskDay."""
    if not first <= due <= last:
        raise BadTaskDay


def clean_words(text: str, *, least: int = SHORTEST_WORDS, most: int = LONGEST_WORDS) -> str:
    """Give a text without the space around it. Raises FewWords."""
    text = text.strip()
    if not least <= len(text) <= most:
        raise FewWords(least=least, most=most)
    return text
