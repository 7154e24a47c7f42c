"""Draft a survey, open it with its draw, close it, publish it; the key that vanishes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import transaction
from django.urls import reverse

from groundwork.base import changes, clock, trail, vault
from groundwork.base.actor import Actor, system
from groundwork.base.errors import N_, Forbidden, NotFound
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.actions.steps import BY_RAISER
from groundwork.matters.models import Category, Door, Kind
from groundwork.matters.rules.sampling import draw, seed_of
from groundwork.registry.models import Body, Person, Place
from groundwork.voices.actions.answers import deal_anew, release
from groundwork.voices.actions.telling import tell
from groundwork.voices.models import Answer, Held, Question, Right, Seat, Survey, Text
from groundwork.voices.policy import surveys as policy
from groundwork.voices.rules import surveys as rules

KIND = "voices.survey"
CLOCK = system("voices.clock")
ASKED = N_("%(body)s请您答一份问卷：%(title)s")
GONE = (Person.Status.RETIRED, Person.Status.LEFT)
CHUNK = 5000


@dataclass(frozen=True)
class SurveyPlan:
    """What is asked in whose name, of whom, from when to when."""

    title: str
    body: Body
    place: Place
    authority: str
    opens_at: datetime
    closes_at: datetime
    way: str = "open"
    anonymous: bool = True
    audience: Body | None = None
    wanted: int | None = None
    seed: str = ""
    why: str = ""
    title_en: str = ""
    why_en: str = ""


@transaction.atomic
def draft_survey(plan: SurveyPlan, *, by: Actor, at: datetime | None = None) -> Survey:
    """Draft a survey; nobody is asked yet. Raises Forbidden, BadTimes."""
    at = at or clock.now()
    if not policy.keeps(by, plan.body):
        raise Forbidden
    rules.check_times(plan.opens_at, plan.closes_at, at)
    rules.check_named(plan.way, anonymous=plan.anonymous)
    made = Survey.objects.create(**vars(plan))
    trail.record(by, "draft", KIND, made.public_id, at=at)
    return made


@dataclass(frozen=True)
class NewQuestion:
    """One question; options and rows as (中文, English)."""

    kind: str
    text: str
    text_en: str = ""
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    required: bool = False
    groups: bool = False
    shown_if: tuple[str, tuple[str, ...]] | None = None


def _keyed(sign: str, pairs: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[f"{sign}{n}", zh, en] for n, (zh, en) in enumerate(pairs, 1)]


@transaction.atomic
def add_question(
    survey_id: str, new: NewQuestion, *, by: Actor, at: datetime | None = None
) -> Question:
    """Add a question to a draft. Raises BadQuestion, WrongState."""
    survey = policy.survey_for(by, survey_id, "edit", lock=True)
    rules.step(survey.state, "edit")
    last = survey.questions.order_by("-order").first()
    order = (last.order if last else 0) + 1
    if order > rules.MOST_QUESTIONS:
        raise rules.BadQuestion
    row = Question(
        survey=survey,
        order=order,
        key=f"q{order}",
        kind=new.kind,
        text=new.text,
        text_en=new.text_en,
        options=_keyed("a", new.options) if new.kind in ("single", "several", "matrix") else [],
        rows=_keyed("r", new.rows) if new.kind == "matrix" else [],
        required=new.required,
        groups=new.groups and new.kind == "single",
        shown_if=[new.shown_if[0], list(new.shown_if[1])] if new.shown_if else None,
    )
    rules.check_question(row.asked())
    row.save(force_insert=True)
    trail.record(by, "add_question", KIND, survey.public_id, [row.key], at=at)
    return row


@transaction.atomic
def drop_question(survey_id: str, key: str, *, by: Actor, at: datetime | None = None) -> None:
    """Drop a question from a draft, and the branches that lead from it."""
    survey = policy.survey_for(by, survey_id, "edit", lock=True)
    rules.step(survey.state, "edit")
    survey.questions.filter(key=key).delete()
    survey.quotas = [quota for quota in survey.quotas if quota[0] != key]
    survey.save(update_fields=["quotas"])
    for row in survey.questions.exclude(shown_if=None):
        if row.shown_if and row.shown_if[0] == key:
            row.shown_if = None
            row.save(update_fields=["shown_if"])
    trail.record(by, "drop_question", KIND, survey.public_id, [key], at=at)


@transaction.atomic
def set_quotas(
    survey_id: str,
    key: str,
    wanted: Mapping[str, int],
    *,
    by: Actor,
    at: datetime | None = None,
) -> Survey:
    """Say how many one wishes to have behind each option of a draft's question; none is demanded.

    What stood for the question before is replaced. Raises NotFound, BadQuota, WrongState.
    """
    survey = policy.survey_for(by, survey_id, "edit", lock=True)
    rules.step(survey.state, "edit")
    question = survey.questions.filter(key=key).first()
    if question is None:
        raise NotFound
    rules.check_quotas(question.asked(), wanted)
    others = [quota for quota in survey.quotas if quota[0] != key]
    survey.quotas = [*others, *([key, option, least] for option, least in wanted.items())]
    survey.save(update_fields=["quotas"])
    trail.record(by, "set_quotas", KIND, survey.public_id, ["quotas"], at=at)
    return survey


@transaction.atomic
def open_survey(survey_id: str, *, by: Actor, at: datetime | None = None) -> Survey:
    """Open a survey: draw who is invited, make its key, tell those drawn.

    The draw is the one of audited samples: the same list and seed give the same people. Raises
    NoQuestions, NobodyInvited, BadTimes.
    """
    at = at or clock.now()
    survey = policy.survey_for(by, survey_id, "open", lock=True)
    survey.state = rules.step(survey.state, "open")
    rules.check_times(survey.opens_at, survey.closes_at, at)
    if not survey.questions.exists():
        raise rules.NoQuestions
    people = _invite(survey) if survey.way == Survey.Way.INVITED else []
    survey.save(update_fields=["state", "population", "invited", "seed"])
    vault.make(survey.vault_key)
    _issue(survey)
    trail.record(by, "open", KIND, survey.public_id, ["state", "seed"], at=at)
    url = reverse("voices:survey_answer", args=[survey.public_id])
    said = {"body": str(survey.body), "title": survey.title}
    tell(people, KIND, survey.public_id, ASKED, url, at=at, **said)
    return survey


def _invite(survey: Survey) -> list[Person]:
    audience = survey.audience or survey.body
    rows = Person.objects.filter(unit__path__startswith=audience.path, merged_into=None)
    known = {person.public_id: person for person in rows.exclude(status__in=GONE)}
    survey.population = len(known)
    chosen = sorted(known)
    if survey.wanted is not None and survey.wanted < len(known):
        survey.seed = seed_of(survey.seed)
        chosen = draw(known, survey.seed, survey.wanted)
    if not chosen or (survey.anonymous and len(chosen) < 2 * rules.BATCH):
        raise rules.NobodyInvited(least=2 * rules.BATCH)
    survey.invited = len(chosen)
    people = [known[one] for one in sorted(chosen)]
    Seat.objects.bulk_create(
        (Seat(survey=survey, person=person) for person in people), batch_size=CHUNK
    )
    return people


def _issue(survey: Survey) -> None:
    """Make a right for every seat, in an order that says nothing of whose it is."""
    seats = Seat.objects.filter(survey=survey)
    marks = sorted(vault.mac_all(survey.vault_key, [seat.right for seat in seats]))
    Right.objects.bulk_create(
        (Right(mark=mark, survey=survey, used=False) for mark in marks), batch_size=CHUNK
    )


@transaction.atomic
def close_survey(
    survey_id: str, *, by: Actor, at: datetime | None = None, rng: Random | None = None
) -> Survey:
    """Close a survey: count, deal every answer anew under new keys, let the key vanish.

    An anonymous survey that fewer than five answered shows nothing and keeps nothing.
    """
    at, rng = at or clock.now(), rng or secrets.SystemRandom()
    survey = policy.survey_for(by, survey_id, "close", lock=True)
    survey.state = rules.step(survey.state, "close")
    release(survey, rng=rng, all_of_it=True)
    answers = Answer.objects.filter(survey=survey)
    if survey.anonymous:
        if answers.count() < rules.BATCH:
            answers.delete()
            Text.objects.filter(survey=survey).delete()
        deal_anew(survey, rng=rng)
    questions = [row.asked() for row in survey.questions.all()]
    said = answers.values_list("said", flat=True)
    survey.tally = rules.tally(questions, said)
    survey.answered = answers.count()
    survey.save(update_fields=["state", "tally", "answered"])
    for table in (Held, Right, Seat):
        table._default_manager.filter(survey=survey).delete()
    transaction.on_commit(lambda: vault.destroy(survey.vault_key))
    trail.record(by, "close", KIND, survey.public_id, ["state", "tally", "answered"], at=at)
    day = clock.day_of(survey.closes_at).isoformat()
    changes.record(KIND, survey.public_id, after={"day": day, "place": survey.place_id}, at=at)
    return survey


def run_surveys(*, at: datetime | None = None, rng: Random | None = None) -> int:
    """Let held answers go by fives, close the surveys whose time is over; give how many closed."""
    at, rng = at or clock.now(), rng or secrets.SystemRandom()
    done = 0
    running = Survey.objects.filter(state=Survey.State.OPEN).order_by("pk")
    for public_id, closes_at in running.values_list("public_id", "closes_at"):
        if closes_at <= at:
            close_survey(public_id, by=CLOCK, at=at, rng=rng)
            done += 1
            continue
        with transaction.atomic():
            release(policy.survey_for(CLOCK, public_id, lock=True), rng=rng)
    return done


@transaction.atomic
def publish_survey(survey_id: str, *, by: Actor, at: datetime | None = None) -> Survey:
    """Let everybody read the results."""
    at = at or clock.now()
    survey = policy.survey_for(by, survey_id, "publish", lock=True)
    survey.state, survey.published_at = rules.step(survey.state, "publish"), at
    survey.save(update_fields=["state", "published_at"])
    trail.record(by, "publish", KIND, survey.public_id, ["state"], at=at)
    return survey


@transaction.atomic
def take_up_text(
    key: str,
    *,
    words: str,
    category: Category,
    by: Actor,
    at: datetime | None = None,
) -> Receipt:
    """Make a matter of what was written; nobody knows who wrote it, the source is the survey.

    Once: of two colleagues who tap, the second is told. Raises TakenUp.
    """
    at = at or clock.now()
    text = policy.text_for(by, key)
    if text.taken_up:
        raise rules.TakenUp
    telling = Telling(
        words=words,
        category=category,
        place=text.survey.place,
        door=Door.ROUND,
        kind=Kind.SUGGESTION,
        source=(KIND, text.survey.public_id),
    )
    receipt = raise_matter(telling, Teller(), by=BY_RAISER, at=at)
    text.taken_up = True
    text.save(update_fields=["taken_up"])
    trail.record(by, "take_up", KIND, text.survey.public_id, at=at)
    return receipt
