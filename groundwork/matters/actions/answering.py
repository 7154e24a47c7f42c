"""Write an answer: the lead's own, or recorded for a body outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.models import Attachment
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.settling import settle_requests
from groundwork.matters.actions.wording import index_words
from groundwork.matters.models import Matter, MatterFile, Request
from groundwork.matters.policy import all_raisers
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules import states
from groundwork.matters.rules.private import without_names


def write_answer(
    matter: Matter,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Actor,
    at: datetime,
) -> Matter:
    """Answer a locked matter; from now its raisers are asked whether it is solved.

    An answer is for everybody: of those who raised it no name stands in it.
    Raises WrongState, NoText, GapsLeft.
    """
    states.step(matter.state, "answer")
    names = all_raisers(matter).exclude(name="").values_list("name", flat=True)
    matter.answer = without_names(rules.checked_text(text), names)
    matter.answered_at = at
    matter.replied_at = matter.replied_at or at
    step = steps.move(
        matter,
        "answer",
        by=by,
        at=at,
        text=matter.answer,
        fields=("answer", "answered_at", "replied_at", "handler"),
        body=matter.lead,
    )
    MatterFile.objects.bulk_create(
        MatterFile(matter=matter, attachment=file, step=step, from_raiser=False, added_at=at)
        for file in files
    )
    settle_requests(matter, Request.State.REFUSED, "", by=by, at=at)
    index_words(matter)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter
