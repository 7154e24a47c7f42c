"""Surveys: the unit's list, the questions in the reader's language, results as shares with n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, Todo, page_by_key
from groundwork.base.numbers import SMALLEST_WHOLE, Interval, Rate
from groundwork.voices.models import Answer, Question, Right, Survey, Text
from groundwork.voices.policy import surveys as policy
from groundwork.voices.rules import disclosure
from groundwork.voices.rules import surveys as rules

SIZE = 30
State, Way = Survey.State, Survey.Way
TONES = {"draft": "plain", "open": "act", "closed": "due", "published": "ok"}


def surveys(by: Actor, after: str = "") -> Listing[Survey]:
    """List the surveys of one's units, the newest first."""
    rows = policy.visible_surveys(by).select_related("body", "place")
    return page_by_key(rows, ("-opens_at", "-id"), after, size=SIZE)


def waiting(by: Actor, at: datetime) -> list[Todo]:
    """List surveys that invite the actor, as lines of a to-do.

    Whether somebody answered an anonymous one is not looked up: it stays until it closes.
    """
    if by.person_id is None:
        return []
    rows = policy.asked(by, at).select_related("body").order_by("closes_at", "id")[:5]
    return [
        Todo(
            title=_("问卷：%(title)s") % {"title": in_language(row.title, row.title_en)},
            url=f"/voices/surveys/{row.public_id}/answer/",
            sub=str(row.body),
            chip=_("自愿"),
            due=row.closes_at,
        )
        for row in rows
    ]


def in_language(zh: str, en: str) -> str:
    """Give the English where the reader reads English and there is one."""
    return en if en and (get_language() or "").startswith("en") else zh


def options_of(question: Question) -> list[tuple[str, str]]:
    """Give a question's options in the reader's language."""
    if question.kind == Question.Kind.SCALE:
        return [(one, one) for one in rules.SCALE]
    return [(key, in_language(zh, en)) for key, zh, en in question.options]


def rows_of(question: Question) -> list[tuple[str, str]]:
    """Give a matrix's rows in the reader's language."""
    return [(key, in_language(zh, en)) for key, zh, en in question.rows]


def text_of(question: Question) -> str:
    """Give a question in the reader's language."""
    return in_language(question.text, question.text_en)


# ---- the unit's page ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Quota:
    """How far a wished-for number is; a warning to the unit, never a demand on anybody."""

    text: str
    least: int
    short: bool | None  # None: of a cell that is hidden nothing is said


@dataclass(frozen=True)
class SurveyPage:
    """What the page of a survey shows the unit that asks."""

    survey: Survey
    questions: list[Question]
    received: int
    rate: Rate | None
    quotas: list[Quota]
    may: dict[str, bool]
    tone: str
    quota_kinds: tuple[str, ...] = rules.QUOTA_KINDS


def survey_page(by: Actor, survey: Survey) -> SurveyPage:
    """Read a survey: how many answered, of how many invited."""
    questions = list(survey.questions.all())
    received, rate = _received(survey)
    verbs: tuple[rules.Verb, ...] = ("edit", "open", "close", "publish")
    return SurveyPage(
        survey=survey,
        questions=questions,
        received=received,
        rate=rate,
        quotas=_quotas(survey, questions),
        may={verb: (survey.state, verb) in rules.STEPS for verb in verbs},
        tone=TONES[survey.state],
    )


def _received(survey: Survey) -> tuple[int, Rate | None]:
    """Give how many answers were received, and of how many invited: used rights of all rights.

    Who answers by the code was asked by nobody, so that there is no whole and no rate.
    """
    if survey.answered is not None:
        whole = survey.invited  # as many as had rights; the database holds the part inside it
        return survey.answered, None if whole is None else Rate(survey.answered, whole)
    rights = Right.objects.filter(survey=survey)
    n = rights.aggregate(all=Count("pk"), used=Count("pk", filter=Q(used=True)))
    return n["used"], Rate(n["used"], n["all"]) if survey.way == Way.INVITED else None


def _quotas(survey: Survey, questions: Sequence[Question]) -> list[Quota]:
    if survey.state == State.DRAFT or not survey.quotas:
        return []
    shown = shown_counts(survey, questions)
    known = {row.key: row for row in questions}
    found = []
    for key, option, least in survey.quotas:
        if key not in known:
            continue
        row = known[key]
        label = dict(options_of(row)).get(option, option)
        n = shown[key][option]
        found.append(Quota(f"{text_of(row)} · {label}", least, None if n is None else n < least))
    return found


def shown_counts(survey: Survey, questions: Sequence[Question]) -> disclosure.Shown:
    """Give the counts; of an anonymous survey that is closed without what is held back.

    Before that nothing but whether a wish is met is said, and some are always still held back.
    """
    asked = [row.asked() for row in questions]
    counts = tally_of(survey, questions)
    if survey.anonymous and survey.answered is not None:
        return disclosure.shown_whole(asked, counts)
    return {
        name: {option: counts.get(name, {}).get(option, 0) for option in [*one.offered, ""]}
        for one in asked
        for name in rules.cells([one])
    }


def wishes(survey: Survey, by_unit: bool) -> list[Quota]:
    """Say beside the results where fewer answered than wished for; to the unit that asked alone."""
    return _quotas(survey, list(survey.questions.all())) if by_unit else []


def quota_question(survey: Survey, key: str) -> Question:
    """Give a question behind whose options numbers may be wished for. Raises NotFound."""
    found = survey.questions.filter(key=key, kind__in=rules.QUOTA_KINDS).first()
    if found is None:
        raise NotFound
    return found


def quota_fields(question: Question, survey: Survey) -> list[tuple[str, str, int | None]]:
    """Give the options of a question with the number wished for."""
    wanted = {option: least for key, option, least in survey.quotas if key == question.key}
    return [(key, label, wanted.get(key)) for key, label in options_of(question)]


def tally_of(survey: Survey, questions: Sequence[Question]) -> rules.Tally:
    """Give the counts: kept once it is closed, else of what has been let go so far."""
    if survey.tally is not None:
        kept: rules.Tally = survey.tally
        return kept
    said = Answer.objects.filter(survey=survey).values_list("said", flat=True)
    return rules.tally([row.asked() for row in questions], said.iterator(chunk_size=2000))


# ---- results ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """One option with its share of those who answered the question; None where it is hidden."""

    label: str
    rate: Rate | None
    margin: Interval | None = None


@dataclass(frozen=True)
class Result:
    """One closed question, or one row of a matrix."""

    question: Question
    title: str
    n: int | None  # None: of so few that it is hidden
    shares: list[Share]


@dataclass(frozen=True)
class Results:
    """What came of a survey: shares with their n, margins where people were drawn by lot."""

    survey: Survey
    answered: int
    rate: Rate | None
    results: list[Result]
    hidden: bool  # an anonymous survey too few have answered, or one still open
    sampled: bool
    title: str = ""
    groups: list[tuple[str, str]] = field(default_factory=list)  # questions to split by


def results(survey: Survey) -> Results:
    """Count shares. Of an anonymous survey nothing is shown before it is closed."""
    questions = list(survey.questions.all())
    early = survey.anonymous and survey.answered is None
    answered, rate = _received(survey)
    hidden = early or (survey.anonymous and answered < SMALLEST_WHOLE)
    return Results(
        survey=survey,
        answered=answered,
        rate=rate,
        results=[] if hidden else _results(survey, questions, shown_counts(survey, questions)),
        hidden=hidden,
        sampled=_sampled(survey),
        title=in_language(survey.title, survey.title_en),
        groups=[(row.key, text_of(row)) for row in questions if row.groups],
    )


def _sampled(survey: Survey) -> bool:
    return survey.way == Way.INVITED and (survey.invited or 0) < (survey.population or 0)


def _results(
    survey: Survey, questions: Sequence[Question], shown: disclosure.Shown
) -> list[Result]:
    found = []
    for row in questions:
        if row.kind == Question.Kind.TEXT:
            continue
        parts = rows_of(row) if row.kind == Question.Kind.MATRIX else [("", "")]
        for key, label in parts:
            cell = shown[f"{row.key}/{key}" if key else row.key]
            title = f"{text_of(row)} · {label}" if label else text_of(row)
            found.append(Result(row, title, cell[""], _shares(survey, row, cell)))
    return found


def _shares(survey: Survey, row: Question, cell: disclosure.Cell) -> list[Share]:
    whole = cell[""]
    population = survey.population if _sampled(survey) else None
    found = []
    for key, label in options_of(row):
        n = cell[key]
        if n is None or whole is None:
            found.append(Share(label, None))
            continue
        margin = rules.margin(n, whole, population) if population else None
        found.append(Share(label, Rate(n, whole), margin))
    return found


def split(survey: Survey, by_key: str) -> list[tuple[str, Results]]:
    """Give the results of each group of a question marked as one; what would tell is hidden.

    What a reader could take from the whole is hidden with it (`rules/disclosure.py`). Raises
    NotFound.
    """
    questions = list(survey.questions.all())
    chosen = next((row for row in questions if row.key == by_key and row.groups), None)
    if chosen is None or survey.answered is None:
        raise NotFound
    shown = _parts(survey, questions, chosen)
    found = []
    for key, label in options_of(chosen):
        part = shown.get(key)
        listed = [] if part is None else _results(survey, questions, part)
        n = (part or {}).get(by_key, {}).get(key) or 0
        found.append((label, Results(survey, n, None, listed, part is None, sampled=False)))
    return found


def _parts(
    survey: Survey, questions: Sequence[Question], chosen: Question
) -> dict[str, disclosure.Shown]:
    """Give what may be shown of every group of a question, of a closed survey."""
    asked = [row.asked() for row in questions]
    groups: dict[str, list[rules.Said]] = {key: [] for key, _label in options_of(chosen)}
    for said in Answer.objects.filter(survey=survey).values_list("said", flat=True):
        if said.get(chosen.key) in groups:
            groups[said[chosen.key]].append(said)
    parts = {key: rules.tally(asked, said) for key, said in groups.items()}
    return disclosure.shown_parts(asked, tally_of(survey, questions), chosen.key, parts)


# ---- what was written ---------------------------------------------------------------------------
def texts(by: Actor, survey: Survey, q: str = "", after: str = "") -> Listing[Text]:
    """List what was written, by random keys, once the survey is closed; narrowed by a word."""
    rows = Text.objects.filter(survey=survey).select_related("question")
    if survey.anonymous and survey.answered is None:
        rows = rows.none()
    if q.strip():
        rows = rows.filter(text__icontains=q.strip())
    return page_by_key(rows, ("key",), after, size=SIZE)


def text_to_take_up(by: Actor, key: str) -> Text:
    """Give what was written, to be shown in the form. Raises NotFound."""
    rows = Text.objects.filter(survey__in=policy.visible_surveys(by)).exclude(
        survey__state=State.OPEN
    )
    found = rows.select_related("survey").filter(key=key).first()
    if found is None:
        raise NotFound
    return found
