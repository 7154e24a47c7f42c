"""Who may open rounds of consultation, answer them and read what came in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, chain, under
from groundwork.registry.models import Body
from groundwork.service.models import Round, RoundInvite, RoundReply, RoundSchedule
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps

RoundVerb = Literal["view", "edit", "open", "close", "report", "copy", "schedule", "take_up"]
READERS = (*KEEPERS, *OPERATORS, Role.HANDLER, Role.AUDITOR)
State, Audience = Round.State, Round.Audience
SHOWN = (State.OPEN, State.CLOSED, State.REPORTED)


def _own(by: Actor, *roles: Role) -> Q:
    if by.system:
        return EVERYWHERE
    return under("body__path", by.bodies(*roles)) | under(
        "body__place__path", by.places(*(set(roles) & {*OPERATORS, Role.AUDITOR}))
    )


def may_ask(by: Actor) -> bool:
    """Tell whether the actor opens rounds for any unit at all."""
    return by.has(*KEEPERS, *OPERATORS)


def reads_rounds(by: Actor) -> bool:
    """Tell whether the list of units' rounds is for the actor."""
    return by.has(*READERS)


def visible_rounds(by: Actor) -> QuerySet[Round]:
    """Rounds of the units whose asking the actor keeps or reads."""
    return Round.objects.filter(_own(by, *READERS))


def may_keep_round(by: Actor, body: Body) -> bool:
    """Tell whether the actor asks in the name of this body (its place loaded by the caller)."""
    return keeps(by, body)


def round_for(by: Actor, public_id: str, verb: RoundVerb = "view", *, lock: bool = False) -> Round:
    """Fetch a round of one's units for an act. Raises NotFound, or Forbidden."""
    if lock:
        hold_row(Round, public_id=public_id)
    rounds = visible_rounds(by).select_related("body__place", "place", "schedule")
    found = sole(rounds.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "view" or may_keep_round(by, found.body):
        return found
    raise Forbidden


def visible_schedules(by: Actor) -> QuerySet[RoundSchedule]:
    """Standing orders to ask of the units whose asking the actor keeps or reads."""
    return RoundSchedule.objects.filter(_own(by, *READERS))


def schedule_for(by: Actor, public_id: str, *, lock: bool = False) -> RoundSchedule:
    """Fetch a schedule to pause, resume or end it. Raises NotFound, or Forbidden."""
    if lock:
        hold_row(RoundSchedule, public_id=public_id)
    rows = visible_schedules(by).select_related("body__place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if may_keep_round(by, found.body):
        return found
    raise Forbidden


def replies_of(by: Actor, found: Round) -> QuerySet[RoundReply]:
    """Give the replies of a round that the actor fetched with `round_for`."""
    return RoundReply.objects.filter(round=found)


def reply_for(by: Actor, public_id: str, *, lock: bool = False) -> RoundReply:
    """Fetch a reply to be taken up. Raises NotFound, or Forbidden."""
    if lock:
        hold_row(RoundReply, public_id=public_id)
    replies = RoundReply.objects.filter(round__in=visible_rounds(by))
    reply = (
        replies.select_related("round__body__place", "round__place", "place", "body")
        .filter(public_id=public_id)
        .first()
    )
    if reply is None:
        raise NotFound
    if may_keep_round(by, reply.round.body):
        return reply
    raise Forbidden


def enterprises(by: Actor) -> QuerySet[Body]:
    """Give the enterprises for which the account speaks."""
    paths = by.bodies(Role.ENTERPRISE)
    return Body.objects.filter(under("path", paths), kind=Body.Kind.ENTERPRISE)


def asked(by: Actor) -> QuerySet[Round]:
    """Rounds that name the actor or an enterprise the actor speaks for."""
    rounds = Round.objects.filter(state__in=SHOWN)
    if by.is_anonymous or by.system:
        return rounds.none()
    condition = NOWHERE
    if by.person_id is not None:
        named = RoundInvite.objects.filter(person=by.person_id)
        condition |= Q(audience=Audience.NAMED, pk__in=named.values("round"))
    for body in enterprises(by).select_related("place"):
        named = RoundInvite.objects.filter(body=body)
        condition |= Q(audience=Audience.NAMED, pk__in=named.values("round"))
        if body.place is not None:
            above = chain(body.place.path)
            condition |= Q(audience=Audience.ENTERPRISES, place__path__in=above)
    return rounds.filter(condition)


def public_rounds(at: datetime) -> QuerySet[Round]:
    """Rounds that everybody may see: those that ask everybody, and every published outcome."""
    return Round.objects.filter(
        Q(audience=Audience.ALL, state__in=SHOWN, opens_at__lte=at) | Q(state=State.REPORTED)
    )


def asked_round(by: Actor, public_id: str, at: datetime) -> Round:
    """Fetch a round to read or answer as one of those asked. Raises NotFound."""
    rounds = Round.objects.filter(
        Q(pk__in=asked(by).filter(opens_at__lte=at).values("pk"))
        | Q(pk__in=public_rounds(at).filter(audience=Audience.ALL).values("pk"))
    )
    found = sole(rounds.select_related("body", "place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    return found


def reported_round(public_id: str) -> Round:
    """Fetch a round whose outcome is published. Raises NotFound."""
    found = (
        Round.objects.filter(state=State.REPORTED, public_id=public_id)
        .select_related("body", "place")
        .first()
    )
    if found is None:
        raise NotFound
    return found
