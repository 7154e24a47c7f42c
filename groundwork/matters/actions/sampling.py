"""The audited sample: publish the list, draw by a public act, find, hear the lead, publish."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.base import attachments, clock, ids, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import N_, Forbidden, RuleBroken
from groundwork.base.tree import covers
from groundwork.matters.actions.reopening import reopen
from groundwork.matters.models import Matter, Sample, SampleItem
from groundwork.matters.policy import AUDITORS, matter_for, not_withheld
from groundwork.matters.policy.audit import item_for, sample_for
from groundwork.matters.queries.keepers import handlers_of
from groundwork.matters.queries.sampling import closures
from groundwork.matters.rules import deadlines
from groundwork.matters.rules import sampling as rules
from groundwork.matters.rules.words import masked
from groundwork.registry.models import Place

KIND, ITEM = "matters.sample", "matters.sample_item"
LONGEST_LIST = 64 * 2**20  # bytes: a million closures
TOLD_FALSE = N_("抽样核查认为诉求 %(receipt)s 并未解决；结论公布以前，请在期限内说明情况。")
TOLD_REPLY = N_("承办单位对诉求 %(receipt)s 的核查结论作了说明。")


class ListBroken(RuleBroken):
    """Refuse a draw from a list whose digest is not the published one any more."""

    code = "matters.list_broken"
    text = N_("名单文件与公布的摘要不符，不能抽取。请找系统管理员。")


class SayWhy(RuleBroken):
    """Ask for the reason of a finding, or the words of a reply."""

    code = "matters.say_why"
    text = N_("请写明情况：怎么核实的，看到了什么。")


class GoneIsUnknown(RuleBroken):
    """Refuse to find anything of what is erased."""

    code = "matters.gone_is_unknown"
    text = N_("这件诉求的内容已经删除，只能记“无法核实”。")


@dataclass(frozen=True)
class Plan:
    """What is audited, how sure one wants to be, which public act will give the seed and when."""

    title: str
    place: Place
    closed_from: date
    closed_to: date
    most_false: Decimal
    confidence: Decimal
    seed_source: str
    act_at: datetime


@transaction.atomic
def publish_sample(plan: Plan, *, by: Actor, at: datetime | None = None) -> Sample:
    """Freeze the list of closures as hashes; from now on nothing gets in or out.

    Raises Forbidden, NothingToSample, SeedTooEarly where the act does not lie ahead.
    """
    at = at or clock.now()
    if not by.system and not covers(by.places(*AUDITORS), plan.place.path):
        raise Forbidden
    if plan.act_at <= at:
        raise rules.SeedTooEarly
    salt = ids.public_id()
    listed = closures(plan.place, plan.closed_from, plan.closed_to, at).filter(not_withheld(at))
    hashes = [
        rules.receipt_hash(salt, receipt) for receipt in listed.values_list("receipt", flat=True)
    ]
    size = rules.size_for(len(hashes), plan.most_false, plan.confidence)
    content = rules.listing(hashes)
    file = attachments.store(
        content,
        name=f"{salt}.txt",
        by=by,
        at=at,
        allowed=(attachments.TEXT,),
        most=LONGEST_LIST,
    )
    sample = Sample.objects.create(
        public_id=salt,
        title=plan.title,
        place=plan.place,
        closed_from=plan.closed_from,
        closed_to=plan.closed_to,
        most_false=plan.most_false,
        confidence=plan.confidence,
        population=len(hashes),
        size=size,
        hashes=file,
        hashes_digest=hashlib.sha256(content).hexdigest(),
        published_at=at,
        published_by=by.account_id,
        seed_source=plan.seed_source,
        act_at=plan.act_at,
    )
    trail.record(by, "publish", KIND, sample.public_id, ["hashes", "size"], at=at)
    return sample


@transaction.atomic
def draw_sample(
    sample_id: str, typed: str, witness: str, *, by: Actor, at: datetime | None = None
) -> Sample:
    """Draw once, by the digits of the public act. The same seed again gives the same sample.

    Raises SeedTooEarly, SeedTooShort, DrawnAlready, ListBroken.
    """
    at = at or clock.now()
    sample = sample_for(by, sample_id, "draw", lock=True)
    seed = rules.seed_of(typed)
    if sample.state != Sample.State.PUBLISHED:
        if sample.seed == seed:
            return sample
        raise rules.DrawnAlready
    if at < sample.act_at:
        raise rules.SeedTooEarly
    content = attachments.read(sample.hashes)
    if hashlib.sha256(content).hexdigest() != sample.hashes_digest:
        raise ListBroken
    drawn = rules.draw(rules.hashes_in(content), seed, sample.size)
    found = _matters_of(sample, set(drawn))
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, matter_id=found.get(lot), position=number, receipt_hash=lot)
        for number, lot in enumerate(drawn, 1)
    )
    sample.state, sample.seed, sample.witness = Sample.State.DRAWN, seed, witness
    sample.drawn_at, sample.drawn_by = at, by.account_id
    sample.save(update_fields=["state", "seed", "witness", "drawn_at", "drawn_by"])
    trail.record(by, "draw", KIND, sample.public_id, ["seed"], at=at)
    return sample


def _matters_of(sample: Sample, wanted: set[str]) -> dict[str, int]:
    """Find the drawn matters again by their receipts, wherever they stand or lie by now."""
    receipts = Matter.objects.filter(raised_at__lte=sample.published_at).order_by()
    found: dict[str, int] = {}
    for pk, receipt in receipts.values_list("pk", "receipt").iterator(chunk_size=5000):
        lot = rules.receipt_hash(sample.public_id, receipt)
        if lot in wanted:
            found[lot] = pk
    return found


@transaction.atomic
def record_finding(
    item_id: str, finding: str, note: str, *, by: Actor, at: datetime | None = None
) -> SampleItem:
    """Write down what a check found; until it is published it may be mended, not rubbed out.

    A false closure goes back to work at once, and its lead may reply before anything is public.
    Raises SampleOver, SayWhy, GoneIsUnknown.
    """
    at = at or clock.now()
    item = item_for(by, item_id, "find", at=at)
    matter = None
    if item.matter is not None:
        matter = matter_for(by, item.matter.public_id, "audit", at=at, lock=True)
    item = _locked(item)
    note = masked(note.strip())[:500]
    finding = SampleItem.Finding(finding)
    if (matter is None or matter.erased_at) and finding != SampleItem.Finding.UNKNOWN:
        raise GoneIsUnknown
    if finding != SampleItem.Finding.TRUE and not note:
        raise SayWhy
    fresh = finding == SampleItem.Finding.FALSE and item.finding != finding
    if item.finding and (item.finding, item.note) != (finding, note):
        item.former = [*item.former, _former(item)]
    item.finding, item.note, item.found_at, item.found_by = finding, note, at, by.account_id
    item.reply_by = deadlines.due(calendar(), at, rules.REPLY_DAYS) if fresh else item.reply_by
    item.save(update_fields=["finding", "note", "found_at", "found_by", "former", "reply_by"])
    trail.record(by, "find", ITEM, item.public_id, ["finding", "note"], at=at)
    if fresh and matter is not None:
        _reopen(item, matter, by, at)
    return item


def _former(item: SampleItem) -> dict[str, object]:
    """Keep a finding that is about to be mended: the lead may have replied to it."""
    at = item.found_at.isoformat() if item.found_at else ""
    return {"finding": item.finding, "note": item.note, "at": at, "by": item.found_by}


def _locked(item: SampleItem) -> SampleItem:
    """Hold sample and item while findings are open. Raises SampleOver."""
    sample = Sample.objects.select_for_update().get(pk=item.sample_id)
    if sample.state != Sample.State.DRAWN:
        raise rules.SampleOver
    locked = SampleItem.objects.select_for_update().get(pk=item.pk)
    locked.sample, locked.matter = sample, item.matter
    return locked


def _reopen(item: SampleItem, matter: Matter, by: Actor, at: datetime) -> None:
    """Send a false closure back to work, unless its raiser did so already, and tell the lead."""
    reopen(matter, item.note, {"item": item.public_id}, by=by, at=at)
    if matter.lead is not None:
        notices.notify(
            handlers_of(matter.lead, at, avoid=matter.concerns),
            kind="matters.sample",
            key=f"matters.sample:{item.public_id}:false",
            text=TOLD_FALSE,
            params={"receipt": matter.receipt},
            url=reverse("matters:sample_item", args=[item.public_id]),
            at=at,
        )


@transaction.atomic
def reply_to_finding(
    item_id: str, words: str, *, by: Actor, at: datetime | None = None
) -> SampleItem:
    """Let the lead say its side of a bad finding, before it is public.

    Raises SampleOver, ReplyOver, SayWhy.
    """
    at = at or clock.now()
    item = _locked(item_for(by, item_id, "reply", at=at))
    words = masked(words.strip())[:500]
    if item.finding != SampleItem.Finding.FALSE:
        raise rules.SampleOver
    if item.reply_by is None or at > item.reply_by:
        raise rules.ReplyOver
    if not words:
        raise SayWhy
    item.reply, item.replied_at = words, at
    item.save(update_fields=["reply", "replied_at"])
    trail.record(by, "reply", ITEM, item.public_id, ["reply"], at=at)
    if item.found_by is not None and item.matter is not None:
        notices.notify(
            [item.found_by],
            kind="matters.sample",
            key=f"matters.sample:{item.public_id}:reply:{at:%Y%m%d%H%M%S}",
            text=TOLD_REPLY,
            params={"receipt": item.matter.receipt},
            url=reverse("matters:sample_item", args=[item.public_id]),
            at=at,
        )
    return item


@transaction.atomic
def reveal_raiser(item_id: str, *, by: Actor, at: datetime | None = None) -> list[tuple[str, str]]:
    """Give names and numbers of who raised a drawn matter, to whom checks it; the trail keeps it.

    Only while the sample is open, never to somebody of the lead.
    """
    at = at or clock.now()
    item = _locked(item_for(by, item_id, "find", at=at))
    trail.record(by, "reveal_phone", ITEM, item.public_id, ["phone"], at=at)
    if item.matter is None:
        return []
    raisers = item.matter.raisers.filter(erased_at=None).exclude(phone="").order_by("-first", "pk")
    return list(raisers.values_list("name", "phone")[:5])


@transaction.atomic
def close_sample(sample_id: str, *, by: Actor, at: datetime | None = None) -> Sample:
    """Publish the findings, once all are there and every lead was heard or had its days.

    Raises NotAllFound.
    """
    at = at or clock.now()
    sample = sample_for(by, sample_id, "close", lock=True)
    if sample.state == Sample.State.CLOSED:
        return sample
    items = SampleItem.objects.filter(sample=sample)
    heard = items.exclude(finding="").exclude(finding="false", reply="", reply_by__gt=at)
    open_ones = sample.size - heard.count()
    if sample.state != Sample.State.DRAWN or open_ones:
        raise rules.NotAllFound(open=open_ones)
    sample.state, sample.closed_at = Sample.State.CLOSED, at
    sample.save(update_fields=["state", "closed_at"])
    trail.record(by, "close", KIND, sample.public_id, ["state"], at=at)
    return sample
