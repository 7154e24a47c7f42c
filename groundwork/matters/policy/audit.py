"""Who may audit: auditors of a place, never the own unit's closures; everybody may look on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import covers, under
from groundwork.matters.models import Matter, Sample, SampleItem
from groundwork.matters.policy.matter import AUDITORS, HANDLERS, may, visible_matters
from groundwork.registry.models import Place

SampleVerb = Literal["view", "draw", "close"]
ItemVerb = Literal["view", "find", "reply"]


def visible_samples() -> QuerySet[Sample]:
    """Samples are public from the moment the list is: that is what they are for."""
    return Sample.objects.select_related("place", "hashes").order_by("-published_at", "-pk")


def may_audit(by: Actor) -> bool:
    """Tell whether the actor audits some place."""
    return bool(by.system) or bool(by.places(*AUDITORS))


def audited_places(by: Actor) -> QuerySet[Place]:
    """Places whose closures the actor may draw a sample of, down to the townships."""
    places = Place.objects.filter(valid_to=None).order_by("path")
    levels = (Place.Level.CITY, Place.Level.DISTRICT, Place.Level.TOWNSHIP)
    if by.system:
        return places.filter(level__in=levels)
    return places.filter(under("path", by.places(*AUDITORS)), level__in=levels)


def sample_for(by: Actor, public_id: str, verb: SampleVerb, *, lock: bool = False) -> Sample:
    """Fetch a sample for an act. Raises NotFound, Forbidden where not the auditor of its place."""
    if lock:
        hold_row(Sample, public_id=public_id)
    sample = sole(visible_samples().filter(public_id=public_id))
    if sample is None:
        raise NotFound
    if verb == "view" or by.system or covers(by.places(*AUDITORS), sample.place.path):
        return sample
    raise Forbidden


def item_for(by: Actor, public_id: str, verb: ItemVerb, *, at: datetime) -> SampleItem:
    """Fetch a drawn closure for its auditor or for those who handle it at the lead.

    Raises NotFound out of scope, Forbidden where not allowed: an auditor who belongs to the lead
    does not check it.
    """
    item = (
        SampleItem.objects.select_related(
            "sample__place", "matter__place", "matter__lead", "matter__category"
        )
        .filter(public_id=public_id)
        .first()
    )
    if item is None:
        raise NotFound
    audits = bool(by.system) or covers(by.places(*AUDITORS), item.sample.place.path)
    matter = item.matter
    if matter is None:  # gone since: nothing of it is left to be kept from anybody
        seen, at_lead, handles = audits, False, False
    else:
        seen = visible_matters(by, at).filter(pk=matter.pk).exists()
        at_lead = belongs_to_lead(by, matter)
        handles = matter.lead is not None and covers(by.bodies(*HANDLERS), matter.lead.path)
        audits = audits and may(by, matter, "audit")
    if not seen:
        raise NotFound
    if verb == "view" and (audits or handles):
        return item
    if verb == "find" and audits and not at_lead:
        return item
    if verb == "reply" and (handles or by.system):
        return item
    raise Forbidden


def belongs_to_lead(by: Actor, matter: Matter) -> bool:
    """Tell whether the actor sits at the body that closed the matter, or at one beside it."""
    return matter.lead is not None and covers([matter.lead.path], by.unit)


def own_items(by: Actor, at: datetime) -> QuerySet[SampleItem]:
    """Drawn closures the actor still has to check, or to reply to."""
    items = SampleItem.objects.exclude(sample__state=Sample.State.CLOSED)
    checks = Q(finding="") & under("sample__place__path", by.places(*AUDITORS))
    replies = Q(finding="false", reply="", reply_by__gt=at)
    replies &= under("matter__lead__path", by.bodies(*HANDLERS))
    return items.filter(checks | replies).filter(matter__in=visible_matters(by, at))
