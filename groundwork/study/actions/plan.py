"""What a planner fills in: one value for forms, copies, whole terms and the demo city."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from groundwork.base import text
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.tree import covers
from groundwork.registry.models import Body, Person, Priority
from groundwork.study.models import (
    Broadcast,
    Evening,
    EveningSpeaker,
    Material,
    Programme,
    Room,
    Series,
    Topic,
)
from groundwork.study.policy.evening import plans_anywhere, plans_for, visible_evenings
from groundwork.study.rules import evening as rules


@dataclass(frozen=True)
class SpeakerPlan:
    """Who speaks on what; `person` where the registry knows them."""

    name: str
    subject: str = ""
    person: Person | None = None


@dataclass(frozen=True)
class EveningPlan:
    """An evening as it is planned. Bodies come with their `place` loaded."""

    title: str
    host: Body
    theme: str
    form: str
    led_by: str
    starts_at: datetime
    ends_at: datetime
    audience: tuple[Body, ...]
    topic: Topic | None = None
    programme: Programme | None = None
    series: Series | None = None
    parent: Evening | None = None
    broadcast: str = ""  # of models.Broadcast
    live_url: str = ""  # of an outside broadcast
    public: bool = False
    note: str = ""
    materials: tuple[Material, ...] = ()
    priorities: tuple[Priority, ...] = ()
    speakers: tuple[SpeakerPlan, ...] = ()
    rooms: tuple[tuple[Body, str, int | None], ...] = ()  # body, name, capacity

    def tidied(self) -> EveningPlan:
        """Fold what was typed. An address makes the broadcast an outside one, and only that one."""
        kind = self.broadcast or (Broadcast.OUTSIDE if self.live_url else Broadcast.NONE)
        return replace(
            self,
            title=text.line(self.title),
            note=self.note.strip(),
            broadcast=str(kind),
            live_url=self.live_url if kind == Broadcast.OUTSIDE else "",
        )


# The plain columns that a plan writes, one to one.
COLUMNS = (
    "title",
    "host",
    "theme",
    "form",
    "led_by",
    "starts_at",
    "ends_at",
    "topic",
    "programme",
    "series",
    "parent",
    "broadcast",
    "live_url",
    "public",
    "note",
)


def check_plan(plan: EveningPlan, by: Actor) -> None:
    """Hold a plan to scope and rules that even a draft keeps. Raises Forbidden or RuleBroken."""
    if not plans_anywhere(by):
        _check_scope(plan, by)
    if plan.ends_at <= plan.starts_at:
        raise rules.EndsBeforeStart
    if plan.topic is not None and plan.topic.theme != plan.theme:
        raise rules.TopicOfOtherTheme(topic=plan.topic.name)


def _check_scope(plan: EveningPlan, by: Actor) -> None:
    """Hold host, audience, rooms and the evening above to what the actor plans or sees."""
    if not all(plans_for(by, body) for body in (plan.host, *plan.audience)):
        raise Forbidden
    invited = [body.path for body in (plan.host, *plan.audience)]
    if not all(covers(invited, body.path) or plans_for(by, body) for body, *_ in plan.rooms):
        raise Forbidden
    if plan.parent is not None and not visible_evenings(by).filter(pk=plan.parent.pk).exists():
        raise Forbidden


def speakers_of(evening: Evening, plan: EveningPlan) -> list[EveningSpeaker]:
    """Make the rows of a plan's speakers."""
    return [
        EveningSpeaker(
            evening=evening,
            order=i,
            person=speaker.person,
            name=text.line(speaker.name),
            subject=text.line(speaker.subject),
        )
        for i, speaker in enumerate(plan.speakers, 1)
    ]


def plan_of(evening: Evening) -> EveningPlan:
    """Read an evening back as a plan."""
    rooms = Room.objects.filter(evening=evening).select_related("body").order_by("id")
    return EveningPlan(
        **{name: getattr(evening, name) for name in COLUMNS},
        audience=tuple(evening.audience.select_related("place")),
        materials=tuple(evening.materials.all()),
        priorities=tuple(evening.priorities.all()),
        speakers=tuple(
            SpeakerPlan(s.name, s.subject, s.person)
            for s in evening.speakers.select_related("person")
        ),
        rooms=tuple((room.body, room.name, room.capacity) for room in rooms),
    )
