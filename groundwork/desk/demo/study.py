"""Write the demo city's programme, library and evenings through the planner's actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from groundwork.base.actor import Actor
from groundwork.base.clock import local
from groundwork.desk.demo.names import invent
from groundwork.desk.demo.programme import SPEAKER_SUBJECTS, Planned
from groundwork.registry.actions import add_priority
from groundwork.registry.models import Body, Priority
from groundwork.study.actions.evening import cancel_evening, create_evenings
from groundwork.study.actions.library import add_material
from groundwork.study.actions.plan import EveningPlan, SpeakerPlan
from groundwork.study.actions.programme import create_programme
from groundwork.study.actions.publishing import publish_evenings
from groundwork.study.models import Evening, Material, Programme, Topic

PRIORITIES = ("为基层减负", "台风灾后恢复", "企业服务月")
# (theme, topic, title, summary): our own words, no document is quoted.
MATERIALS = (
    (
        "political",
        "党的创新理论",
        "群众工作十问（学习提纲）",
        "到群众家里先做什么、后做什么；听到难处怎么记、怎么回。供支部讨论用的十个问题。",
    ),
    (
        "political",
        "形势政策",
        "为基层减负：哪些表不该再报",
        "一张清单：已有数据能代替的报表、可以合并的会议、不再要求的留痕。",
    ),
    (
        "political",
        "党史",
        "四明山根据地的群众路线（阅读材料）",
        "三个小故事和四个讨论题，适合微型党课。",
    ),
    (
        "professional",
        "经济",
        "怎样看懂一张经济运行表",
        "同比和环比、当月和累计、可比口径：五分钟看懂月报。",
    ),
    (
        "professional",
        "法律",
        "行政复议的新变化（窗口人员版）",
        "受理范围、期限和答复怎么写，附常见错误。",
    ),
    (
        "professional",
        "应急安全",
        "台风夜值守手册（摘编）",
        "预警分级、人员转移、信息报送，各用一页纸说清楚。",
    ),
)
AHEAD = timedelta(days=6)  # evenings are published in the week before


def write_evenings(
    planned: Sequence[Planned],
    bodies: dict[str, Body],
    programme: Programme,
    priorities: Sequence[Priority],
    library: dict[tuple[str, str], Material],
    *,
    by: Actor,
    rng: Random,
) -> dict[str, Evening]:
    """Write evenings, publish them in the week before, cancel what was cancelled."""
    topics = {(topic.theme, topic.name): topic for topic in Topic.objects.all()}
    written: dict[str, Evening] = {}
    for rows in _by_start(planned):
        at = min(row.starts for row in rows) - AHEAD
        for tier in (
            [row for row in rows if not row.parent],
            [row for row in rows if row.parent],
        ):
            plans = [
                _plan(row, bodies, written, programme, topics, priorities, library, rng)
                for row in tier
            ]
            made = create_evenings(plans, by=by, at=at)
            written.update({row.key: e for row, e in zip(tier, made, strict=True)})
            told = [written[row.key].public_id for row in tier if row.state != "draft"]
            if told:
                publish_evenings(told, by=by, at=at)
        for row in rows:
            if row.state == "cancelled":
                cancel_evening(
                    written[row.key].public_id,
                    reason=row.reason,
                    by=by,
                    at=row.starts - timedelta(hours=6),
                )
    return written


def _by_start(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Group evenings by their start; those under another one come with it, whenever they start."""
    start_of = {row.key: row.starts for row in planned}
    days: dict[datetime, list[Planned]] = {}
    for row in planned:
        days.setdefault(start_of.get(row.parent, row.starts), []).append(row)
    return [days[start] for start in sorted(days)]


def _plan(
    row: Planned,
    bodies: dict[str, Body],
    written: dict[str, Evening],
    programme: Programme,
    topics: dict[tuple[str, str], Topic],
    priorities: Sequence[Priority],
    library: dict[tuple[str, str], Material],
    rng: Random,
) -> EveningPlan:
    material = library.get((row.theme, row.topic))
    return EveningPlan(
        title=row.title,
        host=bodies[row.host],
        theme=row.theme,
        form=row.form,
        led_by=row.led_by,
        starts_at=row.starts,
        ends_at=row.ends,
        audience=tuple(bodies[code] for code in row.audience),
        topic=topics.get((row.theme, row.topic)),
        programme=None if row.parent else programme,
        parent=written[row.parent] if row.parent else None,
        broadcast=row.broadcast,
        public=row.public,
        priorities=tuple(priorities[:1]) if material else (),
        materials=(material,) if material else (),
        speakers=tuple(
            SpeakerPlan(invent(rng), subject) for subject in SPEAKER_SUBJECTS[: row.speakers]
        ),
        rooms=tuple((bodies[code], name, None) for code, name in row.rooms.items()),
    )


def write_programme(host: Body, until: date, *, by: Actor) -> Programme:
    """Announce the programme of the half years before and after `until`."""
    starts, ends = until - timedelta(days=365), until + timedelta(days=182)
    return create_programme(
        name=f"周二夜学（{starts.year}年{starts.month}月至{ends.year}年{ends.month}月）",
        host=host,
        starts=starts,
        ends=ends,
        aim="每周二晚学一次：学政治理论，学业务知识，学完能用到群众身上。",
        by=by,
        at=local(starts, time(9)),
    )


def write_priorities(until: date, *, by: Actor) -> list[Priority]:
    """Write the city's central tasks, which an evening may name."""
    since = until - timedelta(days=200)
    at = local(since, time(9))
    return [add_priority(name=name, valid_from=since, by=by, at=at) for name in PRIORITIES]


def write_library(host: Body, until: date, *, by: Actor) -> dict[tuple[str, str], Material]:
    """Fill the library; give its materials by theme and topic."""
    topics = {(topic.theme, topic.name): topic for topic in Topic.objects.all()}
    at = local(until - timedelta(days=200), time(9))
    return {
        (theme, topic): add_material(
            title=title,
            theme=theme,
            host=host,
            topic=topics.get((theme, topic)),
            summary=summary,
            by=by,
            at=at,
        )
        for theme, topic, title, summary in MATERIALS
    }
