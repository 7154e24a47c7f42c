"""The host's questions for an evening's self-check. Answers are never written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from groundwork.base import clock, text, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, NotFound, RuleBroken
from groundwork.study.models import QuizQuestion
from groundwork.study.policy.evening import evening_for

KIND = "study.quiz"


class OddQuestion(RuleBroken):
    code = "study.odd_question"
    text = N_("每道题要有两到六个不同的选项，其中一个是正确答案。")


@transaction.atomic
def add_question(
    evening_id: str,
    asked: str,
    choices: Sequence[str],
    right: int,
    why: str = "",
    *,
    by: Actor,
    at: datetime | None = None,
) -> QuizQuestion:
    """Add a question with two to six choices to an evening one plans."""
    at = at or clock.now()
    evening = evening_for(by, evening_id, "quiz", lock=True)
    tidied = [text.line(choice) for choice in choices if choice.strip()]
    if not 2 <= len(set(tidied)) == len(tidied) <= 6 or not 0 <= right < len(tidied):
        raise OddQuestion
    last = evening.questions.aggregate(last=Max("order"))["last"] or 0
    question = QuizQuestion.objects.create(
        evening=evening, order=last + 1, text=text.line(asked), choices=tidied, right=right,
        why=text.line(why),
    )  # fmt: skip
    trail.record(by, "add", KIND, question.public_id, ["text", "choices", "right", "why"], at=at)
    return question


@transaction.atomic
def remove_question(
    evening_id: str, question_id: str, *, by: Actor, at: datetime | None = None
) -> None:
    """Take a question out of an evening one plans."""
    evening = evening_for(by, evening_id, "quiz")
    gone, _kinds = QuizQuestion.objects.filter(evening=evening, public_id=question_id).delete()
    if not gone:
        raise NotFound
    trail.record(by, "remove", KIND, question_id, at=at or clock.now())
