"""The problems of an evening: bring them on, in which order, what was promised, how it went on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.campaigns.actions import inquiry_telling as telling
from groundwork.campaigns.actions.counting import note_aired
from groundwork.campaigns.actions.inquiry import EPISODE, hour_of
from groundwork.campaigns.models import Episode, EpisodeItem, ItemStep, Revisit
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.matters.actions.embargo import follow_broadcast, raise_withheld
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.actions.reopening import reopen
from groundwork.matters.models import Door, Matter
from groundwork.matters.policy import locked
from groundwork.matters.policy.embargo import check_withholds
from groundwork.matters.rules.private import blanked
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body

ITEM = "campaigns.item"
WHY = "节目播出以前不公开。"


@dataclass(frozen=True)
class ItemPlan:
    """How a problem is put on the air: to whom, in which words; "" phase follows the hour."""

    title: str
    question: str
    body: Body | None = None
    phase: str = ""


@transaction.atomic
def raise_question(
    episode_id: str,
    telling_: Telling,
    teller: Teller,
    plan: ItemPlan,
    *,
    by: Actor,
    at: datetime | None = None,
) -> tuple[EpisodeItem, Receipt]:
    """Write a problem into the ledger and onto an evening; before its hour it is nowhere.

    Raises Forbidden at places of other editors, WrongState, TooMany.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    check_withholds(by, telling_.place)
    told = replace(telling_, door=Door.TELEVISION, source=(EPISODE, episode.public_id))
    if episode.airs_at > at:
        told = replace(told, withheld_until=episode.airs_at)
        receipt = raise_withheld(told, teller, WHY, by=by, at=at)
    else:
        receipt = raise_matter(told, teller, by=by, at=at)
    known = EpisodeItem.objects.filter(episode=episode, matter=receipt.matter).first()
    if receipt.again and known is not None:
        return known, receipt
    return _put(episode, receipt.matter, plan, by=by, at=at), receipt


@transaction.atomic
def put_matter(
    episode_id: str, receipt: str, plan: ItemPlan, *, by: Actor, at: datetime | None = None
) -> EpisodeItem:
    """Bring a matter on that stands in the ledger; one kept back waits for the evening's hour.

    Raises NotFound where it is neither on the board nor the editors' own, PutAlready, TooMany.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    matter = policy.matter_by_receipt(by, receipt, at)
    return _put(episode, matter, plan, by=by, at=at)


def _put(
    episode: Episode, matter: Matter, plan: ItemPlan, *, by: Actor, at: datetime
) -> EpisodeItem:
    if episode.state in (rules.OFF, "closed"):
        raise rules.WrongState
    if episode.items.filter(matter=matter).exists():
        raise rules.PutAlready
    if episode.items.count() >= rules.MOST_ITEMS:
        raise rules.TooMany(most=rules.MOST_ITEMS)
    matter = locked(matter.pk)
    last = episode.items.aggregate(n=Max("order"))["n"]
    before = episode.airs_at > at
    phases = EpisodeItem.Phase
    item = EpisodeItem.objects.create(
        episode=episode,
        matter=matter,
        body=plan.body,
        phase=plan.phase or (phases.BEFORE if before else phases.AFTER),
        order=0 if last is None else last + 1,
        title=rules.clean_words(spoken(plan.title), least=2, most=rules.LONGEST_TITLE),
        question=rules.clean_words(spoken(plan.question)),
        relapse_on=relapse_of(matter),
    )
    if before:
        follow_broadcast(matter.pk, hour_of(matter, at), WHY, by=by, at=at)
    append(item, "put", by=by, at=at)
    note_aired([matter.pk], at=at)
    return item


def spoken(text: str) -> str:
    """Blank out doors, phones and cards: it is said to everybody."""
    return blanked(text)


def relapse_of(matter: Matter) -> date | None:
    """Give the day on which an ended matter is looked at again."""
    ended = clock.day_of(matter.closed_at) if matter.closed_at else None
    return rules.relapse_on(matter.state, ended)


@transaction.atomic
def drop_item(item_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Take a problem off an evening before its hour; the matter keeps the hour it has.

    Raises Aired.
    """
    at = at or clock.now()
    item = policy.item_for(by, item_id, "edit", at=at, lock=True)
    rules.check_before(item.episode.airs_at, at)
    trail.record(by, "drop", ITEM, item.public_id, at=at)
    item.delete()
    return item.episode


@transaction.atomic
def move_item(item_id: str, up: bool, *, by: Actor, at: datetime | None = None) -> EpisodeItem:
    """Move a problem one place up or down the running order; at the end it stays. Raises Aired."""
    at = at or clock.now()
    item = policy.item_for(by, item_id, "edit", at=at, lock=True)
    rules.check_before(item.episode.airs_at, at)
    rows = list(item.episode.items.order_by("order", "id"))
    here = rows.index(item)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for n, row in enumerate(rows):
            row.order = n
        EpisodeItem.objects.bulk_update(rows, ["order"])
        trail.record(by, "move", ITEM, item.public_id, ["order"], at=at)
    return item


@transaction.atomic
def edit_item(
    item_id: str, plan: ItemPlan, *, by: Actor, at: datetime | None = None
) -> EpisodeItem:
    """Put words and unit right before the hour; another unit was not shown it. Raises Aired."""
    at = at or clock.now()
    item = policy.item_for(by, item_id, "edit", at=at, lock=True)
    rules.check_before(item.episode.airs_at, at)
    if plan.body != item.body:
        item.shown_at = None
    item.body, item.phase = plan.body, plan.phase or item.phase
    item.title = rules.clean_words(spoken(plan.title), least=2, most=rules.LONGEST_TITLE)
    item.question = rules.clean_words(spoken(plan.question))
    fields = ["body", "phase", "title", "question", "shown_at"]
    item.save(update_fields=fields)
    trail.record(by, "edit", ITEM, item.public_id, fields, at=at)
    return item


@transaction.atomic
def show_item(
    item_id: str, shown: bool = True, *, by: Actor, at: datetime | None = None
) -> EpisodeItem:
    """Let the questioned unit read a problem before the hour, or no longer.

    Raises NoUnit, ComplainedOf, Aired.
    """
    at = at or clock.now()
    item = policy.item_for(by, item_id, "edit", at=at, lock=True)
    rules.check_before(item.episode.airs_at, at)
    if item.body is None:
        raise rules.NoUnit
    concerns = item.matter.concerns
    if shown and concerns is not None and named_in_complaint(item.body.path, concerns.path):
        raise rules.ComplainedOf
    item.shown_at = at if shown else None
    item.save(update_fields=["shown_at"])
    append(item, "show" if shown else "hide", by=by, at=at)
    if shown:
        telling.tell_unit(item, "shown", telling.SHOWN, by=by, at=at)
    return item


@dataclass(frozen=True)
class Promise:
    """What was promised on the air, until when, by who holds which office."""

    text: str
    on: date
    said_by: str


@transaction.atomic
def record_promise(
    item_id: str, promise: Promise, *, by: Actor, at: datetime | None = None
) -> EpisodeItem:
    """Write down a promise; an earlier one stays in the history. Raises NoUnit, BadDay."""
    at = at or clock.now()
    item = policy.item_for(by, item_id, "edit", at=at, lock=True)
    if item.episode.state in (rules.OFF, "closed"):
        raise rules.WrongState
    if item.body is None:
        raise rules.NoUnit
    if promise.on < clock.day_of(item.episode.airs_at):
        raise rules.BadDay
    item.promise, item.promise_on = rules.clean_words(spoken(promise.text)), promise.on
    item.promised_by = rules.clean_words(promise.said_by, least=2, most=rules.LONGEST_TITLE)
    item.save(update_fields=["promise", "promise_on", "promised_by"])
    append(item, "promise", by=by, at=at, text=item.promise, day=promise.on)
    if item.shown_at is not None or rules.is_aired(item.episode.state, item.episode.airs_at, at):
        telling.tell_unit(item, "promise", telling.PROMISED, by=by, at=at)
    return item


@dataclass(frozen=True)
class Look:
    """Who went when and found what."""

    kind: str
    found: str
    day: date
    text: str


@transaction.atomic
def record_revisit(item_id: str, look: Look, *, by: Actor, at: datetime | None = None) -> Revisit:
    """Write down what was found by somebody else; what came back is at work again in the ledger.

    Raises NotAired, OtherHands, TooEarly, BadDay.
    """
    at = at or clock.now()
    item = policy.item_for(by, item_id, "look", at=at, lock=True)
    if not rules.is_aired(item.episode.state, item.episode.airs_at, at):
        raise rules.NotAired
    matter = locked(item.matter_id)
    rules.check_hands(by.unit, tuple(b.path for b in (item.body, matter.lead) if b is not None))
    if not clock.day_of(item.episode.airs_at) <= look.day <= clock.day_of(at):
        raise rules.BadDay
    item.relapse_on = EpisodeItem.objects.values_list("relapse_on", flat=True).get(pk=item.pk)
    if look.kind == Revisit.Kind.RELAPSE:
        rules.check_relapse(item.relapse_on, look.day)
    text = rules.clean_words(spoken(look.text), most=1000)
    made = Revisit.objects.create(
        item=item,
        kind=look.kind,
        found=look.found,
        day=look.day,
        text=text,
        label=by.as_label[:80],
        account_id=by.account_id,
        at=at,
    )
    trail.record(by, look.kind, ITEM, item.public_id, ["found", "text"], at=at)
    if look.kind == Revisit.Kind.RELAPSE:
        EpisodeItem.objects.filter(pk=item.pk).update(relapse_on=None)
    if look.found == Revisit.Found.BACK:
        reopen(matter, text, {"revisit": made.public_id}, by=by, at=at)
    return made


def follow_matter(matter: Matter) -> None:
    """Let the relapse check follow a matter that ended or was opened again, on every evening."""
    EpisodeItem.objects.filter(matter=matter).update(relapse_on=relapse_of(matter))


def append(
    item: EpisodeItem,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    day: date | None = None,
) -> ItemStep:
    """Append a step and its row in the trail."""
    trail.record(by, verb, ITEM, item.public_id, at=at)
    return ItemStep.objects.create(
        item=item,
        at=at,
        verb=verb,
        label=by.as_label[:80],
        account_id=by.account_id,
        text=text,
        day=day,
    )
