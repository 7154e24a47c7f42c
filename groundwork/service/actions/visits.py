"""Record a visit with what was found, add a problem, withdraw; hold what a queue sent askew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter, receipt_of
from groundwork.matters.models import Category, Door, Matter, State
from groundwork.registry.models import Body, Person, Place, Priority
from groundwork.registry.queries.above import above
from groundwork.service.models import ContactPoint, HeldVisit, PatrolArea, Visit, Visitor
from groundwork.service.policy import visits as policy
from groundwork.service.rules import visits as rules

KIND = "service.visit"


@dataclass(frozen=True)
class Problem:
    """One problem found, in a line."""

    words: str
    category: Category
    place: Place | None = None  # where it is not the visit's own
    urgency: str = "normal"


@dataclass(frozen=True)
class Contact:
    """Somebody at the place who is asked in the end whether it is solved; may be left out."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class VisitPlan:
    """What the form says. `place` may be left out where `host` or `contact_point` has one."""

    service: str
    day: date
    place: Place | None = None
    host: Body | None = None
    contact_point: ContactPoint | None = None
    studio: Body | None = None  # in whose name
    companions: tuple[Person, ...] = ()
    brought: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    contact: Contact = Contact()
    priority: Priority | None = None
    note: str = ""
    client_key: str = ""

    def where(self) -> Place:
        """Give the place of the visit. Raises NoPlace."""
        place = self.place or (self.contact_point.place if self.contact_point else None)
        place = place or (self.host.place if self.host else None)
        if place is None:
            raise rules.NoPlace(name=str(self.host or ""))
        return place


@dataclass(frozen=True)
class Recorded:
    """A visit written down, with the receipts of its matters; `fresh` is False the second time."""

    visit: Visit
    receipts: list[Receipt]
    fresh: bool


def record_visit(plan: VisitPlan, *, by: Actor, at: datetime | None = None) -> Recorded:
    """Write down a visit of the actor's and raise what was found, all or nothing.

    A `client_key` known already gives the first visit again, also where both arrive at once.
    """
    at = at or clock.now()
    person = policy.require_recorder(by)
    if same := _same(plan, by):
        return same
    try:
        with transaction.atomic():
            return _record(plan, person, by, at)
    except IntegrityError:  # the same key at the same moment: the other one has it
        if same := _same(plan, by):
            return same
        raise


def _same(plan: VisitPlan, by: Actor) -> Recorded | None:
    if not plan.client_key:
        return None
    visit = Visit.objects.filter(client_key=plan.client_key).first()
    if visit is None:
        return None
    if visit.account_id != by.account_id:
        raise Forbidden
    receipts = receipts_again(Door.VISIT, KIND, visit.public_id, plan.client_key, by)
    return Recorded(visit, receipts, fresh=False)


def key_of(door: str, client_key: str, number: int) -> str:
    """Name one problem of a sending, so that a lost answer can be given again with its link."""
    return f"{door}.{client_key}.{number}" if client_key else ""


def receipts_again(
    door: str, kind: str, public_id: str, client_key: str, by: Actor
) -> list[Receipt]:
    """Give the receipts of a sending once more; what was added later has no link here."""
    matters = list(Matter.objects.filter(source_kind=kind, source_id=public_id).order_by("id"))
    known = (
        receipt_of(door, key_of(door, client_key, number), account)
        for number in range(len(matters))
        for account in (by.account_id, None)  # the finder's own, or of who was visited
    )
    links = {receipt.matter.pk: receipt for receipt in known if receipt is not None}
    return [links.get(matter.pk) or Receipt(matter, "") for matter in matters]


def _record(plan: VisitPlan, person: Person, by: Actor, at: datetime) -> Recorded:
    rules.check_day(plan.day, clock.day_of(at))
    rules.check_found(len(plan.problems))
    went = list(dict.fromkeys([person, *plan.companions]))
    rules.check_visitors(len(went))
    policy.require_in_studio(by, plan.studio)
    place = plan.where()
    township, district = above(place)
    visit = Visit.objects.create(
        client_key=plan.client_key or None,
        service=plan.service,
        unit=person.unit,
        place=place,
        township_id=township,
        district_id=district,
        host=plan.host,
        contact_point=plan.contact_point,
        studio=plan.studio,
        priority=plan.priority,
        day=plan.day,
        brought=rules.clean_brought(plan.brought),
        note=plan.note,
        found=len(plan.problems),
        recorded_at=at,
        account_id=by.account_id,
    )
    Visitor.objects.bulk_create(Visitor(visit=visit, person=one) for one in went)
    receipts = [
        _raise(visit, p, plan.contact, person, by, at, key=key_of(Door.VISIT, plan.client_key, n))
        for n, p in enumerate(plan.problems)
    ]
    policy.own_held(by).filter(client_key=plan.client_key).delete()
    changes.record(KIND, visit.public_id, after=dimensions(visit), at=at)
    trail.record(by, "record", KIND, visit.public_id, at=at)
    return Recorded(visit, receipts, fresh=True)


def dimensions(visit: Visit) -> dict[str, str | int | None]:
    """Give what the figures count a visit by: ids and days, never a person."""
    return {
        "service": visit.service,
        "unit": visit.unit_id,
        "place": visit.place_id,
        "district": visit.district_id,
        "day": visit.day.isoformat(),
        "found": visit.found,
    }


def _raise(
    visit: Visit,
    problem: Problem,
    contact: Contact,
    person: Person,
    by: Actor,
    at: datetime,
    *,
    key: str = "",
) -> Receipt:
    telling = Telling(
        words=problem.words,
        category=problem.category,
        place=problem.place or visit.place,
        door=Door.VISIT,
        urgency=problem.urgency,
        source=(KIND, visit.public_id),
        priority=visit.priority,
        client_key=key,
    )
    return raise_matter(telling, _teller(visit, contact, person, by), by=by, at=at)


def _teller(visit: Visit, contact: Contact, person: Person, by: Actor) -> Teller:
    """Say whose matter it is: of whoever was visited, who alone says whether it is solved.

    Only what nobody asked for and the visitor saw is the visitor's own.
    """
    if contact.name or contact.phone or visit.host is not None:
        return Teller(name=contact.name, phone=contact.phone, body=visit.host)
    return Teller(name=person.name, person=person, account_id=by.account_id)


@transaction.atomic
def add_problem(
    visit_id: str,
    problem: Problem,
    contact: Contact | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Receipt:
    """Add a problem that the form had no line for, or that came to mind later."""
    at = at or clock.now()
    visit = policy.visit_for(by, visit_id, "add", lock=True)
    person = policy.require_recorder(by)
    rules.check_day(visit.day, clock.day_of(at))
    rules.check_found(visit.found + 1)
    before = dimensions(visit)
    receipt = _raise(visit, problem, contact or Contact(), person, by, at)
    visit.found += 1
    visit.save(update_fields=["found"])
    changes.record(KIND, visit.public_id, before=before, after=dimensions(visit), at=at)
    trail.record(by, "add_problem", KIND, visit.public_id, ["found"], at=at)
    return receipt


@transaction.atomic
def withdraw_visit(visit_id: str, *, by: Actor, at: datetime | None = None) -> Visit:
    """Withdraw a visit recorded by mistake; matters nobody has accepted yet go with it.

    Who raised them is told, and reads that not they took them back.
    """
    at = at or clock.now()
    visit = policy.visit_for(by, visit_id, "withdraw", lock=True)
    raised = Matter.objects.select_for_update().filter(
        source_kind=KIND, source_id=visit.public_id, state=State.RAISED, raisers_count=1
    )
    for matter in raised:
        step = steps.move(matter, "withdraw", by=by, at=at, data={"by": KIND})
        telling.tell_raisers(matter, step, by=by, at=at)
    before = dimensions(visit)
    visit.withdrawn_at = at
    visit.save(update_fields=["withdrawn_at"])
    changes.record(KIND, visit.public_id, before=before, at=at)
    trail.record(by, "withdraw", KIND, visit.public_id, ["withdrawn_at"], at=at)
    return visit


@transaction.atomic
def hold_visit(
    client_key: str,
    fields: Mapping[str, Sequence[str]],
    *,
    area: PatrolArea | None = None,
    by: Actor,
    at: datetime | None = None,
) -> HeldVisit | None:
    """Keep what a phone's queue sent and the form refused, for its sender to mend.

    With an `area` it is a patrol.
    """
    policy.require_recorder(by)
    if not client_key or by.account_id is None:
        return None
    held, _made = HeldVisit.objects.get_or_create(
        client_key=client_key[:40],
        defaults={
            "account_id": by.account_id,
            "area": area,
            "fields": {name: list(values) for name, values in fields.items()},
            "held_at": at or clock.now(),
        },
    )
    return held if held.account_id == by.account_id else None


def hold_patrol(
    area_id: str,
    client_key: str,
    fields: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    at: datetime | None = None,
) -> HeldVisit | None:
    """Keep a patrol likewise, also of an area that is somebody else's by now. Raises NotFound."""
    area = PatrolArea.objects.filter(public_id=area_id).first()
    if area is None:
        raise NotFound
    return hold_visit(client_key, fields, area=area, by=by, at=at)


@transaction.atomic
def drop_held(held_id: str, *, by: Actor) -> None:
    """Drop a held visit that its sender does not want any more."""
    policy.held_for(by, held_id).delete()
