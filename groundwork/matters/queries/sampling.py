"""Samples of closures: what a list would hold, what a sample says to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.attachments import read
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.tree import covers
from groundwork.matters.models import Matter, Sample, SampleItem
from groundwork.matters.policy import AUDITORS, not_withheld, public_matters
from groundwork.matters.policy.audit import own_items, visible_samples
from groundwork.matters.rules import sampling as rules
from groundwork.matters.rules.private import blanked
from groundwork.registry.models import Place

CLOSURES = ("solved", "unit_done")


@dataclass(frozen=True)
class Preview:
    """What a list would hold, and how many of it have to be checked."""

    population: int
    withheld: int  # closures under embargo: not on the list, but counted
    size: int
    size_binomial: int  # from a list without end, as textbooks have it


@dataclass(frozen=True)
class ItemRow:
    """One drawn closure as the public page shows it."""

    item: SampleItem
    board: str  # public id where the public board shows the matter, else ""
    waits: bool  # a bad finding whose lead may still reply
    note: str  # what looks private is blanked: everybody reads this page
    reply: str


@dataclass(frozen=True)
class SamplePage:
    """A sample with everything: list, seed, draw, findings once they are published."""

    sample: Sample
    rows: list[ItemRow]
    next: str
    shown: rules.Shown | None  # None until it is published
    found: int
    audits: bool  # the reader is its auditor
    may_draw: bool
    may_close: bool


def closures(place: Place, start: date, end: date, at: datetime) -> QuerySet[Matter]:
    """Matters of a place that were closed as done in the period and are so now, embargo or not."""
    matters = Matter.objects.filter(
        state__in=CLOSURES,
        closed_at__gte=clock.local(start, time.min),
        closed_at__lt=min(at, clock.local(end + timedelta(days=1), time.min)),
    )
    if place.level == Place.Level.CITY:
        return matters
    return matters.filter(place__path__startswith=place.path)


def preview(
    *,
    place: Place,
    closed_from: date,
    closed_to: date,
    most_false: Decimal,
    confidence: Decimal,
    at: datetime,
) -> Preview:
    """Say how many closures the list would hold and how many must be checked.

    Raises NothingToSample.
    """
    everything = closures(place, closed_from, closed_to, at)
    listed = everything.filter(not_withheld(at)).count()
    return Preview(
        listed,
        everything.count() - listed,
        rules.size_for(listed, most_false, confidence),
        rules.size_binomial(most_false, confidence),
    )


def samples(cursor: str = "") -> Listing[Sample]:
    """List the samples, the newest first."""
    return page_by_key(visible_samples(), ("-published_at", "-pk"), cursor)


def sample_page(sample: Sample, by: Actor, at: datetime, cursor: str = "") -> SamplePage:
    """Show a sample to the public; findings are there once the sample is closed."""
    # Nobody needs 300 rows of hashes at once on a phone.
    items = SampleItem.objects.filter(sample=sample).select_related(
        "matter__category", "matter__district"
    )
    page = page_by_key(items, ("position", "pk"), cursor)
    pks = [item.matter_id for item in page.rows if item.matter_id]
    board = dict(public_matters(at).filter(pk__in=pks).values_list("pk", "public_id"))
    waiting = Q(finding="false", reply="", reply_by__gt=at)
    count = items.aggregate(
        found=Count("pk", filter=~Q(finding="")), waiting=Count("pk", filter=waiting)
    )
    closed = sample.state == Sample.State.CLOSED
    findings = list(items.values_list("finding", flat=True)) if closed else []
    audits = bool(by.system) or covers(by.places(*AUDITORS), sample.place.path)
    all_found = count["found"] == sample.size and not count["waiting"]
    return SamplePage(
        sample=sample,
        rows=[
            ItemRow(
                item,
                board.get(item.matter_id or 0, ""),
                _waits(item, at),
                blanked(item.note),
                blanked(item.reply),
            )
            for item in page.rows
        ],
        next=page.next,
        shown=rules.shown(findings, sample.size, sample.confidence) if closed else None,
        found=count["found"],
        audits=audits,
        may_draw=audits and sample.state == Sample.State.PUBLISHED and at >= sample.act_at,
        may_close=audits and sample.state == Sample.State.DRAWN and all_found,
    )


def _waits(item: SampleItem, at: datetime) -> bool:
    return bool(item.finding == "false" and not item.reply and item.reply_by and item.reply_by > at)


def own_work(by: Actor, at: datetime, most: int = 10) -> list[SampleItem]:
    """List the drawn closures that wait for the actor: to be checked, or to be replied to."""
    items = own_items(by, at).select_related("sample", "matter__category", "matter__place")
    return list(items.order_by("sample", "position")[:most])


def list_bytes(sample: Sample) -> bytes:
    """Give the published list as the file that anybody may download."""
    return read(sample.hashes)
