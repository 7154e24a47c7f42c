"""Keep the library of materials and the list of topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import attachments, clock, search, text, trail
from groundwork.base.actor import Actor
from groundwork.base.models import Attachment
from groundwork.registry.models import Body
from groundwork.study.models import Material, Topic
from groundwork.study.policy.evening import material_for, require_planner, require_topics
from groundwork.study.rules import evening as rules
from groundwork.study.rules.library import NothingToRead, TopicTwice

KIND = "study.material"


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    content: bytes


@transaction.atomic
def add_material(
    *,
    title: str,
    theme: str,
    host: Body,
    topic: Topic | None = None,
    link: str = "",
    summary: str = "",
    upload: Upload | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Material:
    """Put something to study into the library. Raises NothingToRead without file, link or text."""
    at = at or clock.now()
    require_planner(by, host)
    _check(theme, topic, bool(upload or link or summary.strip()))
    material = Material.objects.create(
        title=text.line(title),
        theme=theme,
        topic=topic,
        host=host,
        link=link,
        summary=summary.strip(),
        attachment=_keep(upload, by, at),
        added_at=at,
    )
    _index(material)
    trail.record(by, "create", KIND, material.public_id, at=at)
    return material


@transaction.atomic
def edit_material(
    public_id: str,
    *,
    title: str,
    theme: str,
    topic: Topic | None = None,
    link: str = "",
    summary: str = "",
    upload: Upload | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Material:
    """Change a material; a new file replaces the old one, no file leaves it."""
    at = at or clock.now()
    material = material_for(by, public_id, "edit", lock=True)
    has_text = bool(upload or material.attachment_id or link or summary.strip())
    _check(theme, topic, has_text)
    material.title, material.theme, material.topic = text.line(title), theme, topic
    material.link, material.summary = link, summary.strip()
    fields = ["title", "theme", "topic", "link", "summary"]
    if upload is not None:
        material.attachment = _keep(upload, by, at)
        fields.append("attachment")
    material.save(update_fields=fields)
    _index(material)
    trail.record(by, "edit", KIND, public_id, fields, at=at)
    return material


def _check(theme: str, topic: Topic | None, has_text: bool) -> None:
    if topic is not None and topic.theme != theme:
        raise rules.TopicOfOtherTheme(topic=topic.name)
    if not has_text:
        raise NothingToRead


def _keep(upload: Upload | None, by: Actor, at: datetime) -> Attachment | None:
    if upload is None:
        return None
    return attachments.store(upload.content, name=upload.name, by=by, at=at)


def _index(material: Material) -> None:
    topic = material.topic.name if material.topic else ""
    file = material.attachment.name if material.attachment else ""
    search.index(KIND, material.pk, [material.title, material.summary, topic, file])


@transaction.atomic
def add_topic(*, theme: str, name: str, by: Actor, at: datetime | None = None) -> Topic:
    """Add a topic to the city's list. Raises Forbidden, TopicTwice."""
    require_topics(by)
    name = text.line(name)
    topic, new = Topic.objects.get_or_create(theme=theme, name=name)
    if not new:
        raise TopicTwice(name=name)
    trail.record(by, "create", "study.topic", topic.public_id, at=at)
    return topic
