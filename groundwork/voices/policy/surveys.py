"""Who may ask, who is asked, who may read what came in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, covers, under
from groundwork.registry.models import Body
from groundwork.voices.models import Seat, Survey, Text

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
KEEPERS = (Role.UNIT_SECRETARY, Role.CLERK)
Verb = Literal["view", "edit", "open", "close", "publish", "take_up"]
State, Way = Survey.State, Survey.Way


def may_ask(by: Actor) -> bool:
    """Tell whether the actor asks in the name of any unit."""
    return by.has(*KEEPERS, *OPERATORS)


def keeps(by: Actor, body: Body) -> bool:
    """Tell whether the actor asks in the name of this body (its place loaded by the caller)."""
    place = body.place.path if body.place else None
    return (
        bool(by.system)
        or covers(by.bodies(*KEEPERS, *OPERATORS), body.path)
        or covers(by.places(*OPERATORS), place)
    )


def kept_bodies(by: Actor) -> QuerySet[Body]:
    """Units in whose name the actor asks."""
    own = under("path", by.bodies(*KEEPERS, *OPERATORS))
    kinds = (Body.Kind.UNIT, Body.Kind.PARTY)
    rows = Body.objects.filter(own | under("place__path", by.places(*OPERATORS)), kind__in=kinds)
    return rows.filter(valid_to=None).order_by("path")


def visible_surveys(by: Actor) -> QuerySet[Survey]:
    """Surveys of the units in whose name the actor asks."""
    own = under("body__path", by.bodies(*KEEPERS, *OPERATORS)) | under(
        "body__place__path", by.places(*OPERATORS)
    )
    return Survey.objects.filter(EVERYWHERE if by.system else own)


def survey_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Survey:
    """Fetch a survey of one's units for an act. Raises NotFound."""
    if lock:
        hold_row(Survey, public_id=public_id)
    rows = visible_surveys(by).select_related("body__place", "place", "audience")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if not keeps(by, found.body):
        raise Forbidden
    return found


def asked(by: Actor, at: datetime) -> QuerySet[Survey]:
    """Surveys that invite the actor now; whether they answered is not known here."""
    seat = Seat.objects.filter(survey=OuterRef("pk"), person=by.person_id)
    rows = Survey.objects.filter(state=State.OPEN, opens_at__lte=at, closes_at__gt=at)
    return rows.filter(Exists(seat)) if by.person_id is not None else rows.none()


def asked_survey(by: Actor, public_id: str) -> Survey:
    """Fetch a survey to answer it: open ones by whoever has the code, others by who is invited.

    Raises NotFound.
    """
    seat = Seat.objects.filter(survey=OuterRef("pk"), person=by.person_id)
    mine = Q(way=Way.OPEN)
    if by.person_id is not None:
        mine |= Q(Exists(seat))
    rows = Survey.objects.filter(mine).exclude(state=State.DRAFT)
    found = sole(rows.select_related("body", "place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    return found


def seat_of(by: Actor, survey: Survey) -> Seat:
    """Fetch the actor's seat in a survey that invites. Raises NotFound."""
    found = Seat.objects.filter(survey=survey, person=by.person_id).first()
    if by.person_id is None or found is None:
        raise NotFound
    return found


def results_of(by: Actor, public_id: str) -> Survey:
    """Fetch a survey whose results the actor may read: everybody's once published.

    Of an anonymous one nobody reads any before it is closed. Raises NotFound.
    """
    rows = Survey.objects.filter(public_id=public_id).exclude(state=State.DRAFT)
    found = rows.select_related("body__place", "place").first()
    if found is None or not (found.state == State.PUBLISHED or keeps(by, found.body)):
        raise NotFound
    return found


def readable_surveys(by: Actor) -> QuerySet[Survey]:
    """Surveys that are over and whose results the actor may read: `results_of`, as rows."""
    published = Q(state=State.PUBLISHED)
    over = Survey.objects.filter(state__in=(State.CLOSED, State.PUBLISHED))
    return over.filter(published | Q(pk__in=visible_surveys(by).values("pk")))


def text_for(by: Actor, key: str) -> Text:
    """Fetch what was written, to make a matter of it; once the survey is closed."""
    hold_row(Text, key=key)
    rows = Text.objects.filter(survey__in=visible_surveys(by)).exclude(survey__state=State.OPEN)
    found = rows.select_related("survey__body__place", "survey__place", "question")
    text = found.filter(key=key).first()
    if text is None:
        raise NotFound
    return text
