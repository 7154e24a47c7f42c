"""Take many answers at once, by the rules for one: the demo city, an import from paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.voices.models import Answer, Survey
from groundwork.voices.policy import surveys as policy
from groundwork.voices.rules import surveys as rules


@transaction.atomic
def answers_many(
    survey_id: str, raws: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime | None = None
) -> int:
    """Write the closed answers of an open, anonymous survey; give how many.

    A batch of at least five in no order of arrival needs no holding: nobody is in it by name.
    """
    at = at or clock.now()
    if not by.system:
        raise Forbidden
    survey = policy.survey_for(by, survey_id, "edit", lock=True)
    rules.check_now(survey.state, survey.opens_at, survey.closes_at, at)
    if survey.way != Survey.Way.OPEN or not survey.anonymous or len(raws) < rules.BATCH:
        raise Forbidden
    asked = [row.asked() for row in survey.questions.all()]
    Answer.objects.bulk_create(
        (Answer(survey=survey, said=rules.clean(asked, raw)[0]) for raw in raws), batch_size=1000
    )
    trail.record(by, "answer_many", "voices.survey", survey.public_id, [str(len(raws))], at=at)
    return len(raws)
