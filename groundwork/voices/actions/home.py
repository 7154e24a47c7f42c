"""Register with a community, confirm, refuse, withdraw; what the directory's changes mean."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.registry.actions import receive_resident
from groundwork.registry.models import Membership, Person, Place
from groundwork.registry.rules.people import check_since as check_after
from groundwork.voices.actions.telling import tell
from groundwork.voices.models import Deed, Mark, Registration, Seat, Statement, Taking
from groundwork.voices.policy import home as policy
from groundwork.voices.queries.keepers import secretaries_of
from groundwork.voices.rules import home as rules

KIND = "voices.registration"
ASKED = N_("%(name)s向%(place)s报到，请确认。")
CONFIRMED = N_("%(place)s已确认您的报到。")
REFUSED = N_("%(place)s没有确认您的报到：%(reason)s")
State = Registration.State


def register_home(
    place: Place, *, since: date, by: Actor, at: datetime | None = None
) -> Registration:
    """Say that one lives in a community since a day. It holds once the community confirms it.

    Raises NotACommunity, BadSince, HereAlready, AskedAlready.
    """
    at = at or clock.now()
    person = policy.require_person(by)
    if place.level != Place.Level.COMMUNITY or place.valid_to is not None:
        raise rules.NotACommunity
    rules.check_since(since, clock.day_of(at))
    if is_registered(person, place):
        raise rules.HereAlready
    lives = Membership.objects.filter(person=person, kind="home_community", valid_to=None).first()
    if lives is not None and lives.place_id != place.pk:
        check_after(since, clock.day_of(at), lives.valid_from)
    try:
        with transaction.atomic():
            made = Registration.objects.create(person=person, place=place, since=since, asked_at=at)
    except IntegrityError:
        raise rules.AskedAlready from None
    trail.record(by, "register", KIND, made.public_id, at=at)
    url = reverse("voices:community") + "#asks"
    to = secretaries_of(place, at)
    tell(to, KIND, made.public_id, ASKED, url, at=at, name=person.name, place=str(place))
    return made


def is_registered(person: Person, place: Place) -> bool:
    """Tell whether a community confirmed somebody who lives there still."""
    if person.home_community_id != place.pk:
        return False
    return Registration.objects.filter(person=person, place=place, state=State.CONFIRMED).exists()


@transaction.atomic
def confirm_home(public_id: str, *, by: Actor, at: datetime | None = None) -> Registration:
    """Confirm that somebody lives here: the directory's membership opens, the old one ends."""
    at = at or clock.now()
    found = policy.registration_for(by, public_id, "settle", lock=True)
    _settle(found, "confirm", by, at)
    if found.person.home_community_id != found.place_id:
        receive_resident(found.person, place=found.place, since=found.since, by=by, at=at)
    url = reverse("voices:home")
    tell([found.person], KIND, f"{public_id}:ok", CONFIRMED, url, at=at, place=str(found.place))
    return found


@transaction.atomic
def refuse_home(
    public_id: str, reason: str, *, by: Actor, at: datetime | None = None
) -> Registration:
    """Say why somebody is not confirmed. Raises ReasonNeeded."""
    at = at or clock.now()
    found = policy.registration_for(by, public_id, "settle", lock=True)
    found.reason = rules.clean_reason(reason)
    _settle(found, "refuse", by, at, "reason")
    tell(
        [found.person], KIND, f"{public_id}:no", REFUSED, reverse("voices:home"),
        at=at, place=str(found.place), reason=found.reason[:120],
    )  # fmt: skip
    return found


@transaction.atomic
def withdraw_home(public_id: str, *, by: Actor, at: datetime | None = None) -> Registration:
    """Take back a registration that waits."""
    at = at or clock.now()
    found = policy.registration_for(by, public_id, "withdraw", lock=True)
    _settle(found, "withdraw", by, at)
    return found


def _settle(found: Registration, verb: rules.Verb, by: Actor, at: datetime, *more: str) -> None:
    found.state = rules.step(found.state, verb)
    found.settled_at, found.account_id = at, by.account_id
    fields = ["state", "settled_at", "account_id", *more]
    found.save(update_fields=fields)
    trail.record(by, verb, KIND, found.public_id, fields, at=at)


@transaction.atomic
def end_with_work(person: Person, *, by: Actor, at: datetime) -> None:
    """Give back what somebody took and can no longer do, and what waits to be confirmed."""
    waiting = Registration.objects.filter(person=person, state=State.ASKED)
    n = waiting.update(state=State.WITHDRAWN, settled_at=at)
    ahead = Taking.objects.filter(person=person, state="taken", call__starts_at__gt=at)
    if n + ahead.update(state="given_back", settled_at=at):
        trail.record(by, "end_voices", "registry.person", person.public_id, at=at)


@transaction.atomic
def follow_merged(duplicate: Person, into: Person, *, by: Actor, at: datetime) -> None:
    """Give what a duplicate entry had to the entry that stays."""
    if Registration.objects.filter(person=into, state=State.ASKED).exists():
        waiting = Registration.objects.filter(person=duplicate, state=State.ASKED)
        waiting.update(state=State.WITHDRAWN, settled_at=at)
    for model, field in ((Taking, "call"), (Statement, "drive")):
        twice = model._default_manager.filter(person=into).values(field)
        model._default_manager.filter(person=duplicate, **{f"{field}__in": twice}).delete()
    for table in (Registration, Taking, Deed, Mark, Statement):
        table._default_manager.filter(person=duplicate).update(person=into)
    invited = Seat.objects.filter(person=into).values("survey")
    Seat.objects.filter(person=duplicate).exclude(survey__in=invited).update(person=into)
    trail.record(by, "move_voices", "registry.person", into.public_id, at=at)
