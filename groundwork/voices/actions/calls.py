"""Post a call, call it off; take it, give it back; confirm from when to when it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.registry.models import Place
from groundwork.voices.actions.telling import tell
from groundwork.voices.models import Call, Taking
from groundwork.voices.policy import home as policy
from groundwork.voices.rules import calls as rules

KIND, TAKING = "voices.call", "voices.taking"
OFF = N_("“%(title)s”取消了，您不用来了。%(place)s")
DONE = N_("%(place)s确认了您做的“%(title)s”，记进了您的服务记录。")


@dataclass(frozen=True)
class CallPlan:
    """What a community needs, when, where to come to, how many."""

    place: Place
    kind: str
    title: str
    meet: str
    starts_at: datetime
    ends_at: datetime
    wanted: int = 1
    about: str = ""
    skill: str = ""


@transaction.atomic
def post_call(plan: CallPlan, *, by: Actor, at: datetime | None = None) -> Call:
    """Say what the community needs. Raises BadTimes or BadWanted."""
    at = at or clock.now()
    policy.check_keeps(by, plan.place)
    rules.check_call(plan.starts_at, plan.ends_at, plan.wanted, at)
    made = Call.objects.create(posted_at=at, **vars(plan))
    trail.record(by, "post", KIND, made.public_id, at=at)
    return made


@transaction.atomic
def call_off(public_id: str, *, by: Actor, at: datetime | None = None) -> Call:
    """Call it off; who took it is told, and owes nothing. Raises CallOver once it has begun."""
    at = at or clock.now()
    found = policy.call_for(by, public_id, "keep", lock=True)
    rules.check_taking(found.starts_at, found.called_off_at is not None, at)
    found.called_off_at = at
    found.save(update_fields=["called_off_at"])
    taken = Taking.objects.select_for_update().filter(call=found, state="taken")
    people = [row.person for row in taken.select_related("person").order_by("id")]
    taken.update(state="released", settled_at=at)
    url = reverse("voices:call", args=[public_id])
    tell(
        people, KIND, f"{public_id}:off", OFF, url, at=at, title=found.title, place=str(found.place)
    )
    trail.record(by, "call_off", KIND, public_id, ["called_off_at"], at=at)
    return found


@transaction.atomic
def take_call(public_id: str, *, by: Actor, at: datetime | None = None) -> Taking:
    """Take a call. The last place goes to one; the other is told. Raises CallFull, CallOver."""
    at = at or clock.now()
    person = policy.require_person(by)
    found = policy.call_for(by, public_id, lock=True)
    rules.check_taking(found.starts_at, found.called_off_at is not None, at)
    held = Taking.objects.filter(call=found, state__in=rules.HOLDS)
    if held.filter(person=person).exists():
        raise rules.TakenAlready
    if held.count() >= found.wanted:
        raise rules.CallFull
    try:
        with transaction.atomic():
            made = Taking.objects.create(call=found, person=person, taken_at=at)
    except IntegrityError:
        raise rules.TakenAlready from None
    trail.record(by, "take", TAKING, made.public_id, at=at)
    return made


@transaction.atomic
def give_back(public_id: str, *, by: Actor, at: datetime | None = None) -> Taking:
    """Give a call back before it begins; nobody asks why. Raises Begun."""
    at = at or clock.now()
    found = policy.taking_for(by, public_id, "give_back")
    if at >= found.call.starts_at:
        raise rules.Begun
    _settle(found, "give_back", by, at)
    return found


@transaction.atomic
def confirm_taking(
    public_id: str,
    *,
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Taking:
    """Confirm that it was done, from when to when; the call's own times where nothing is said.

    Raises NotYet before it begins, OwnTaking, BadTimes.
    """
    at = at or clock.now()
    found = policy.taking_for(by, public_id, "settle")
    call = found.call
    if at < call.starts_at:
        raise rules.NotYet
    if found.person_id == by.person_id:
        raise rules.OwnTaking
    found.began_at, found.ended_at = began_at or call.starts_at, ended_at or call.ends_at
    rules.check_span(found.began_at, found.ended_at, (call.starts_at, call.ends_at))
    _settle(found, "confirm", by, at, "began_at", "ended_at")
    day = clock.day_of(found.began_at).isoformat()
    changes.record(TAKING, public_id, after={"place": call.place_id, "day": day}, at=at)
    told = {"title": call.title, "place": str(call.place)}
    tell([found.person], TAKING, public_id, DONE, reverse("voices:hours"), at=at, **told)
    return found


@transaction.atomic
def release_taking(public_id: str, *, by: Actor, at: datetime | None = None) -> Taking:
    """Let it go: nothing is recorded, for or against anybody."""
    at = at or clock.now()
    found = policy.taking_for(by, public_id, "settle")
    if at < found.call.starts_at:
        raise rules.NotYet
    _settle(found, "release", by, at)
    return found


def _settle(found: Taking, verb: rules.Verb, by: Actor, at: datetime, *more: str) -> None:
    found.state = rules.step(found.state, verb)
    found.settled_at, found.account_id = at, by.account_id
    fields = ["state", "settled_at", "account_id", *more]
    found.save(update_fields=fields)
    trail.record(by, verb, TAKING, found.public_id, fields, at=at)
