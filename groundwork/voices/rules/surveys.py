"""What a survey asks, what an answer must be, what of it may be shown; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.numbers import SMALLEST_WHOLE, Interval
from groundwork.base.states import after

State = Literal["draft", "open", "closed", "published"]
Verb = Literal["edit", "open", "answer", "close", "publish"]
STEPS: Mapping[tuple[State, Verb], State] = {
    ("draft", "edit"): "draft",
    ("draft", "open"): "open",
    ("open", "answer"): "open",
    ("open", "close"): "closed",
    ("closed", "publish"): "published",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)
BATCH = 5  # anonymous answers leave the holding table by so many, and so many stay behind
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_TEXT = 40, 20, 1000
LONGEST = timedelta(days=92)
QUOTA_KINDS = ("single", "several", "scale")
MOST_WANTED = 100_000
SCALE = tuple(str(n) for n in range(1, 6))
Z = 1.959964  # 95 % of a normal distribution
Said = dict[str, Any]  # question's key → option, list of options, or row → option


class WrongState(RuleBroken):
    """Refuse an act that the survey's state does not allow."""

    code = "voices.survey_state"
    status = 409
    text = N_("这份问卷现在不能这样办，请看最新状态。")


class SurveyShut(RuleBroken):
    """Refuse an answer before the beginning or after the end."""

    code = "voices.survey_shut"
    status = 409
    text = N_("这份问卷没有开始，或者已经截止，没有收下您的回答。")


class BadTimes(RuleBroken):
    """Refuse times that cannot be kept."""

    code = "voices.survey_times"
    text = N_("截止要晚于开始和现在，最长一个季度。")


class NobodyKnown(RuleBroken):
    """Refuse to ask by name whoever comes along: who has the code says no name."""

    code = "voices.survey_named"
    text = N_("扫码就能答的问卷不知道是谁答的，只能不记名；要记名，请选一人一份。")


class TakenUp(RuleBroken):
    """Refuse to make a second matter of the same words."""

    code = "voices.text_taken_up"
    status = 409
    text = N_("这段文字已经立了一件事。")


class NoQuestions(RuleBroken):
    """Refuse to open a survey that asks nothing."""

    code = "voices.survey_empty"
    text = N_("请先写好要问的问题。")


class NobodyInvited(RuleBroken):
    """Refuse to invite nobody, or an anonymous few."""

    code = "voices.survey_nobody"
    text = N_("范围里的人太少：不记名的问卷至少要请 %(least)s 个人。")


class BadQuestion(RuleBroken):
    """Refuse a question that cannot be asked like this."""

    code = "voices.survey_question"
    text = N_("选项要有两个到二十个，每行一个；矩阵还要写好各行。")


class Missing(RuleBroken):
    """Refuse an answer that leaves out what has to be answered."""

    code = "voices.survey_missing"
    text = N_("还有必答的问题没有回答：%(text)s")


class BadAnswer(RuleBroken):
    """Refuse an answer that the question does not offer."""

    code = "voices.survey_answer"
    text = N_("这个回答不在选项里：%(text)s")


class BadQuota(RuleBroken):
    """Refuse a wished-for number so small that it would point at people."""

    code = "voices.survey_quota"
    text = N_("想要的人数从 %(least)s 起，最多 %(most)s；只能写在有选项的题上。")


@dataclass(frozen=True)
class Asked:
    """One question as the rules see it; `shown_if` names an earlier question and its options."""

    key: str
    kind: str  # single | several | scale | text | matrix
    text: str
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    required: bool = False
    shown_if: tuple[str, tuple[str, ...]] | None = None
    groups: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        """The options one may choose among."""
        return SCALE if self.kind == "scale" else self.options

    @property
    def exclusive(self) -> bool:
        """Whether one answer is in one option only."""
        return self.kind != "several"


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(STEPS, state, verb, WrongState)


def check_times(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse times that cannot be kept. Raises BadTimes."""
    if not opens_at < closes_at <= opens_at + LONGEST or closes_at <= now:
        raise BadTimes


def check_named(way: str, *, anonymous: bool) -> None:
    """Refuse to ask by name where nobody knows who answers. Raises NobodyKnown."""
    if way == "open" and not anonymous:
        raise NobodyKnown


def check_now(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse an answer outside the set times or state. Raises SurveyShut."""
    if state != "open" or not opens_at <= now < closes_at:
        raise SurveyShut


def check_question(asked: Asked) -> None:
    """Refuse a question without enough to choose from. Raises BadQuestion."""
    needs = asked.kind in ("single", "several", "matrix")
    if needs and not 2 <= len(asked.options) <= MOST_OPTIONS:
        raise BadQuestion
    if asked.kind == "matrix" and not 1 <= len(asked.rows) <= MOST_OPTIONS:
        raise BadQuestion


def check_quotas(asked: Asked, wanted: Mapping[str, int]) -> None:
    """Refuse wished-for numbers by option that cannot stand. Raises BadQuota.

    Not under five: whether one more has answered than a small number would say who it was.
    """
    fits = asked.kind in QUOTA_KINDS and set(wanted) <= set(asked.offered)
    if not fits or not all(BATCH <= least <= MOST_WANTED for least in wanted.values()):
        raise BadQuota(least=BATCH, most=MOST_WANTED)


def is_shown(asked: Asked, said: Said) -> bool:
    """Tell whether the branch leads to this question."""
    if asked.shown_if is None:
        return True
    key, wanted = asked.shown_if
    given = said.get(key)
    chosen = given if isinstance(given, list) else [given]
    return any(one in wanted for one in chosen)


def clean(questions: Sequence[Asked], raw: Mapping[str, Any]) -> tuple[Said, dict[str, str]]:
    """Give the closed answers and the texts. Raises Missing or BadAnswer.

    What stands behind a branch not taken is dropped, whatever was sent.
    """
    said: Said = {}
    texts: dict[str, str] = {}
    for asked in questions:
        if not is_shown(asked, said):
            continue
        value = _value(asked, raw.get(asked.key))
        if not value:
            if asked.required:
                raise Missing(text=asked.text)
        elif asked.kind == "text":
            texts[asked.key] = value
        else:
            said[asked.key] = value
    return said, texts


def _value(asked: Asked, given: Any) -> Any:
    if asked.kind == "text":
        return str(given or "").strip()[:LONGEST_TEXT]
    if asked.kind == "several":
        chosen = list(dict.fromkeys(given or []))
        if not set(chosen) <= set(asked.options):
            raise BadAnswer(text=asked.text)
        return [option for option in asked.options if option in chosen]
    if asked.kind == "matrix":
        cells = {row: (given or {}).get(row) or "" for row in asked.rows}
        if not set(cells.values()) <= {"", *asked.options}:
            raise BadAnswer(text=asked.text)
        if asked.required and "" in cells.values():
            raise Missing(text=asked.text)
        return {row: option for row, option in cells.items() if option}
    if given and given not in asked.offered:
        raise BadAnswer(text=asked.text)
    return given or ""


# ---- counting -----------------------------------------------------------------------------------
Tally = dict[str, dict[str, int]]  # question (or question/row) → option → n; "" is who answered it


def tally(questions: Sequence[Asked], answers: Iterable[Said]) -> Tally:
    """Count answers by question and option. Each person is in a cell at most once."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in cells(questions)}
    kinds = {asked.key: asked.kind for asked in questions}
    for said in answers:
        for key, value in said.items():
            kind = kinds.get(key)
            if kind == "matrix":
                for row, option in value.items():
                    counts[f"{key}/{row}"].update((option, ""))
            elif kind is not None:
                counts[key].update({*(value if kind == "several" else [value]), ""})
    return {name: dict(counter) for name, counter in counts.items()}


def cells(questions: Sequence[Asked]) -> list[str]:
    """Name what is counted: each closed question, of a matrix each row."""
    found: list[str] = []
    for asked in questions:
        if asked.kind == "matrix":
            found += [f"{asked.key}/{row}" for row in asked.rows]
        elif asked.kind != "text":
            found.append(asked.key)
    return found


def hide_small(counts: Mapping[str, int], whole: int, *, exclusive: bool) -> dict[str, int | None]:
    """Hide cells of one to four people; where the rest would tell, the next smallest too.

    None is a hidden cell. Under five in all, everything is hidden.
    """
    if whole < SMALLEST_WHOLE:
        return dict.fromkeys(counts)
    shown: dict[str, int | None] = {
        option: None if 0 < n < SMALLEST_WHOLE else n for option, n in counts.items()
    }
    hidden = sum(counts[option] for option, n in shown.items() if n is None)
    if exclusive and 0 < hidden < SMALLEST_WHOLE:
        # The hidden ones are whatever is missing from the whole: take the next smallest along.
        rest = sorted((n, option) for option, n in shown.items() if n)
        if rest:
            shown[rest[0][1]] = None
    return shown


def margin(part: int, whole: int, population: int) -> Interval | None:
    """Give where the share lies among all the people drawn from, with 95 % (Wilson).

    Whoever asked a large part of them knows more: the finite population correction. None where
    nobody answered, or everybody did.
    """
    if not whole or whole >= population:
        return None
    n = whole * (population - 1) / (population - whole)
    share = part / whole
    spread = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    middle, scale = share + Z * Z / (2 * n), 1 + Z * Z / n
    low = (middle - spread) / scale if part else 0.0
    high = (middle + spread) / scale if part < whole else 1.0
    return Interval(max(0.0, low), min(1.0, high), whole)
