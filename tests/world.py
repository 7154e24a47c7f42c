"""One of everything around the cast, so that every address has something to open.

Made through the city's own actions, as of a moment `at` which is some minutes into tonight's
evening: what the walker, the language test and the browser see could have happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from groundwork.access.models import Notice, Remark
from groundwork.base.actor import NOBODY, system
from groundwork.matters.actions.knocking import Sender
from groundwork.registry.actions import upload_import
from groundwork.registry.models import Body, Priority
from groundwork.study.actions.evening import create_evening
from groundwork.study.actions.hall import ask_question
from groundwork.study.actions.leave import ask_leave
from groundwork.study.actions.plan import EveningPlan, SpeakerPlan
from groundwork.study.actions.publishing import publish_evening
from groundwork.study.actions.roll import Row, record_rolls_many, sign_in
from groundwork.study.actions.sheet import close_sheet
from groundwork.study.models import Evening, Material, Programme, QuizQuestion, Series, Topic
from tests import (
    world_campaigns,
    world_discussion,
    world_duty,
    world_figures,
    world_inquiry,
    world_ledger,
    world_live,
    world_projects,
    world_voices,
)
from tests.cast import Cast
from tests.sheets import people_sheet

CITY = system("tests")


class Things(dict[str, Any]):
    """Things by name. Raises ValueError for a second one of a name: rows would open the wrong."""

    def __setitem__(self, name: str, thing: Any) -> None:
        if name in self and self[name] != thing:
            raise ValueError(f"the world has a {name!r} already")
        super().__setitem__(name, thing)


@dataclass
class World:
    """The cast, and things by name: `world["tonight"]` is under way, published by the city."""

    cast: Cast
    at: datetime
    things: Things = field(default_factory=Things)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]


def build(cast: Cast, at: datetime) -> World:
    """Write one of everything."""
    world = World(cast, at)
    world.things |= {f"person:{who}": person for who, person in cast.people.items()}
    world.things |= {f"body:{key}": body for key, body in cast.bodies.items()}
    world.things |= {f"place:{key}": place for key, place in cast.places.items()}
    world.things |= {f"account:{who}": account for who, account in cast.accounts.items()}
    world.things |= {f"grant:{who}": grant for who, grant in cast.grants.items()}
    _library(world)
    _evenings(world)
    _rolls(world)
    _words(world)
    world_ledger.build(world)
    world_duty.build(world)
    world_live.build(world)
    world_voices.build(world)
    world_campaigns.build(world)
    world_projects.build(world)
    world_discussion.build(world)
    world_figures.build(world)
    world_inquiry.build(world)
    world.things["import"] = upload_import(
        people_sheet(), name="九月新进.xlsx", kind="people", by=cast.actor("clerk"), at=at
    )
    return world


def _library(world: World) -> None:
    bodies, day = world.cast.bodies, world.at.date()
    world.things["topic"] = Topic.objects.filter(theme="political").first() or Topic.objects.create(
        theme="political", name="经济"
    )
    world.things["priority"] = Priority.objects.create(
        name="优化营商环境", valid_from=day - timedelta(days=200)
    )
    world.things["programme"] = Programme.objects.create(
        name="2026年下半年周二夜学",
        host=bodies["bureau"],
        starts=day - timedelta(days=120),
        ends=day + timedelta(days=60),
        aim="每周二，学理论、学业务、学先进。",
    )
    world.things["series"] = Series.objects.create(
        name="甬江科创巡回宣讲", host=bodies["bureau"], created_at=world.at
    )
    world.things["material"] = Material.objects.create(
        title="数字经济读本",
        theme="political",
        topic=world["topic"],
        host=bodies["bureau"],
        summary="数字产业化与产业数字化。",
        link="https://www.example.gov.cn/reader",
        added_at=world.at,
    )


def plan(world: World, title: str, host: str, starts_at: datetime, **changes: Any) -> EveningPlan:
    """Plan an evening of 95 minutes for the whole of the host's part of the tree."""
    body: Body = world.cast.bodies[host]
    values: dict[str, Any] = {
        "theme": "political",
        "form": "systematic",
        "led_by": "central_group",
        "audience": (body,),
        "topic": world["topic"],
    }
    return EveningPlan(
        title=title,
        host=body,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=95),
        **(values | changes),
    )


def held(world: World, made: EveningPlan) -> Evening:
    """Draft and publish an evening, five days before it begins."""
    early = made.starts_at - timedelta(days=5)
    draft = create_evening(made, by=CITY, at=early)
    return publish_evening(draft.public_id, by=CITY, at=early)


def _evenings(world: World) -> None:
    bodies, begun = world.cast.bodies, world.at - timedelta(minutes=5)
    everybody = (bodies["party"],)
    rooms = (
        (bodies["bureau"], "市行政中心一楼会议厅", 300),
        (bodies["unit"], "教育局三楼会议室", 40),
        (bodies["other_unit"], "水利局会议室", 30),
    )
    world.things["tonight"] = held(
        world,
        plan(
            world,
            "数字经济与宁波制造",
            "bureau",
            begun,
            audience=everybody,
            rooms=rooms,
            programme=world["programme"],
            series=world["series"],
            materials=(world["material"],),
            broadcast="embedded",
            public=True,
            priorities=(world["priority"],),
            speakers=(
                SpeakerPlan("陆明远", "一季度形势", world.cast.people["city_operator"]),
                SpeakerPlan("甬江学院教授", "平台与工厂"),
            ),
        ),
    )
    week = timedelta(days=7)
    world.things["last"] = held(world, plan(world, "安全生产法规", "unit", begun - week))
    world.things["next"] = held(
        world, plan(world, "宪法与依法行政", "bureau", begun + week, audience=everybody)
    )
    for name, host, weeks in (("draft", "bureau", 2), ("unit_draft", "unit", 2)):
        world.things[name] = create_evening(
            plan(world, "基层治理新实践", host, begun + weeks * week), by=CITY, at=world.at
        )
    world.things["question"] = QuizQuestion.objects.create(
        evening=world["tonight"],
        order=1,
        text="数字经济的核心要素是什么？",
        choices=["数据", "土地", "钢铁"],
        right=0,
        why="数据是新型生产要素。",
    )
    world.things["asked"] = ask_question(
        world["tonight"].public_id,
        "小企业没有自己的技术员，数字化从哪里开始？",
        sender=Sender("a browser", "10.1.2.3"),
        by=NOBODY,
        at=world.at,
    )


def _rolls(world: World) -> None:
    cast, at = world.cast, world.at
    for evening in ("tonight", "last", "next"):
        for key in ("unit", "other_unit", "bureau", "street"):
            sheet = world[evening].sheets.filter(body=cast.bodies[key]).first()
            if sheet is not None:
                world.things[f"sheet:{evening}:{key}"] = sheet
    rooms = {room.body_id: room for room in world["tonight"].rooms.all()}
    for key in ("bureau", "unit", "other_unit"):
        world.things[f"room:{key}"] = rooms[cast.bodies[key].pk]
    for who in ("colleague", "clerk"):
        room = world["room:unit"]
        sign_in(room.public_id, scanned_at=at, source="qr", by=cast.actor(who), at=at)
    unit = cast.bodies["unit"].pk
    then = world["last"].starts_at
    came = [
        cast.people[who] for who in ("staff", "colleague", "unit_secretary", "branch_secretary")
    ]
    record_rolls_many(
        world["last"], [Row(person.pk, unit, "qr", then) for person in came], by=CITY, at=then
    )
    close_sheet(
        world["sheet:last:unit"].public_id,
        {cast.people["clerk"].public_id: "duty"},
        by=cast.actor("unit_secretary"),
        at=then + timedelta(hours=3),
    )
    world.things["leave"] = ask_leave(
        world["next"].public_id, "travel", by=cast.actor("staff"), at=at
    )


def _words(world: World) -> None:
    account, at = world.cast.accounts["staff"], world.at
    world.things["notice"] = Notice.objects.create(
        account=account,
        kind="test",
        key="test:1",
        text="下周二夜学改到三楼。",
        url="/",
        created_at=at,
    )
    world.things["remark"] = Remark.objects.create(
        account=account, page="/", text="字再大一点就好了。", created_at=at
    )
