"""Declare a jury, open its vote, take one tap for each problem, count, forget who tapped what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from groundwork.access.models import Account
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.campaigns.actions import inquiry_telling as telling
from groundwork.campaigns.actions.inquiry import EPISODE
from groundwork.campaigns.actions.inquiry_items import ITEM, append
from groundwork.campaigns.models import Episode, EpisodeItem, Juror, JuryVote
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.queries.inquiry_desk import juror_choices
from groundwork.campaigns.rules import inquiry as rules


@transaction.atomic
def declare_jurors(
    episode_id: str, accounts: Sequence[Account], *, by: Actor, at: datetime | None = None
) -> Episode:
    """Let exactly these be the jury, before its vote opens; others than jurors are left out.

    Raises WrongState.
    """
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    rules.step(episode.state, "open_vote")
    keys = {account.pk for account in accounts}
    offered = {account.pk for account in juror_choices(episode, clock.day_of(at))}
    wanted = keys & offered
    episode.jurors.exclude(account__in=wanted).delete()
    known = set(episode.jurors.values_list("account_id", flat=True))
    Juror.objects.bulk_create(
        Juror(episode=episode, account_id=key) for key in sorted(wanted - known)
    )
    trail.record(by, "jurors", EPISODE, episode.public_id, at=at)
    return episode


@transaction.atomic
def open_vote(episode_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Let the jury tap. Raises NoJury, WrongState."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    episode.state = rules.step(episode.state, "open_vote")
    asked = episode.items.filter(body__isnull=False)
    if not episode.jurors.exists() or not asked.exists():
        raise rules.NoJury
    episode.save(update_fields=["state"])
    trail.record(by, "open_vote", EPISODE, episode.public_id, ["state"], at=at)
    telling.tell_jurors(episode, "vote", telling.JUDGE, by=by, at=at)
    return episode


@transaction.atomic
def vote(item_id: str, satisfied: bool, *, by: Actor, at: datetime | None = None) -> EpisodeItem:
    """Say of one problem: satisfied or not; another tap before the end counts instead.

    Raises VoteOver, OwnUnit, NoUnit.
    """
    at = at or clock.now()
    item = policy.item_for(by, item_id, "judge", at=at, lock=True)
    if item.episode.state != Episode.State.VOTING:
        raise rules.VoteOver
    if item.body is None:
        raise rules.NoUnit
    if by.unit is not None and by.unit.startswith(item.body.path):
        raise rules.OwnUnit
    juror = policy.juror_of(by, item.episode)
    JuryVote.objects.update_or_create(item=item, juror=juror, defaults={"satisfied": satisfied})
    trail.record(by, "vote", ITEM, item.public_id, at=at)  # that, never what
    return item


@transaction.atomic
def close_vote(episode_id: str, *, by: Actor, at: datetime | None = None) -> Episode:
    """Count the taps of each problem and delete them: two numbers remain. Raises WrongState."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    episode.state = rules.step(episode.state, "close_vote")
    episode.save(update_fields=["state"])
    yes = Count("votes", filter=Q(votes__satisfied=True))
    rows = list(episode.items.filter(body__isnull=False).annotate(n=Count("votes"), yes=yes))
    for item in rows:
        item.jury_n, item.jury_satisfied = item.n, item.yes
    EpisodeItem.objects.bulk_update(rows, ["jury_n", "jury_satisfied"])
    JuryVote.objects.filter(item__episode=episode).delete()
    trail.record(by, "close_vote", EPISODE, episode.public_id, ["state"], at=at)
    for item in rows:
        append(item, "voted", by=by, at=at)
    return episode
