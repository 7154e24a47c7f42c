"""Tell jurors and questioned units that something waits, never what: a notice leaves the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.campaigns.models import Episode, EpisodeItem
from groundwork.matters.queries.keepers import handlers_of

KIND = "campaigns.inquiry"
SHOWN = N_("有一个问政问题请贵单位准备，请登录后查看。播出以前请不要外传。")
PROMISED = N_("贵单位在问政节目里的承诺已记下，请在 %(day)s 以前办到。")
MOVED = N_("问政节目改到 %(when)s 播出。")
OFF = N_("问政节目不播了，问题按平常的办法办。")
JUDGE = N_("问政评议开始了，请打开评议页，一题点一下。")


def tell_unit(item: EpisodeItem, what: str, text: str, *, by: Actor, at: datetime) -> int:
    """Tell those who handle for the questioned unit."""
    if item.body is None:
        return 0
    return notify(
        handlers_of(item.body, at, avoid=item.matter.concerns),
        kind=KIND,
        key=f"{KIND}:{item.public_id}:{what}:{at.timestamp():.0f}",
        text=text,
        url=reverse("campaigns:inquiry_item", args=[item.public_id]),
        params={"day": item.promise_on} if item.promise_on else {},
        by=by,
        at=at,
    )


def tell_jurors(episode: Episode, what: str, text: str, *, by: Actor, at: datetime) -> int:
    """Tell the jury of an evening."""
    return notify(
        list(episode.jurors.values_list("account_id", flat=True)),
        kind=KIND,
        key=f"{KIND}:{episode.public_id}:{what}:{at.timestamp():.0f}",
        text=text,
        url=reverse("campaigns:inquiry_jury", args=[episode.public_id]),
        params=_hour(episode),
        by=by,
        at=at,
    )


def tell_all(
    episode: Episode,
    items: Iterable[EpisodeItem],
    what: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Tell jury and units that know of the evening, each once."""
    tell_jurors(episode, what, text, by=by, at=at)
    told: set[int] = set()
    for item in items:
        if item.shown_at is None or item.body is None or item.body.pk in told:
            continue
        told.add(item.body.pk)
        notify(
            handlers_of(item.body, at, avoid=item.matter.concerns),
            kind=KIND,
            key=f"{KIND}:{episode.public_id}:{what}:{item.body.pk}:{at.timestamp():.0f}",
            text=text,
            url=reverse("campaigns:inquiry_item", args=[item.public_id]),
            params=_hour(episode),
            by=by,
            at=at,
        )


def _hour(episode: Episode) -> dict[str, object]:
    return {"when": episode.airs_at}
