"""Write the demo city's assistance projects: who was sent where, milestones, notes, one ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from groundwork.base.actor import Actor
from groundwork.base.clock import day_of
from groundwork.campaigns.actions import projects
from groundwork.campaigns.models import Project
from groundwork.registry.models import Body, Person

# name, host, what it is to achieve, as what somebody is sent, milestones, a note, what was said
PLANS = (
    (
        "对口帮扶凉山", "凉山州昭觉县解放乡", "三年里让乡里的学校自己开得出科学课。", "挂职副乡长",
        ("实验室开起来", "本地老师自己上课"), "把捐来的仪器清点登记，缺的列了单子。",
        "孩子回家说今天自己点亮了灯泡。",
    ),
    (
        "驻村助农", "宁海县深甽镇马岙村", "让村里的笋和茶自己有销路。", "驻村第一书记",
        ("合作社登记", "第一批订单发出"), "和合作社的人一起跑了两家超市。",
        "以前烂在山上，今年有人来收了。",
    ),
)  # fmt: skip
OUTCOME = "合作社自己接单、自己发货，村里留下两名会做账的年轻人。"


def write_projects(own: Body, people: Sequence[Person], now: datetime, *, by: Actor) -> int:
    """Send two of a unit's people; the second project has ended. Give how many there are."""
    sent = [one for one in people if one.unit_id == own.pk and one.status == "on_roll"]
    for n, (plan, person) in enumerate(zip(PLANS, sent, strict=False)):
        _project(own, person, plan, now, by, ended=n == 1)
    return min(len(PLANS), len(sent))


def _project(
    own: Body,
    person: Person,
    plan: tuple[str, str, str, str, tuple[str, str], str, str],
    now: datetime,
    by: Actor,
    *,
    ended: bool,
) -> Project:
    name, host, aims, task, stones, wrote, said = plan
    first, at = day_of(now) - timedelta(days=200), now - timedelta(days=200)
    last = first + timedelta(days=420)
    made = projects.start_project(
        projects.ProjectPlan(name, own, host, aims, first, last), by=by, at=at
    )
    ids = [
        projects.add_milestone(
            made.public_id, what, first + timedelta(days=90 + 160 * n), by=by, at=at
        ).public_id
        for n, what in enumerate(stones)
    ]
    projects.send_person(made.public_id, person, task, first, by=by, at=at)
    there = Actor(person_id=person.pk, display_name=person.name)
    for kind, text in (("note", wrote), ("resident", said)):
        note = projects.NotePlan(kind, day_of(now) - timedelta(days=20), text)
        projects.write_note(made.public_id, note, by=there, at=now - timedelta(days=19))
    for stone in ids if ended else ids[:1]:
        settled = now - timedelta(days=12)
        projects.settle_milestone(
            made.public_id, stone, "reach", "按期做到，有照片和登记为证", by=there, at=settled
        )
    if ended:
        projects.end_project(made.public_id, OUTCOME, by=by, at=now - timedelta(days=5))
    return made
