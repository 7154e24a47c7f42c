"""An assistance project of 海曙区教育局, to which the cast's staff member was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groundwork.base import clock
from groundwork.campaigns.actions import projects
from tests.world_ledger import picture

if TYPE_CHECKING:
    from tests.world import World


def build(world: World) -> None:
    """Start it, send somebody, say what is to stand by when, write down two things."""
    cast, at = world.cast, world.at
    chief, day = cast.actor("unit_secretary"), clock.day_of(at)
    plan = projects.ProjectPlan(
        "结对山村小学", cast.bodies["unit"], "凉山州昭觉县解放乡中心校",
        "三年里让学校自己开得出科学课。", day - timedelta(days=30), day + timedelta(days=300),
        means="图书三百册，捐款由教育基金会转交",
    )  # fmt: skip
    made = projects.start_project(plan, by=chief, at=at)
    sent = projects.send_person(
        made.public_id, cast.people["staff"], "挂职副校长", day, by=chief, at=at
    )
    stone = projects.add_milestone(
        made.public_id, "实验室开起来", day + timedelta(days=60), by=chief, at=at
    )
    own = cast.actor("staff")
    done = projects.NotePlan("note", day, "把仪器一件件清点登记，缺的列了单子。", picture())
    said = projects.NotePlan("resident", day, "孩子回家说今天自己点亮了灯泡。")
    projects.write_note(made.public_id, said, by=own, at=at)
    world.things |= {
        "project": made,
        "posting": sent,
        "milestone": stone,
        "note": projects.write_note(made.public_id, done, by=own, at=at),
    }
