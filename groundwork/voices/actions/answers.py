"""Take an answer once; let anonymous ones go in no order, among at least five (ADR 0014).

No trail row, no change row and no time is written for an answer: whoever holds every table, the
trail and the logs once the survey is closed cannot tell whose it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.db import IntegrityError, transaction

from groundwork.base import clock, vault
from groundwork.base.actor import Actor
from groundwork.base.ids import public_id
from groundwork.base.rows import share_row
from groundwork.matters.actions.knocking import Sender, count_knock
from groundwork.matters.rules.words import masked
from groundwork.voices.models import Answer, Held, Question, Right, Signed, Survey, Text
from groundwork.voices.policy import surveys as policy
from groundwork.voices.rules import surveys as rules

CHUNK = 900  # keys in one statement
BLOCK = 1024  # bytes: what is sealed says by its size only whether it is very long


@dataclass(frozen=True)
class Taken:
    """An answer received; `fresh` is False where it was there already."""

    survey: Survey
    fresh: bool


def send_answer(
    survey_id: str,
    raw: Mapping[str, Any],
    *,
    client_key: str,
    by: Actor,
    sender: Sender | None = None,
    at: datetime | None = None,
) -> Taken:
    """Take an answer; sent twice over a bad line it is one. Raises SurveyShut, Missing, BadAnswer.

    Of those invited the first one counts, whatever comes after.
    """
    at = at or clock.now()
    survey = policy.asked_survey(by, survey_id)
    rules.check_now(survey.state, survey.opens_at, survey.closes_at, at)
    questions = list(Question.objects.filter(survey=survey))
    said, texts = rules.clean([row.asked() for row in questions], raw)
    texts = {key: masked(text) for key, text in texts.items()}
    invited = survey.way == Survey.Way.INVITED
    key = f"key {client_key or public_id()}"
    right = vault.mac(survey.vault_key, policy.seat_of(by, survey).right if invited else key)
    if Right.objects.filter(mark=right, used=True).exists():
        return Taken(survey, fresh=False)
    if sender is not None and not invited:
        count_knock("send", sender, at=at)
    try:
        with transaction.atomic():
            fresh = _take(survey, right, said, texts, by, at)
    except IntegrityError:  # the same answer at the same moment
        fresh = False
    return Taken(survey, fresh)


def _take(
    survey: Survey, right: str, said: rules.Said, texts: dict[str, str], by: Actor, at: datetime
) -> bool:
    share_row(Survey, survey.pk)  # who closes it now waits, or has closed it
    now = Survey.objects.only("state", "opens_at", "closes_at").get(pk=survey.pk)
    rules.check_now(now.state, now.opens_at, now.closes_at, at)
    if not _use(survey, right):
        return False
    if survey.anonymous:
        plain = json.dumps([said, texts], ensure_ascii=False).encode()
        padded = plain + b" " * (-len(plain) % BLOCK)
        sealed = vault.seal(survey.vault_key, padded, survey.public_id)
        Held.objects.create(survey=survey, sealed=sealed)
        return True
    answer = Answer.objects.create(survey=survey, said=said)
    _write_texts(survey, list(texts.items()))
    if by.person_id is not None and survey.way == Survey.Way.INVITED:
        Signed.objects.create(answer=answer, person_id=by.person_id, day=clock.day_of(at))
    return True


def _use(survey: Survey, right: str) -> bool:
    """Use a right up; False where it was used before, or there is none. Of two one is first."""
    if survey.way == Survey.Way.INVITED:
        return Right.objects.filter(mark=right, used=False).update(used=True) == 1
    Right.objects.create(mark=right, survey=survey, used=True)
    return True


def _write_texts(survey: Survey, texts: list[tuple[str, str]]) -> None:
    known = dict(Question.objects.filter(survey=survey).values_list("key", "pk"))
    Text.objects.bulk_create(
        (Text(survey=survey, question_id=known[key], text=text) for key, text in texts),
        batch_size=1000,
    )


def release(survey: Survey, *, rng: Random, all_of_it: bool = False) -> int:
    """Let held answers of a locked survey go: any of them, so many that five stay behind.

    Fewer than five never go by themselves, and at the end five more are there to go among.
    """
    rows = list(Held.objects.filter(survey=survey))
    if not all_of_it:
        if len(rows) < 2 * rules.BATCH:
            return 0
        rows = rng.sample(rows, len(rows) - rules.BATCH)
    opened = [one for row in rows if (one := _opened(survey, row)) is not None]
    rng.shuffle(opened)
    Answer.objects.bulk_create(
        (Answer(survey=survey, said=said) for said, _texts in opened), batch_size=1000
    )
    texts = [pair for _said, written in opened for pair in written.items()]
    rng.shuffle(texts)
    _write_texts(survey, texts)
    for start in range(0, len(rows), CHUNK):
        Held.objects.filter(key__in=[row.key for row in rows[start : start + CHUNK]]).delete()
    return len(rows)


def _opened(survey: Survey, row: Held) -> tuple[rules.Said, dict[str, str]] | None:
    """Open what was held; None where an older backup brought it back without its key."""
    try:
        plain = vault.unseal(survey.vault_key, bytes(row.sealed), survey.public_id)
    except vault.KeyGone:
        return None
    said, texts = json.loads(plain)
    return said, texts


def deal_anew(survey: Survey, *, rng: Random) -> None:
    """Write every answer and text of a closing survey again, in one random order, under new keys.

    Where rows lie on the disk, and which came with which batch, says nothing afterwards.
    """
    said = list(Answer.objects.filter(survey=survey).values_list("said", flat=True))
    texts = list(Text.objects.filter(survey=survey).values_list("question_id", "text"))
    Answer.objects.filter(survey=survey).delete()
    Text.objects.filter(survey=survey).delete()
    rng.shuffle(said)
    rng.shuffle(texts)
    Answer.objects.bulk_create((Answer(survey=survey, said=one) for one in said), batch_size=1000)
    Text.objects.bulk_create(
        (Text(survey=survey, question_id=question, text=text) for question, text in texts),
        batch_size=1000,
    )
