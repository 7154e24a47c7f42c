"""Write evenings that were broadcast long ago, by the rules of the single actions.

For a city that brings its older seasons along, and for the demo city. The problems stand in the
ledger already (`matters.actions.bulk`); what was found by going there is history: what came back
then is at work in the ledger by its own way. One trail row for an evening, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.campaigns.actions.counting import note_aired
from groundwork.campaigns.actions.inquiry import EPISODE, LEVELS, EpisodePlan
from groundwork.campaigns.actions.inquiry_items import ItemPlan, Look, Promise, relapse_of, spoken
from groundwork.campaigns.models import Episode, EpisodeItem, ItemStep, Revisit
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.matters.models import Matter
from groundwork.matters.rules.states import CLOSED

_BEFORE = timedelta(days=3)  # a running order stands so long before the hour
_SIX = time(18)  # of the day somebody went to look, when nothing more is known


@dataclass(frozen=True)
class AiredItem:
    """A problem as it was put, what was promised, what the jury said, what was found since.

    `jury` is how many said something and how many of them were satisfied.
    """

    matter: Matter
    plan: ItemPlan
    promise: Promise | None = None
    jury: tuple[int, int] | None = None
    looks: tuple[Look, ...] = ()


@transaction.atomic
def record_aired(
    season_id: str, plan: EpisodePlan, *, by: Actor, at: datetime | None = None
) -> Episode:
    """Write down an evening that was. Raises Forbidden, WrongPlace, NotAired."""
    at = at or clock.now()
    season = policy.season_for(by, season_id, plan=True)
    policy.check_edits(by, plan.place)
    if plan.place.level not in LEVELS or not plan.place.path.startswith(season.place.path):
        raise rules.WrongPlace
    if plan.airs_at > at:
        raise rules.NotAired
    title = rules.clean_words(plan.title, least=2, most=rules.LONGEST_TITLE)
    made = Episode.objects.create(
        season=season, state=Episode.State.FOLLOWING, **(vars(plan) | {"title": title})
    )
    trail.record(by, "record", EPISODE, made.public_id, at=at)
    return made


@transaction.atomic
def record_items_many(
    episode_id: str, rows: Sequence[AiredItem], *, by: Actor, at: datetime | None = None
) -> list[EpisodeItem]:
    """Write an evening's problems at once; one where nothing is owed any more is closed.

    Raises TooMany, NoUnit, BadDay, BadVote, OtherHands, TooEarly.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    if episode.state != Episode.State.FOLLOWING:
        raise rules.WrongState
    first = episode.items.count()
    if first + len(rows) > rules.MOST_ITEMS:
        raise rules.TooMany(most=rules.MOST_ITEMS)
    items = [_item(episode, n, row) for n, row in enumerate(rows, first)]
    EpisodeItem.objects.bulk_create(items)
    note_aired([item.matter_id for item in items], at=at)
    pairs = list(zip(items, rows, strict=True))
    ItemStep.objects.bulk_create(step for item, row in pairs for step in _steps(item, row, by))
    Revisit.objects.bulk_create(
        _look(item, row, look, by, at) for item, row in pairs for look in row.looks
    )
    if all(row.matter.state in CLOSED for row in rows) and not any(i.relapse_on for i in items):
        episode.state = rules.step(episode.state, "close")
        episode.save(update_fields=["state"])
    trail.record(by, "record_many", EPISODE, episode.public_id, ["*"], at=at)
    return items


def _item(episode: Episode, order: int, row: AiredItem) -> EpisodeItem:
    plan, said = row.plan, row.promise
    if said is not None and plan.body is None:
        raise rules.NoUnit
    if said is not None and said.on < clock.day_of(episode.airs_at):
        raise rules.BadDay
    if row.jury is not None and not 0 <= row.jury[1] <= row.jury[0]:
        raise rules.BadVote
    kinds = {look.kind for look in row.looks}
    return EpisodeItem(
        episode=episode,
        matter=row.matter,
        body=plan.body,
        phase=plan.phase or EpisodeItem.Phase.BEFORE,
        order=order,
        title=rules.clean_words(spoken(plan.title), least=2, most=rules.LONGEST_TITLE),
        question=rules.clean_words(spoken(plan.question)),
        promise=rules.clean_words(spoken(said.text)) if said else "",
        promise_on=said.on if said else None,
        promised_by=rules.clean_words(said.said_by, least=2, most=rules.LONGEST_TITLE)
        if said
        else "",
        jury_n=row.jury[0] if row.jury else None,
        jury_satisfied=row.jury[1] if row.jury else None,
        relapse_on=None if Revisit.Kind.RELAPSE in kinds else relapse_of(row.matter),
    )


def _steps(item: EpisodeItem, row: AiredItem, by: Actor) -> Iterator[ItemStep]:
    airs_at = item.episode.airs_at
    who = {"item": item, "label": by.as_label[:80], "account_id": by.account_id}
    yield ItemStep(verb="put", at=min(airs_at, max(row.matter.raised_at, airs_at - _BEFORE)), **who)
    if item.promise:
        yield ItemStep(verb="promise", at=airs_at, text=item.promise, day=item.promise_on, **who)
    if item.jury_n is not None:
        yield ItemStep(verb="voted", at=airs_at, **who)


def _look(item: EpisodeItem, row: AiredItem, look: Look, by: Actor, at: datetime) -> Revisit:
    """Check and make one look again; its day is the moment of which we know no more."""
    rules.check_hands(by.unit, tuple(b.path for b in (item.body, row.matter.lead) if b is not None))
    if not clock.day_of(item.episode.airs_at) <= look.day <= clock.day_of(at):
        raise rules.BadDay
    if look.kind == Revisit.Kind.RELAPSE:
        rules.check_relapse(relapse_of(row.matter), look.day)
    return Revisit(
        item=item,
        kind=look.kind,
        found=look.found,
        day=look.day,
        text=rules.clean_words(spoken(look.text), most=1000),
        label=by.as_label[:80],
        account_id=by.account_id,
        at=_evening_of(look.day, at),
    )


def _evening_of(day: date, at: datetime) -> datetime:
    return min(clock.local(day, _SIX), at)
