"""Plan seasons and evenings of the television inquiry, move the hour, take one on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.campaigns.actions import inquiry_telling as telling
from groundwork.campaigns.models import Episode, EpisodeItem, Season
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.matters.actions.embargo import follow_broadcast
from groundwork.matters.models import Matter
from groundwork.matters.rules import embargo
from groundwork.matters.rules.handling import checked_reason
from groundwork.matters.rules.states import CLOSED
from groundwork.registry.models import Place

SEASON, EPISODE = "campaigns.season", "campaigns.episode"
LEVELS = (Place.Level.CITY, Place.Level.DISTRICT)


@dataclass(frozen=True)
class SeasonPlan:
    """A run of the programme."""

    title: str
    place: Place
    first_day: date
    last_day: date
    about: str = ""


@dataclass(frozen=True)
class EpisodePlan:
    """One evening: where, when."""

    title: str
    place: Place
    airs_at: datetime


@transaction.atomic
def plan_season(plan: SeasonPlan, *, by: Actor, at: datetime | None = None) -> Season:
    """Begin a season; its name is everybody's from now on. Raises Forbidden, BadDay."""
    at = at or clock.now()
    policy.check_edits(by, plan.place)
    if plan.last_day < plan.first_day:
        raise rules.BadDay
    title = rules.clean_words(plan.title, least=2, most=rules.LONGEST_TITLE)
    made = Season.objects.create(**(vars(plan) | {"title": title}))
    trail.record(by, "plan", SEASON, made.public_id, at=at)
    return made


@transaction.atomic
def plan_episode(
    season_id: str, plan: EpisodePlan, *, by: Actor, at: datetime | None = None
) -> Episode:
    """Plan an evening; nobody but its editors finds it before its hour.

    Raises Forbidden, WrongPlace, HourPast, HourTooFar.
    """
    at = at or clock.now()
    season = policy.season_for(by, season_id, plan=True)
    policy.check_edits(by, plan.place)
    if plan.place.level not in LEVELS or not plan.place.path.startswith(season.place.path):
        raise rules.WrongPlace
    embargo.check_hour(plan.airs_at, at)
    title = rules.clean_words(plan.title, least=2, most=rules.LONGEST_TITLE)
    made = Episode.objects.create(season=season, **(vars(plan) | {"title": title}))
    trail.record(by, "plan", EPISODE, made.public_id, at=at)
    return made


@transaction.atomic
def move_hour(
    episode_id: str, airs_at: datetime, reason: str, *, by: Actor, at: datetime | None = None
) -> Episode:
    """Move the broadcast; what its matters are kept back until moves with it, all or nothing.

    Raises Aired, HourPast, HourTooFar, NoText.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    if episode.state in (rules.OFF, "closed"):
        raise rules.WrongState
    rules.check_before(episode.airs_at, at)
    embargo.check_hour(airs_at, at)
    reason = checked_reason(reason)
    episode.airs_at = airs_at
    episode.save(update_fields=["airs_at"])
    items = follow_hours(episode, reason, by=by, at=at)
    trail.record(by, "move_hour", EPISODE, episode.public_id, ["airs_at"], at=at)
    telling.tell_all(episode, items, "moved", telling.MOVED, by=by, at=at)
    return episode


def follow_hours(
    episode: Episode, reason: str, *, by: Actor, at: datetime
) -> Sequence[EpisodeItem]:
    """Let the matters of a locked evening wait for the first evening that brings them."""
    items = list(episode.items.select_related("body", "matter__concerns").order_by("matter_id"))
    for item in items:
        follow_broadcast(item.matter_id, hour_of(item.matter, at), reason, by=by, at=at)
    return items


def hour_of(matter: Matter, at: datetime) -> datetime | None:
    """Give the hour of the first evening to come that brings a matter; None for none."""
    evenings = Episode.objects.filter(items__matter=matter, airs_at__gt=at)
    found: datetime | None = evenings.exclude(state=rules.OFF).aggregate(n=Min("airs_at"))["n"]
    return found


@transaction.atomic
def call_off(episode_id: str, reason: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Let an evening never be broadcast: its matters go their ordinary way from now on.

    Raises Aired after the hour, WrongState.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    rules.check_before(episode.airs_at, at)
    state, reason = rules.step(episode.state, "call_off"), checked_reason(reason)
    _go(episode, state, "call_off", by, at)
    items = follow_hours(episode, reason, by=by, at=at)
    telling.tell_all(episode, items, "off", telling.OFF, by=by, at=at)
    return episode


@transaction.atomic
def follow_episode(episode_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Go on after an evening that had no jury. Raises NotAired, WrongState."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    state = rules.step(episode.state, "follow")
    if episode.airs_at > at:
        raise rules.NotAired
    return _go(episode, state, "follow", by, at)


@transaction.atomic
def close_episode(episode_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Close an evening whose problems all ended and were looked at again.

    Raises StillOpen, NotAired, WrongState.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    state = rules.step(episode.state, "close")
    if episode.airs_at > at:
        raise rules.NotAired
    owed = episode.items.exclude(matter__state__in=CLOSED) | episode.items.exclude(relapse_on=None)
    if n := owed.count():
        raise rules.StillOpen(n=n)
    return _go(episode, state, "close", by, at)


@transaction.atomic
def reopen_episode(episode_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Go on with an evening that was closed."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    return _go(episode, rules.step(episode.state, "reopen"), "reopen", by, at)


def _go(episode: Episode, state: str, verb: str, by: Actor, at: datetime) -> Episode:
    episode.state = state
    episode.save(update_fields=["state"])
    trail.record(by, verb, EPISODE, episode.public_id, ["state"], at=at)
    return episode


@transaction.atomic
def link_episodes(
    episode_id: str, other_id: str, *, by: Actor, at: datetime | None = None
) -> Episode:
    """Link two evenings on the same problem, or part them again. Raises NotFound, Forbidden."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    other = policy.episode_for(by, other_id, at=at)
    if other == episode:
        raise NotFound
    linked = episode.linked.filter(pk=other.pk).exists()
    (episode.linked.remove if linked else episode.linked.add)(other)
    verb = "part" if linked else "link"
    trail.record(by, verb, EPISODE, episode.public_id, [other.public_id], at=at)
    return episode
