"""The television inquiry as everybody reads it: seasons, evenings, one problem with its history.

What may be found is the policy's; nothing here is ordered by how it came out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import Count, Rate
from groundwork.campaigns.models import Clip, Episode, EpisodeItem, Revisit, Season
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.matters.models import Matter, Verdict
from groundwork.matters.policy.own import on_board
from groundwork.matters.queries.rates import Satisfaction, rates_of
from groundwork.matters.queries.timeline import NOW, STATE_TONES, timeline
from groundwork.matters.rules.states import CLOSED, CONFIRMED

PAGE = 40
IN_ORDER = ("episode__airs_at", "episode__id", "order", "id")
TONES = {"planned": "plain", "voting": "act", "following": "due", "closed": "ok"}
FOUND_TONES = {"fine": "ok", "partly": "due", "back": "late"}
SENTENCES: dict[str, Promise] = {
    "put": _("列入节目。"),
    "show": _("播出以前请被问单位准备。"),
    "hide": _("播出以前不再给被问单位看。"),
    "promise": _("单位在节目里作了承诺。"),
    "voted": _("评议员表了态。"),
}


def seasons(after: str = "") -> Listing[Season]:
    """List seasons, the newest first; their names are everybody's."""
    rows = Season.objects.select_related("place")
    return page_by_key(rows, ("-first_day", "-id"), after, size=PAGE)


@dataclass(frozen=True)
class Line:
    """A problem in a list: where it stands, what its jury said."""

    item: EpisodeItem
    state: str
    tone: str
    jury: Rate | None


def line_of(item: EpisodeItem) -> Line:
    """Tell a problem in a line; its state is the ledger's."""
    matter = item.matter
    tone = STATE_TONES.get(matter.state, "plain")
    return Line(item, matter.get_state_display(), tone, jury_of(item))


def jury_of(item: EpisodeItem) -> Rate | None:
    """Give what the jury said of a problem, once it is counted and somebody tapped."""
    if not item.jury_n or item.jury_satisfied is None:
        return None
    return Rate(item.jury_satisfied, item.jury_n)


@dataclass(frozen=True)
class SeasonPage:
    """A season: its problems in the order of broadcast, what their raisers said, all together."""

    season: Season
    episodes: list[Episode]
    lines: list[Line]
    next: str
    problems: Count
    units: Count
    solved: Rate
    words: Satisfaction
    open_only: bool
    edits: bool


def season_page(
    by: Actor, public_id: str, at: datetime, *, open_only: bool = False, after: str = ""
) -> SeasonPage:
    """Read a season as everybody does: what is not broadcast yet is not even counted."""
    season = policy.season_for(by, public_id)
    items = policy.aired_items(at).filter(episode__season=season)
    matters = Matter.objects.filter(pk__in=items.values("matter"))
    counted = matters.values_list("state", flat=True)
    states = list(counted)
    shown = items.exclude(matter__state__in=CLOSED) if open_only else items
    listing = page_by_key(
        shown.select_related("episode", "episode__place", "body", "matter"),
        IN_ORDER,
        after,
        size=PAGE,
    )
    evenings = policy.evenings_of(by, season, at).select_related("place")
    return SeasonPage(
        season=season,
        episodes=list(evenings.order_by("airs_at", "id")),
        lines=[line_of(item) for item in listing.rows],
        next=listing.next,
        problems=Count(len(states)),
        units=Count(items.exclude(body=None).order_by().values("body").distinct().count()),
        solved=Rate(sum(state in CONFIRMED for state in states), len(states)),
        words=rates_of(matters),
        open_only=open_only,
        edits=policy.plans_in(by, season),
    )


@dataclass(frozen=True)
class EpisodePage:
    """An evening: clips, running order; `edits` for its editor, who also sees what is owed."""

    episode: Episode
    aired: bool
    tone: str
    lines: list[Line]
    clips: list[Clip]
    linked: list[Episode]
    edits: bool
    judges: bool
    verbs: list[str]
    jurors: Count
    owed: list[EpisodeItem]  # to be looked at again: the day has come or is near


def episode_page(by: Actor, public_id: str, at: datetime) -> EpisodePage:
    """Read an evening. Raises NotFound before its hour, but for its editor and jury."""
    episode = policy.episode_for(by, public_id, at=at)
    edits = policy.edits(by, episode.place)
    items = policy.visible_items(by, at).filter(episode=episode)
    rows = list(items.select_related("body", "matter").order_by("order", "id"))
    linked = episode.linked.filter(pk__in=policy.visible_episodes(by, at).values("pk"))
    soon = clock.day_of(at) + rules.SOON
    return EpisodePage(
        episode=episode,
        aired=rules.is_aired(episode.state, episode.airs_at, at),
        tone=TONES.get(episode.state, "plain"),
        lines=[line_of(item) for item in rows],
        clips=_clips(policy.visible_clips(by, at).filter(episode=episode, item=None)),
        linked=list(linked.select_related("place", "season").order_by("airs_at", "id")),
        edits=edits,
        judges=episode.jurors.filter(account=by.account_id).exists() if by.account_id else False,
        verbs=[verb for verb in rules.VERBS if edits and _now(episode, verb, at)],
        jurors=Count(episode.jurors.count()),
        owed=[row for row in rows if row.relapse_on and row.relapse_on <= soon] if edits else [],
    )


def _now(episode: Episode, verb: rules.Verb, at: datetime) -> bool:
    """Tell whether a verb of the table makes sense at this hour."""
    if verb == "call_off":
        return rules.can(episode.state, verb) and at < episode.airs_at
    after_hour = verb in ("follow", "close", "reopen")
    return rules.can(episode.state, verb) and (not after_hour or episode.airs_at <= at)


def _clips(rows: QuerySet[Clip]) -> list[Clip]:
    return list(rows.select_related("attachment").order_by("order", "id"))


@dataclass(frozen=True)
class Happened:
    """One thing that happened to a problem: with the programme, or in the ledger."""

    at: datetime
    sentence: str | Promise
    sub: str = ""
    text: str = ""
    tone: str = ""


@dataclass(frozen=True)
class ItemPage:
    """One problem: the same page for everybody who finds it; `acts` are the editor's buttons."""

    item: EpisodeItem
    episode: Episode
    state: str | Promise
    tone: str
    aired: bool
    jury: Rate | None
    said: Verdict | None  # the raiser's own word on the last answer
    late: bool  # the promise's day is over and it is not solved
    clips: list[Clip]
    revisits: list[Revisit]
    happened: list[Happened]
    on_board: bool
    others: list[EpisodeItem]  # the same matter on other evenings
    edits: bool
    looks: bool
    judges: bool


def item_page(by: Actor, public_id: str, at: datetime) -> ItemPage:
    """Read one problem. Raises NotFound."""
    item = policy.item_for(by, public_id, at=at)
    matter, episode = item.matter, item.episode
    board = on_board(matter, at)
    revisits = list(item.revisits.order_by("day", "id"))
    others = policy.visible_items(by, at).filter(matter=matter).exclude(pk=item.pk)
    seat = Q(jurors__account=by.account_id)
    return ItemPage(
        item=item,
        episode=episode,
        state=NOW[matter.state],
        tone=STATE_TONES.get(matter.state, "plain"),
        aired=rules.is_aired(episode.state, episode.airs_at, at),
        jury=jury_of(item),
        said=_word(matter),
        late=item.promise_on is not None
        and item.promise_on < clock.day_of(at)
        and matter.state not in CLOSED,
        clips=_clips(item.clips.all()),
        revisits=revisits,
        happened=_history(item, revisits, at, board=board),
        on_board=board,
        others=list(others.select_related("episode").order_by("episode__airs_at", "id")),
        edits=policy.edits(by, episode.place),
        looks=policy.looks(by, item),
        judges=bool(by.account_id) and Episode.objects.filter(seat, pk=episode.pk).exists(),
    )


def asked_on_air(by: Actor, matter: Matter, at: datetime) -> list[EpisodeItem]:
    """Name the evenings on which a matter was asked, as far as the reader finds them."""
    rows = policy.visible_items(by, at).filter(matter=matter).select_related("episode__place")
    return list(rows.order_by(*IN_ORDER)[:PAGE])


def _word(matter: Matter) -> Verdict | None:
    """Give what the first raiser said of the last answer, as it stands in the ledger."""
    if matter.answered_at is None:
        return None
    said = Verdict.objects.filter(matter=matter, raiser__first=True, at__gte=matter.answered_at)
    return said.exclude(solved=None, satisfied=None).order_by("-round", "-id").first()


def _history(
    item: EpisodeItem, revisits: Iterable[Revisit], at: datetime, *, board: bool
) -> list[Happened]:
    """Tell what television did and, where the public board tells it, what the ledger did."""
    found = [
        Happened(step.at, SENTENCES[step.verb], step.label, step.text)
        for step in item.steps.order_by("id")
    ]
    found += [
        Happened(
            row.at,
            gettext("%(kind)s：%(found)s")
            % {"kind": row.get_kind_display(), "found": row.get_found_display()},
            row.label,
            row.text,
            FOUND_TONES[row.found],
        )
        for row in revisits
    ]
    if board:
        way = timeline(item.matter, None, at)
        found += [
            Happened(entry.at, entry.sentence, entry.body, entry.text, entry.tone)
            for entry in way.whole
        ]
    return sorted(found, key=lambda one: one.at)
