"""What the directory's changes mean for squads, areas and visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from groundwork.base.actor import Actor
from groundwork.registry import signals
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.squads import (
    end_duties,
    end_duties_of_the_moved,
    hand_duties_over,
    move_duties,
)
from groundwork.service.queries import studios
from groundwork.service.queries.community import brief
from groundwork.web.panels import Panel, panel

CHUNK = 500  # people in one statement: a sheet may move a whole district


@panel("community")
def service_of_a_community(place: Place, by: Actor, at: datetime) -> Panel | None:
    """Lay visits, squads and patrols beside what was raised in a community."""
    return Panel("service/community_panel.html", brief(place, at))


@panel("body")
def studios_of_a_body(body: Body, by: Actor, at: datetime) -> Panel | None:
    """Lead from a studio's card to its page, from a unit's card to its studios."""
    if body.kind == Body.Kind.SERVICE_STUDIO:
        known = studios.members_now(by, body)
        found = {"studio": body, "members": known}
        return Panel("service/studio_panel.html", found) if known is not None else None
    below = studios.studios_of(by, body)
    return Panel("service/studio_panel.html", {"studios": below}) if below else None


@receiver(signals.left)
def duties_end_with_work(
    sender: object, *, person: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """End squads and areas of who retired or left."""
    end_duties(person, by=by, at=at)


@receiver(signals.moved)
def duties_stay_with_the_unit(
    sender: object, *, people: Sequence[Person], by: Actor, at: datetime, **kwargs: Any
) -> None:
    """End squads and areas of who works in another unit now."""
    for i in range(0, len(people), CHUNK):
        end_duties_of_the_moved(people[i : i + CHUNK], by=by, at=at)


@receiver(signals.handed_over)
def duties_go_to_the_successor(
    sender: object, *, person: Person, successor: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """Hand squads and areas to the successor."""
    hand_duties_over(person, successor, by=by, at=at)


@receiver(signals.merged)
def duties_follow_a_merged_person(
    sender: object, *, person: Person, into: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """Move what a duplicate record had to the record that stays."""
    move_duties(person, into, by=by, at=at)
