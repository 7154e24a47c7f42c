"""What records name, listed one by one: people, units, evenings; named to who may know them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Episode
from groundwork.figures.policy import bodies_read
from groundwork.figures.queries.source import Line, Thing
from groundwork.registry.models import Body, Person
from groundwork.study.models import Evening
from groundwork.study.policy.evening import visible_evenings


def _named_in_records(rows: QuerySet[Any], by: Actor, opened: Q) -> QuerySet[Any]:
    """Something is named to who may open one of the records that name it."""
    return rows.filter(opened)


def _evening_line(evening: Evening) -> Line:
    day, url = clock.day_of(evening.starts_at), reverse("study:evening", args=[evening.public_id])
    return Line(evening.title, str(evening.host), day, url)


PEOPLE = Thing(
    name=_("不同的人"),
    rows=Person.objects.all,
    line=lambda person: Line(person.name, str(person.unit), None),
    readable=_named_in_records,
    order=("sort_key", "pk"),
    beside=("unit",),
)
BODIES = Thing(
    name=_("不同的单位"),
    rows=Body.objects.all,
    line=lambda body: Line(body.name, body.code, None),
    readable=lambda rows, by, opened: rows.filter(bodies_read(by)),
    order=("path",),
)
EVENINGS = Thing(
    name=_("不同的夜学"),
    rows=Evening.objects.all,
    line=_evening_line,
    readable=lambda rows, by, opened: rows.filter(pk__in=visible_evenings(by).values("pk")),
    order=("-starts_at", "-pk"),
    beside=("host",),
)
UNITS_ON_AIR = replace(BODIES, readable=_named_in_records)  # what was broadcast is everybody's


def _episode_line(episode: Episode) -> Line:
    day = clock.day_of(episode.airs_at)
    url = reverse("campaigns:inquiry_episode", args=[episode.public_id])
    return Line(episode.title, str(episode.place), day, url)


EPISODES = Thing(
    name=_("不同的节目"),
    rows=Episode.objects.all,
    line=_episode_line,
    readable=_named_in_records,
    order=("-airs_at", "-pk"),
    beside=("place",),
)
