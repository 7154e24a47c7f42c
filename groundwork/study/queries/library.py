"""The library: materials by words, theme and topic."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse

from groundwork.base import search as index
from groundwork.base.actor import Actor
from groundwork.base.listing import Hit, Listing, page_by_key
from groundwork.study.models import Evening, Material, Topic
from groundwork.study.policy.evening import (
    plannable_bodies,
    plans_for,
    visible_evenings,
    visible_material,
)

KIND = "study.material"


def materials(
    by: Actor, *, q: str = "", theme: str = "", topic: str = "", after: str = ""
) -> Listing[Material]:
    """List the library, the newest first; `topic` is a public id."""
    rows = visible_material(by).select_related("topic", "host", "attachment")
    if q:
        rows = rows.filter(pk__in=index.matching(KIND, q))
    if theme:
        rows = rows.filter(theme=theme)
    if topic:
        rows = rows.filter(topic__public_id=topic)
    return page_by_key(rows, ("-added_at", "-id"), after, size=30)


@dataclass(frozen=True)
class MaterialPage:
    """What a material's page shows."""

    material: Material
    evenings: list[Evening]
    may_edit: bool


def material_page(by: Actor, material: Material) -> MaterialPage:
    """Read a material with the evenings it was studied on."""
    used = visible_evenings(by).filter(materials=material).select_related("host")
    return MaterialPage(
        material=material,
        evenings=list(used.order_by("-starts_at", "-id")[:20]),
        may_edit=plans_for(by, material.host),
    )


def topics_in_use() -> QuerySet[Topic]:
    """List all topics with how many materials each has."""
    return Topic.objects.annotate(n=Count("material")).order_by("theme", "id")


def may_add(by: Actor) -> bool:
    """Tell whether the reader may put something into the library."""
    return plannable_bodies(by).exists()


def search(by: Actor, q: str, limit: int) -> list[Hit]:
    """Find materials by their words."""
    found = visible_material(by).filter(pk__in=index.matching(KIND, q)).select_related("topic")
    return [
        Hit(
            KIND,
            material.title,
            reverse("study:material", args=[material.public_id]),
            str(material.topic or material.get_theme_display()),
        )
        for material in found.order_by("-added_at", "-id")[:limit]
    ]
