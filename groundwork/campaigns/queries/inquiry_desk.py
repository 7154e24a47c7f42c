"""What those who make an evening work with: the jury's page, who may sit on it, checks to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.access.models import Account, Grant
from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.tree import chain
from groundwork.campaigns.models import Episode, EpisodeItem, JuryVote, Season
from groundwork.campaigns.policy import inquiry as policy

PAGE = 40


def juror_choices(episode: Episode, day: date) -> QuerySet[Account]:
    """Accounts that hold the role of juror at the evening's place or above it, on a day."""
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        account=OuterRef("pk"),
        role=Role.JUROR,
        place__path__in=chain(episode.place.path),
        valid_from__lte=day,
    )
    rows = Account.objects.filter(Exists(held), is_active=True).select_related("person")
    return rows.order_by("person__sort_key", "pk")


def seated(episode: Episode) -> set[int]:
    """Name the accounts on an evening's jury."""
    return set(episode.jurors.values_list("account_id", flat=True))


@dataclass(frozen=True)
class Question:
    """One problem before a juror: what was tapped, or why nothing can be."""

    item: EpisodeItem
    said: bool | None
    own: bool  # the juror's own unit


@dataclass(frozen=True)
class JuryPage:
    """An evening before one of its jury."""

    episode: Episode
    open: bool
    questions: list[Question]

    @property
    def left(self) -> int:
        """Count what is still to be tapped."""
        return sum(one.said is None and not one.own for one in self.questions)


def jury_page(by: Actor, public_id: str, at: datetime) -> JuryPage:
    """Read an evening as one of its jury. Raises NotFound, Forbidden."""
    episode = policy.episode_for(by, public_id, "judge", at=at)
    said = dict(
        JuryVote.objects.filter(item__episode=episode, juror__account=by.account_id).values_list(
            "item_id", "satisfied"
        )
    )
    items = episode.items.filter(body__isnull=False).select_related("body")
    return JuryPage(
        episode=episode,
        open=episode.state == Episode.State.VOTING,
        questions=[
            Question(item, said.get(item.pk), _own(by, item))
            for item in items.order_by("order", "id")
        ],
    )


def _own(by: Actor, item: EpisodeItem) -> bool:
    return by.unit is not None and item.body is not None and by.unit.startswith(item.body.path)


def relapses(by: Actor, at: datetime, after: str = "") -> Listing[EpisodeItem]:
    """List what waits to be looked at again, the earliest first, of the actor's own evenings."""
    policy.require_editor(by)
    mine = policy.aired(at, "episode__") & Q(episode__place__in=policy.edited_places(by))
    rows = EpisodeItem.objects.filter(mine, relapse_on__isnull=False)
    rows = rows.select_related("episode", "body", "matter")
    return page_by_key(rows, ("relapse_on", "id"), after, size=PAGE)


def own_seasons(by: Actor) -> list[Season]:
    """Give the seasons of the actor's places, the newest first."""
    rows = Season.objects.filter(place__in=policy.edited_places(by))
    return list(rows.order_by("-first_day", "-id")[:PAGE])


def other_episodes(by: Actor, episode: Episode, at: datetime) -> list[Episode]:
    """Give the evenings that one may be linked with, the newest first."""
    rows = policy.visible_episodes(by, at).exclude(pk=episode.pk)
    return list(rows.select_related("place").order_by("-airs_at", "-id")[:PAGE])
