"""Clips and evidence of an evening: linked or uploaded, with subtitles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from groundwork.base import attachments, clock, trail
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Clip, EpisodeItem
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.live.rules.media import check_captions

CLIP = "campaigns.clip"
# What a browser shows of itself, and papers; no sound without a picture.
ALLOWED = (attachments.MP4, attachments.PDF, attachments.DOCX, *attachments.IMAGES)


@dataclass(frozen=True)
class ClipPlan:
    """A clip: a link, or the bytes of a file with its name."""

    title: str
    kind: str = Clip.Kind.CLIP
    item: EpisodeItem | None = None
    url: str = ""
    content: bytes = b""
    name: str = ""
    subtitles: str = ""


@transaction.atomic
def add_clip(episode_id: str, plan: ClipPlan, *, by: Actor, at: datetime | None = None) -> Clip:
    """Add a clip at the end. Raises OneSource, BadLink, TooMany, or what a bad file says."""
    at = at or clock.now()
    episode = policy.episode_for(by, episode_id, "edit", at=at, lock=True)
    if bool(plan.url.strip()) == bool(plan.content):
        raise rules.OneSource
    if plan.item is not None and plan.item.episode_id != episode.pk:
        raise rules.WrongState
    if episode.clips.count() >= rules.MOST_CLIPS:
        raise rules.TooMany(most=rules.MOST_CLIPS)
    subtitles = plan.subtitles.replace("\r\n", "\n").removeprefix("\ufeff")
    if subtitles:
        check_captions(subtitles)
    last = episode.clips.aggregate(n=Max("order"))["n"]
    made = Clip.objects.create(
        episode=episode,
        item=plan.item,
        kind=plan.kind,
        title=rules.clean_words(plan.title, least=2, most=rules.LONGEST_TITLE),
        order=0 if last is None else last + 1,
        url=rules.check_link(plan.url) if plan.url.strip() else "",
        attachment=attachments.store(plan.content, name=plan.name, by=by, at=at, allowed=ALLOWED)
        if plan.content
        else None,
        subtitles=subtitles,
        added_at=at,
    )
    trail.record(by, "add", CLIP, made.public_id, at=at)
    return made


@transaction.atomic
def drop_clip(clip_id: str, *, by: Actor, at: datetime | None = None) -> Clip:
    """Take a clip away; its file goes with it."""
    at = at or clock.now()
    clip = policy.clip_for(by, clip_id, at=at, edit=True)
    stored = clip.attachment
    trail.record(by, "drop", CLIP, clip.public_id, at=at)
    clip.delete()
    if stored is not None:
        attachments.erase_content(stored)
    return clip
