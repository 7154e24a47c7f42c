"""Who may enter the hall of an evening, moderate its questions and watch its screen."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.study.models import Evening, HallQuestion
from groundwork.study.policy.evening import plans_for, visible_evenings
from groundwork.study.policy.roll import WATCHERS

Verb = Literal["enter", "moderate", "speak", "watch", "state_figure"]


def open_halls(by: Actor) -> QuerySet[Evening]:
    """Evenings whose hall the actor may enter: announced ones; without an account public ones."""
    if by.is_anonymous:
        told = Evening.objects.filter(public=True, published_at__isnull=False)
    else:
        told = visible_evenings(by).filter(published_at__isnull=False)
    return told.select_related("host__place", "topic")


def hall_for(by: Actor, public_id: str, verb: Verb = "enter", *, lock: bool = False) -> Evening:
    """Fetch an evening for an act in its hall. Raises NotFound, or Forbidden where not allowed."""
    halls = open_halls(by)
    if lock:
        halls = halls.select_for_update(of=("self",))
    evening = sole(halls.filter(public_id=public_id))
    if evening is None:
        raise NotFound
    if not allows(by, evening, verb):
        raise Forbidden
    return evening


def allows(by: Actor, evening: Evening, verb: Verb) -> bool:
    """Tell whether the actor may do `verb` in a hall that is open to them.

    Who plans the evening moderates; its speakers see the shortlist; operators and auditors watch.
    """
    if verb == "enter":
        return True
    if by.is_anonymous:
        return False
    if plans_for(by, evening.host):
        return True
    if verb == "speak":
        return by.person_id is not None and evening.speakers.filter(person=by.person_id).exists()
    return verb == "watch" and by.has(*WATCHERS)


def questions_of(evening: Evening) -> QuerySet[HallQuestion]:
    """Give the questions of an evening that the caller fetched for moderating or speaking."""
    return HallQuestion.objects.filter(evening=evening)


def question_for(by: Actor, evening: Evening, public_id: str) -> HallQuestion:
    """Fetch and lock one question of an evening the actor moderates. Raises NotFound."""
    if not allows(by, evening, "moderate"):
        raise Forbidden
    rows = HallQuestion.objects.select_for_update().filter(evening=evening)
    question = sole(rows.filter(public_id=public_id))
    if question is None:
        raise NotFound
    return question
