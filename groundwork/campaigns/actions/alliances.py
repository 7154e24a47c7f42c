"""Open and close an alliance, take members in and let them go, link them, say who works again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.campaigns.actions.telling import speakers_of, tell
from groundwork.campaigns.models import Alliance, Entry, Link, Member
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.rules import alliance as rules
from groundwork.registry.models import Body, Place

KIND, MEMBER = "campaigns.alliance", "campaigns.member"
JOINED = N_("贵公司加入了“%(alliance)s”。缺什么、能提供什么，在这里写一条就行。")


@dataclass(frozen=True)
class AlliancePlan:
    """Which party organisation leads, around which enterprise, where."""

    name: str
    led_by: Body
    place: Place
    lead: Body
    about: str = ""


@transaction.atomic
def open_alliance(plan: AlliancePlan, *, by: Actor, at: datetime | None = None) -> Alliance:
    """Open an alliance around its lead enterprise, led by a party organisation.

    Raises Forbidden, NotAPartyOrganisation, NotAnEnterprise.
    """
    at = at or clock.now()
    policy.require_keeper(by, plan.led_by)
    rules.check_leader(plan.led_by.kind, str(plan.led_by))
    rules.check_words(plan.about)
    made = Alliance.objects.create(
        name=plan.name,
        about=plan.about,
        led_by=plan.led_by,
        place=plan.place,
        opened_on=clock.day_of(at),
    )
    _join(made, plan.lead, Member.Part.LEAD, at)
    trail.record(by, "open", KIND, made.public_id, at=at)
    return made


@transaction.atomic
def close_alliance(public_id: str, *, by: Actor, at: datetime | None = None) -> Alliance:
    """Close an alliance in which nothing is under way. Raises Engaged."""
    at = at or clock.now()
    found = policy.alliance_for(by, public_id, "keep", lock=True)
    _check_open(found)
    if Entry.objects.filter(alliance=found, state__in=rules.MATCHED).exists():
        raise rules.Engaged
    found.closed_on = clock.day_of(at)
    found.save(update_fields=["closed_on"])
    trail.record(by, "close", KIND, public_id, ["closed_on"], at=at)
    return found


@transaction.atomic
def add_member(
    public_id: str, body: Body, part: str, *, by: Actor, at: datetime | None = None
) -> Member:
    """Take an enterprise in. Raises NotAnEnterprise, NoPlace, MemberAlready, OneLead."""
    at = at or clock.now()
    found = policy.alliance_for(by, public_id, "keep", lock=True)
    _check_open(found)
    if found.members.filter(body=body, left_on=None).exists():
        raise rules.MemberAlready
    lead = found.members.filter(part=Member.Part.LEAD, left_on=None)
    if part == Member.Part.LEAD and lead.exists():
        raise rules.OneLead
    made = _join(found, body, part, at)
    trail.record(by, "add_member", KIND, public_id, at=at)
    url = reverse("campaigns:alliance", args=[public_id])
    tell(
        speakers_of(body, at), KIND, f"{made.public_id}:in", JOINED, url, at=at, alliance=str(found)
    )
    return made


def _join(alliance: Alliance, body: Body, part: str, at: datetime) -> Member:
    if body.kind != Body.Kind.ENTERPRISE:
        raise rules.NotAnEnterprise
    if body.place is None:
        raise rules.NoPlace(name=str(body))
    made = Member.objects.create(
        alliance=alliance, body=body, place=body.place, part=part, joined_on=clock.day_of(at)
    )
    changes.record(MEMBER, made.public_id, after=dimensions(made), at=at)
    return made


@transaction.atomic
def drop_member(member_id: str, *, by: Actor, at: datetime | None = None) -> Member:
    """Let a member go of whom nothing is under way; its links end. Raises Engaged."""
    at = at or clock.now()
    found = policy.member_for(by, member_id, "keep")
    policy.alliance_for(by, found.alliance.public_id, "keep", lock=True)
    if Entry.objects.filter(member=found, state__in=rules.MATCHED).exists():
        raise rules.Engaged
    before = dimensions(found)
    found.left_on = clock.day_of(at)
    found.save(update_fields=["left_on"])
    Link.objects.filter(Q(supplier=found) | Q(customer=found)).delete()
    changes.record(MEMBER, member_id, before=before, at=at)
    trail.record(by, "drop", MEMBER, member_id, ["left_on"], at=at)
    return found


@transaction.atomic
def link_members(
    supplier_id: str, customer_id: str, what: str = "", *, by: Actor, at: datetime | None = None
) -> Link:
    """Say that one member supplies another. Raises LinkedToItself, LinkedAlready."""
    at = at or clock.now()
    supplier = policy.member_for(by, supplier_id, "keep")
    customer = policy.member_for(by, customer_id, "keep")
    if supplier == customer or supplier.alliance_id != customer.alliance_id:
        raise rules.LinkedToItself
    rules.check_words(what)
    try:
        with transaction.atomic():
            made = Link.objects.create(
                alliance=supplier.alliance, supplier=supplier, customer=customer, what=what.strip()
            )
    except IntegrityError:
        raise rules.LinkedAlready from None
    trail.record(by, "link", KIND, supplier.alliance.public_id, at=at)
    return made


@transaction.atomic
def unlink_members(
    supplier_id: str, customer_id: str, *, by: Actor, at: datetime | None = None
) -> None:
    """Take a link back."""
    supplier = policy.member_for(by, supplier_id, "keep")
    customer = policy.member_for(by, customer_id, "keep")
    Link.objects.filter(supplier=supplier, customer=customer).delete()
    trail.record(by, "unlink", KIND, supplier.alliance.public_id, at=at or clock.now())


@transaction.atomic
def tell_resumed(
    member_id: str,
    resumed: str,
    *,
    cause: str = "",
    why: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Member:
    """Say whether a member works again and, if not or in part, why. Raises ReasonNeeded."""
    at = at or clock.now()
    found = policy.member_for(by, member_id, "speak")
    _check_open(found.alliance)
    before = dimensions(found)
    if resumed == Member.Resumed.YES:
        cause, why = "", ""
    elif not cause:
        raise rules.ReasonNeeded
    rules.check_words(why)
    found.resumed, found.cause, found.why, found.said_at = resumed, cause, why.strip(), at
    fields = ["resumed", "cause", "why", "said_at"]
    found.save(update_fields=fields)
    changes.record(MEMBER, member_id, before=before, after=dimensions(found), at=at)
    trail.record(by, "tell", MEMBER, member_id, fields, at=at)
    return found


def dimensions(member: Member) -> dict[str, str | int | None]:
    """Give what figures count a member by."""
    return {"alliance": member.alliance_id, "resumed": member.resumed, "cause": member.cause}


def _check_open(alliance: Alliance) -> None:
    if alliance.closed_on is not None:
        raise rules.AllianceClosed
