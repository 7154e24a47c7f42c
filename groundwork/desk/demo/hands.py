"""Call the demo city's people up: what they answer, whom their units keep, who is given a shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from groundwork.access.models import Account
from groundwork.access.queries import actor_of_account
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.desk.demo import rota
from groundwork.desk.demo.calls import Call
from groundwork.desk.demo.cast import CAST, HOME, LEADS_AT
from groundwork.desk.demo.rota import Hand
from groundwork.duty.actions.bulk_supply import Said, answer_many
from groundwork.duty.actions.supply import Answer, answer_call, call_up, hold_person, keep_in_office
from groundwork.duty.models import Order, Post, Volunteer
from groundwork.duty.queries.instance import office_sizes
from groundwork.duty.rules.fits import Duty
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.rules.times import pattern_of, week_of
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.rules.people import EXPECTED

SILENT, EXCUSED = 0.06, 0.07  # of those called up: did not answer, cannot take part
KEPT_EVERY, KEPT_PART, HELD = 7, 0.5, 1  # every so many units keep a part, and hold somebody back
SKILLS = (("dialect", 0.5), ("driver", 0.3), ("medical", 0.03))
WEEKS = {code: week_of(found) for code in rota.SCARCE if (found := pattern_of(code))}


def hands_of(
    order: Order,
    call: Call,
    folk: int,
    people: Sequence[Person],
    places: Iterable[Place],
    *,
    by: Actor,
    rng: Random,
) -> list[Hand]:
    """Call everybody up, take the answers, choose who will be given a shift; the cast first."""
    call_up(order.public_id, by=by, at=call.called_at)
    asked = set(Volunteer.objects.filter(order=order).values_list("person_id", flat=True))
    home = {place.pk: place.code for place in places}
    cast = _cast(order, call)
    said, able = [], []
    for person in people:
        if person.pk not in asked or person.status not in EXPECTED or person.pk in cast:
            continue
        chance = rng.random()
        if chance < SILENT:
            continue
        at = call.called_at + timedelta(minutes=5 * rng.randrange(1, 96))
        if chance < SILENT + EXCUSED:
            said.append(Said(person.pk, at, None))
            continue
        hand = _hand(person, home.get(person.home_community_id or 0, ""), call, rng)
        times = {"week": WEEKS[hand.pattern], "days": {}}
        said.append(Said(person.pk, at, Answer(times, hand.cap, sorted(hand.has - {"party"}))))
        if hand.home.startswith(call.place):
            able.append(hand)
    answer_many(order.public_id, said, by=by, at=call.planned_at - timedelta(hours=1))
    held = _hold_some(order, able, call, by)
    rest = [hand for hand in able if hand.person not in held]
    chosen = rng.sample(rest, min(len(rest), max(0, folk - len(cast))))
    return _with_duties([*cast.values(), *chosen], call)


def _hand(person: Person, home: str, call: Call, rng: Random) -> Hand:
    pattern = rng.choices(list(call.mix), list(call.mix.values()))[0]
    cap = rng.choices((1, 2, 3, 4), (4, 26, 55, 15))[0]
    skills = {skill for skill, part in SKILLS if rng.random() < part}
    has = frozenset(skills | ({"party"} if person.party_member else set()))
    return Hand(person.pk, person.unit_id, home, pattern, cap, has)


def _cast(order: Order, call: Call) -> dict[int, Hand]:
    """Let those of the cast who have a card and a gate answer, whether they were asked or not."""
    at, out = call.called_at + timedelta(minutes=40), {}
    for key, home in (("gate-lead", LEADS_AT), ("staff", HOME)):
        account = account_of(key)
        person = account.person
        assert person is not None
        answer = Answer({"week": WEEKS["any"], "days": {}}, 4, ())
        answer_call(order.public_id, answer, by=actor_of_account(account), at=at)
        has = frozenset({"party"} if person.party_member else ())
        out[person.pk] = Hand(person.pk, person.unit_id, home, "any", 4, has)
    return out


def account_of(key: str) -> Account:
    """Give the account of one of the cast."""
    part = next(part for part in CAST if part.key == key)
    accounts = Account.objects.select_related("person__unit")
    return accounts.get(demo=True, person__name=part.name, person__unit__name=part.unit)


def _hold_some(order: Order, able: Sequence[Hand], call: Call, by: Actor) -> set[int]:
    """Let some units say how many must stay, and keep somebody at the desk."""
    of_unit: dict[int, list[int]] = defaultdict(list)
    for hand in able:
        of_unit[hand.unit].append(hand.person)
    units = sorted(of_unit)[::KEPT_EVERY]
    keys = dict(Body.objects.filter(pk__in=units).values_list("pk", "public_id"))
    held = {person for unit in units for person in of_unit[unit][:HELD]}
    at, size = call.planned_at - timedelta(hours=1), office_sizes(units)
    for unit in units:
        stay = int(size.get(unit, 0) * KEPT_PART)
        keep_in_office(order.public_id, keys[unit], stay, by=by, at=at)
    rows = Volunteer.objects.filter(order=order, person__in=held).order_by("pk")
    for key in rows.values_list("public_id", flat=True):
        hold_person(order.public_id, key, True, by=by, at=at)
    return held


def spare_of(order: Order) -> dict[int, int]:
    """Say of each unit under the order how many may be away in office hours."""
    stays = dict(order.parts.values_list("unit_id", "stay"))
    size = office_sizes(sorted(stays))
    return {unit: max(0, size.get(unit, 0) - stay) for unit, stay in stays.items()}


def _with_duties(hands: list[Hand], call: Call) -> list[Hand]:
    """Write down what people stand under other orders about then."""
    by_person = {hand.person: hand for hand in hands}
    first = clock.local(call.first, datetime.min.time())
    posts = Post.objects.filter(
        shift__starts_at__gte=first - timedelta(days=9),
        shift__starts_at__lt=call.ends_at + timedelta(days=9),
        state__in=HOLDS,
    )
    for person, start, end in posts.values_list("person_id", "shift__starts_at", "shift__ends_at"):
        if person in by_person:
            starts_at, ends_at = (at.astimezone(clock.ZONE) for at in (start, end))
            by_person[person].duties.append(Duty(starts_at, ends_at, 0))
    return hands
