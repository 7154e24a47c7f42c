"""Plan a year of Tuesday nights: plain values, no I/O.

Half a year of evenings for the whole city with their rolls; before that a pilot of monthly
evenings in a few units; then next Tuesday and two drafts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from groundwork.base.clock import local
from groundwork.base.workdays import Calendar
from groundwork.study.rules.evening import default_days

STARTS, ENDS = time(18, 15), time(19, 50)
WEEKS = 26
NIGHT, VIEWERS = date(2020, 5, 19), 1_200_000
LEAD, OPEN_FOR = timedelta(minutes=10), timedelta(hours=4)  # the evening to try out
OWN_SHARE = 0.01  # of the units hold their own evening under the city's on one Tuesday

# (theme, topic, title)
CITY = (
    ("political", "党的创新理论", "学原文悟原理：做好群众工作"),
    ("professional", "经济", "读懂全市经济运行月报"),
    ("political", "党史", "四明山上的群众路线"),
    ("professional", "法律", "行政复议法新变化与机关应对"),
    ("political", "形势政策", "传达学习：为基层减负若干规定"),
    ("professional", "科技", "人工智能进机关：能做什么、不能做什么"),
    ("political", "党章党规党纪", "以案说纪：身边的小微权力"),
    ("professional", "经济", "世界一流强港与我们的岗位"),
    ("political", "党的创新理论", "枫桥经验在社区"),
    ("professional", "应急安全", "台风天谁在岗：防汛防台实务"),
    ("political", "形势政策", "传达学习：全市机关党建工作会议"),
    ("professional", "数字化改革", "一件事一次办：从群众角度走流程"),
    ("political", "党史", "镇海口：一座城的海防记忆"),
)
SALONS = (
    ("professional", "窗口上的一天：老同志说难题", "salon", "office"),
    ("political", "微型党课：我身边的党员", "micro_lesson", "branch"),
    ("professional", "到社区去：居家养老现场看一看", "on_site", "youth_groups"),
    ("political", "青年读书会：调查研究怎么做", "salon", "youth_groups"),
)
NEXT = ("political", "形势政策", "专题巡回宣讲：全市机关专场")
DRAFTS = (
    ("professional", "经济", "年末冲刺：企业服务怎么更近一步"),
    ("political", "党章党规党纪", "岁末年初廉政提醒"),
)
SPEAKER_SUBJECTS = (
    "一线的三件小事",
    "把政策讲成家常话",
    "从一封信访信说起",
    "网格里的人情味",
    "企业为什么不爱来机关",
    "加班之后的反思",
    "老旧小区加装电梯的难处",
    "年轻人愿意听什么",
)


@dataclass(frozen=True)
class Planned:
    """One evening before it is written. `host` and `audience` are codes of bodies."""

    key: str
    title: str
    theme: str
    topic: str
    form: str
    led_by: str
    starts: datetime
    ends: datetime
    host: str
    audience: tuple[str, ...]
    state: str = "closed"
    parent: str = ""
    tuesday: date | None = None  # where it was moved: the Tuesday it stood for
    reason: str = ""
    broadcast: str = ""
    public: bool = False
    viewers: int = 0  # of its broadcast, at scale 1
    speakers: int = 0
    rooms: dict[str, str] = field(default_factory=dict)


def tuesdays(until: date, calendar: Calendar) -> list[tuple[date, date]]:
    """List the last half year's evenings as (Tuesday it stands for, day it falls on).

    The last day is before `until`: an evening of today is not history yet.
    """
    first = until - timedelta(weeks=WEEKS + 1)
    days = default_days(first, until - timedelta(days=1), calendar)
    held = [(day.tuesday, day.day) for day in days if day.day is not None]
    return held[-WEEKS:]


def city_evenings(top: str, until: date, calendar: Calendar) -> Iterator[Planned]:
    """Plan the city's own evenings of the last half year; one of them had to be cancelled."""
    held = tuesdays(until, calendar)
    big = night_of_note([day for _tuesday, day in held], cancelled=len(held) // 3)
    for n, (tuesday, day) in enumerate(held):
        theme, topic, title = CITY[n % len(CITY)]
        part = "" if n < len(CITY) else "（二）"
        cancelled = n == len(held) // 3
        yield Planned(
            key=f"city-{n}",
            title=title + part,
            theme=theme,
            topic=topic,
            form="conveying" if title.startswith("传达") else "systematic",
            led_by="central_group",
            starts=local(day, STARTS),
            ends=local(day, ENDS),
            host=top,
            audience=(top,),
            state="cancelled" if cancelled else "closed",
            tuesday=tuesday if tuesday != day else None,
            reason="当晚防御台风，全市停办一次。" if cancelled else "",
            broadcast="embedded" if day == big else "",
            public=day == big,
            viewers=VIEWERS if day == big else 0,
            speakers=len(SPEAKER_SUBJECTS) if day == big else 0,
        )


def night_of_note(days: list[date], cancelled: int) -> date | None:
    """Choose the evening the whole city watched: 19 May 2020 where it is among them, else the last.

    On that night a broadcast of the study in Ningbo was watched by 1.2 million.
    """
    there = [day for n, day in enumerate(days) if n != cancelled]
    return NIGHT if NIGHT in there else there[-1] if there else None


def own_evenings(city: list[Planned], units: list[str], rng: Random) -> Iterator[Planned]:
    """Plan what some units hold on their own under the city's evening of that Tuesday."""
    for evening in city:
        if evening.state == "cancelled":
            continue
        for unit in rng.sample(units, max(1, round(len(units) * OWN_SHARE))):
            theme, title, form, led_by = rng.choice(SALONS)
            yield Planned(
                key=f"{evening.key}-{unit}",
                title=title,
                theme=theme,
                topic="",
                form=form,
                led_by=led_by,
                starts=evening.starts,
                ends=evening.ends,
                host=unit,
                audience=(unit,),
                parent=evening.key,
            )


def pilot(units: list[str], until: date, calendar: Calendar) -> Iterator[Planned]:
    """Plan the half year before: one evening a month in a few units that tried it out."""
    start = until - timedelta(days=364)
    days = default_days(start, until - timedelta(weeks=WEEKS + 2), calendar)
    for n, day in enumerate(d for d in days[::4] if d.day is not None):
        assert day.day is not None
        theme, topic, title = CITY[(n * 3) % len(CITY)]
        yield Planned(
            key=f"pilot-{n}",
            title=f"试点：{title}",
            theme=theme,
            topic=topic,
            form="systematic",
            led_by="branch",
            starts=local(day.day, STARTS),
            ends=local(day.day, ENDS),
            host=units[0],
            audience=tuple(units),
        )


def coming(top: str, now: datetime, calendar: Calendar) -> Iterator[Planned]:
    """Plan next Tuesday for everybody, published, and the two after it as drafts.

    On a Tuesday it is tonight's, as long as that has not ended.
    """
    days = default_days(now.date(), now.date() + timedelta(weeks=6), calendar)
    ahead = [day.day for day in days if day.day is not None and local(day.day, ENDS) > now]
    for n, (day, (theme, topic, title)) in enumerate(zip(ahead, (NEXT, *DRAFTS), strict=False)):
        yield Planned(
            key=f"next-{n}",
            title=title,
            theme=theme,
            topic=topic,
            form="conveying",
            led_by="central_group",
            starts=local(day, STARTS),
            ends=local(day, ENDS),
            host=top,
            audience=(top,),
            state="published" if n == 0 else "draft",
            broadcast="embedded" if n == 0 else "",
            public=n == 0,
            speakers=len(SPEAKER_SUBJECTS) if n == 0 else 0,
        )


def running(unit: str, now: datetime, others: list[Planned]) -> Planned:
    """Plan a unit's own evening that runs now, so that signing in can be tried at once.

    Where it meets the city's evening it stands under it, as the rules want it.
    """
    starts = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) - LEAD
    ends = starts + OPEN_FOR
    above = next(
        (o for o in others if o.state == "published" and o.starts < ends and starts < o.ends), None
    )
    return Planned(
        key="running",
        title="青年小组比学：接待群众的第一句话",
        theme="professional",
        topic="",
        form="salon",
        led_by="youth_groups",
        starts=starts,
        ends=ends,
        host=unit,
        audience=(unit,),
        state="published",
        parent=above.key if above else "",
        broadcast="embedded",
        rooms={unit: "302 会议室"},
    )
