"""Who sees an evening of the television inquiry, before its hour and after; who does what with it.

Before the hour nobody finds it but its editor, its jurors, and of one problem the unit that the
editor let read it. What the matter's own hour still keeps back is not shown by the evening either.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, covers, under
from groundwork.campaigns.models import Clip, Episode, EpisodeItem, Juror, Season
from groundwork.campaigns.rules.inquiry import OFF
from groundwork.matters.models import Matter
from groundwork.matters.policy import HANDLERS, bodies_under, not_withheld, public_matters
from groundwork.matters.policy.embargo import EDITORS, withheld_matters
from groundwork.matters.policy.matter import complains_of_none
from groundwork.registry.models import Place

LOOKERS = (*EDITORS, Role.AUDITOR)  # who goes to look again
EpisodeVerb = Literal["view", "edit", "judge"]
ItemVerb = Literal["view", "edit", "look", "judge"]


def may_edit(by: Actor) -> bool:
    """Tell whether the actor edits the programme anywhere."""
    return bool(by.system) or bool(by.places(*EDITORS))


def require_editor(by: Actor) -> None:
    """Let editors on. Raises Forbidden."""
    if not may_edit(by):
        raise Forbidden


def edited_places(by: Actor) -> QuerySet[Place]:
    """Places whose evenings the actor makes: the city or its districts."""
    levels = (Place.Level.CITY, Place.Level.DISTRICT)
    own = EVERYWHERE if by.system else under("path", by.places(*EDITORS))
    return Place.objects.filter(own, level__in=levels, valid_to=None).order_by("path")


def edits(by: Actor, place: Place) -> bool:
    """Tell whether the actor makes the evenings of a place."""
    return bool(by.system) or covers(by.places(*EDITORS), place.path)


def check_edits(by: Actor, place: Place) -> None:
    """Let who makes the evenings of a place on. Raises Forbidden."""
    if not edits(by, place):
        raise Forbidden


def _edited(by: Actor, field: str) -> Q:
    return EVERYWHERE if by.system else under(field, by.places(*EDITORS))


def _judged(by: Actor, episode: str) -> Q:
    if by.account_id is None:
        return NOWHERE
    seats = Juror.objects.filter(episode=OuterRef(episode), account=by.account_id)
    return Q(Exists(seats.exclude(episode__state=OFF)))


def aired(at: datetime, prefix: str = "") -> Q:
    """Make a condition: the evening's hour has come."""
    return Q(**{f"{prefix}airs_at__lte": at}) & ~Q(**{f"{prefix}state": OFF})


def aired_items(at: datetime) -> QuerySet[EpisodeItem]:
    """Problems that everybody sees: broadcast, and not kept back by the matter's own hour."""
    return EpisodeItem.objects.filter(aired(at, "episode__"), not_withheld(at, "matter__"))


def visible_episodes(by: Actor, at: datetime) -> QuerySet[Episode]:
    """Evenings that the actor finds: broadcast ones, one's own as editor or juror."""
    return Episode.objects.filter(aired(at) | _edited(by, "place__path") | _judged(by, "pk"))


def visible_items(by: Actor, at: datetime) -> QuerySet[EpisodeItem]:
    """Problems that the actor finds; as one of the questioned unit those shown to it."""
    seen = aired(at, "episode__") & not_withheld(at, "matter__")
    seen |= _edited(by, "episode__place__path") | _judged(by, "episode")
    return EpisodeItem.objects.filter(seen | _shown(by))


def _shown(by: Actor) -> Q:
    """Make a condition: the editor let the unit read it, and it is no complaint of that unit."""
    paths = by.bodies(*HANDLERS)
    if not paths:
        return NOWHERE
    fair = Matter.objects.filter(complains_of_none(by), pk=OuterRef("matter"))
    shown = Q(shown_at__isnull=False, body__in=bodies_under(paths)) & ~Q(episode__state=OFF)
    return shown & Q(Exists(fair))


def visible_clips(by: Actor, at: datetime) -> QuerySet[Clip]:
    """Clips and evidence that the actor finds: with the evening, or with a problem shown."""
    evenings = visible_episodes(by, at).values("pk")
    items = visible_items(by, at).values("pk")
    return Clip.objects.filter(Q(episode__in=evenings, item=None) | Q(item__in=items))


def season_for(by: Actor, public_id: str, *, plan: bool = False) -> Season:
    """Fetch a season; its name is everybody's. Raises NotFound, Forbidden.

    An evening of it is planned by whoever makes the evenings of its place or of one below: a
    district's evening may be one of the city's season.
    """
    found = sole(Season.objects.select_related("place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    if plan and not plans_in(by, found):
        raise Forbidden
    return found


def plans_in(by: Actor, season: Season) -> bool:
    """Tell whether the actor makes evenings of this season (its place loaded by the caller)."""
    return may_edit(by) and season_places(by, season).exists()


def season_places(by: Actor, season: Season) -> QuerySet[Place]:
    """Places of whose evenings the actor may plan one in this season."""
    return edited_places(by).filter(path__startswith=season.place.path)


def evenings_of(by: Actor, season: Season, at: datetime) -> QuerySet[Episode]:
    """Evenings of a season that its readers find, and those the actor makes."""
    return season.episodes.filter(aired(at) | _edited(by, "place__path"))


def episode_for(
    by: Actor, public_id: str, verb: EpisodeVerb = "view", *, at: datetime, lock: bool = False
) -> Episode:
    """Fetch an evening for an act. Raises NotFound out of sight, Forbidden."""
    if lock:
        hold_row(Episode, public_id=public_id)
    rows = visible_episodes(by, at).select_related("season", "place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "edit":
        check_edits(by, found.place)
    if verb == "judge":
        juror_of(by, found)
    return found


def item_for(
    by: Actor, public_id: str, verb: ItemVerb = "view", *, at: datetime, lock: bool = False
) -> EpisodeItem:
    """Fetch a problem for an act; locked together with its evening. Raises NotFound, Forbidden."""
    if lock:  # the evening alone: what closes a matter holds that one first, then its problems
        of = Episode.objects.filter(items__public_id=public_id).values_list("pk", flat=True)
        hold_row(Episode, pk=of.first())
    rows = visible_items(by, at).select_related(
        "episode__season", "episode__place", "body", "matter__concerns", "matter__lead"
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    place = found.episode.place
    if verb == "edit":
        check_edits(by, place)
    if verb == "look" and not by.system and not covers(by.places(*LOOKERS), place.path):
        raise Forbidden
    if verb == "judge":
        juror_of(by, found.episode)
    return found


def looks(by: Actor, item: EpisodeItem) -> bool:
    """Tell whether the actor goes to look at a problem again, before it is said what was found."""
    return bool(by.system) or covers(by.places(*LOOKERS), item.episode.place.path)


def juror_of(by: Actor, episode: Episode) -> Juror:
    """Give the actor's seat on an evening's jury. Raises Forbidden."""
    found = Juror.objects.filter(episode=episode, account=by.account_id).first()
    if by.account_id is None or found is None:
        raise Forbidden
    return found


def clip_for(by: Actor, public_id: str, *, at: datetime, edit: bool = False) -> Clip:
    """Fetch a clip. Raises NotFound, Forbidden."""
    rows = visible_clips(by, at).select_related("episode__place", "attachment")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if edit:
        check_edits(by, found.episode.place)
    return found


def matter_by_receipt(by: Actor, receipt: str, at: datetime) -> Matter:
    """Fetch a matter that an editor may bring on: their own crew's, or one on the public board.

    Raises NotFound.
    """
    number = receipt.strip().upper()
    for rows in (withheld_matters(by, at), public_matters(at)):
        found = sole(rows.filter(receipt=number))
        if found is not None:
            return found
    raise NotFound
