"""Questions to the speaker: asked by anybody in the hall, moderated, answered."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from groundwork.base import clock, text, trail
from groundwork.base.actor import Actor, system
from groundwork.matters.actions.knocking import Sender, count_knock
from groundwork.matters.rules.words import masked
from groundwork.study.models import HallQuestion
from groundwork.study.policy import hall as policy
from groundwork.study.queries.roll import hours_of
from groundwork.study.rules import hall as rules

KIND = "study.hall_question"
WAITING, SHORTLISTED = HallQuestion.State.WAITING, HallQuestion.State.SHORTLISTED


@transaction.atomic
def ask_question(
    evening_id: str,
    asked: str,
    *,
    sender: Sender,
    sending: str = "",
    by: Actor,
    at: datetime | None = None,
) -> HallQuestion:
    """Put a question to the speakers; nothing is kept of who asked it, only what was asked.

    Numbers of cards are masked. Sent twice it is one question. Raises NotFound, what
    `rules.check_question` says, or TooMany of a flood from one browser or address.
    """
    at = at or clock.now()
    evening = policy.hall_for(by, evening_id)
    rows = policy.questions_of(evening)
    if sending and (same := rows.filter(sending=sending).first()):
        return same
    asked = masked(text.line(asked))
    waiting = rows.filter(state=WAITING)[: rules.MOST_WAITING].count()
    rules.check_question(asked, waiting, hours_of(evening), at)
    count_knock("ask", sender, at=at)
    try:
        with transaction.atomic():
            question = HallQuestion.objects.create(
                evening=evening, text=asked, asked_at=at, sending=sending or None
            )
    except IntegrityError:  # the same sending at the same moment
        return rows.get(sending=sending)
    # A line of the hall itself: the trail must not know what the table does not.
    trail.record(system("hall"), "ask", KIND, question.public_id, ["text"], at=at)
    return question


@transaction.atomic
def move_question(
    evening_id: str,
    question_id: str,
    verb: rules.Verb,
    *,
    by: Actor,
    at: datetime | None = None,
) -> HallQuestion:
    """Shortlist, answer, set aside or take back a question of an evening one plans."""
    at = at or clock.now()
    evening = policy.hall_for(by, evening_id, "moderate", lock=True)
    question = policy.question_for(by, evening, question_id)
    state = rules.step(question.state, verb)
    if state == SHORTLISTED:
        rules.check_shortlist(policy.questions_of(evening).filter(state=SHORTLISTED).count())
    question.state, question.moved_at = state, at
    question.save(update_fields=["state", "moved_at"])
    trail.record(by, verb, KIND, question.public_id, ["state"], at=at)
    return question
