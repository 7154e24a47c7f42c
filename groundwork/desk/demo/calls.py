"""Which orders the demo city knows: the large one of its past, and a small one in force now.

Plain values, no I/O. Titles, basis and hours are invented after the public ones of their kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from groundwork.base.clock import local
from groundwork.desk.demo.cast import HOME, LEADS_AT
from groundwork.duty.rules.kinds import TEMPLATES

Hours = tuple[tuple[str, str], ...]
NIGHT: Hours = (("22:00", "08:00"),)
WINTER_FROM, WINTER_TO = date(2020, 2, 3), date(2020, 3, 1)
WINTER_KNOWN = date(2021, 1, 31)  # later cities remember a summer instead
STORM_DAYS = 5
PLANNED = timedelta(days=2)  # from the call to the first shift


@dataclass(frozen=True)
class Call:
    """One order before it is written. `mix` is how many in a hundred give which hours."""

    key: str
    title: str
    kind: str
    place: str
    body: str
    basis: str
    doors: tuple[str, ...]
    first: date
    days: int
    called_at: datetime
    needs: dict[str, int]
    mix: dict[str, int]
    city: bool = True  # its gates are shared out over the city; else: those named here
    gates: tuple[tuple[str, str, str], ...] = ()  # community, name, where exactly

    @property
    def ends_at(self) -> datetime:
        """Tell when its doors shut."""
        return local(self.first + timedelta(days=self.days), time(0))

    @property
    def planned_at(self) -> datetime:
        """Tell when its plan is published: the evening before the first shift."""
        return local(self.first, time(0)) - timedelta(hours=6)


ALL = ("calls_up", "checks_in", "keeps_log", "takes_temperature")
CAST_GATES = ((HOME, "南大门", "药店对面，红色帐篷"), (LEADS_AT, "东门", "菜场出口左手边"))


def large(now: datetime) -> Call:
    """Give the large order of the past year: the winter of 2020, else last summer's typhoon."""
    if local(WINTER_FROM, time(17)) <= now and now.date() <= WINTER_KNOWN:
        return Call(
            key="winter",
            title="新冠肺炎疫情联防联控卡口值守",
            kind="epidemic",
            place="3302",
            body="3302-D",
            basis="《中华人民共和国突发事件应对法》《中华人民共和国传染病防治法》；"
            "浙江省重大突发公共卫生事件一级响应；市疫情防控工作领导小组决定",
            doors=ALL,
            first=WINTER_FROM,
            days=(WINTER_TO - WINTER_FROM).days + 1,
            called_at=local(WINTER_FROM - PLANNED, time(9)),
            needs={"lead": 1, "general": 1},
            mix={"any": 45, "free_time": 30, "evenings": 17, "weekends": 8},
            gates=CAST_GATES,
        )
    return _storm(now)


def _storm(now: datetime) -> Call:
    year = now.year if now.date() > date(now.year, 8, 20) else now.year - 1
    first = date(year, 8, 6)
    return Call(
        key="storm",
        title="防御台风转移安置和重点部位值守",
        kind="typhoon",
        place="3302",
        body="3302-D",
        basis="《中华人民共和国防洪法》《浙江省防汛防台抗旱条例》；"
        "市防汛防台抗旱指挥部启动防台风一级应急响应",
        doors=("calls_up", "checks_in"),
        first=first,
        days=STORM_DAYS,
        called_at=local(first - PLANNED, time(9)),
        needs={"lead": 1, "general": 4},
        mix={"any": 80, "free_time": 20},
        gates=CAST_GATES,
    )


def small(now: datetime) -> Call:
    """Give the order in force now, in the cast's own district: gates, log, temperature."""
    first = now.date() - timedelta(days=1)
    return Call(
        key="small",
        title="海曙区局部聚集性疫情处置",
        kind="epidemic",
        place="330203",
        body="330203-D",
        basis="《中华人民共和国突发事件应对法》《中华人民共和国传染病防治法》；"
        "区突发公共卫生事件应急指挥部决定",
        doors=ALL,
        first=first,
        days=6,
        called_at=local(first - timedelta(days=1), time(8, 30)),
        needs={"lead": 1, "general": 2},
        mix={"any": 60, "free_time": 30, "evenings": 10},
        city=False,
        gates=(
            *CAST_GATES,
            (HOME, "北门", "地下车库入口旁"),
            (LEADS_AT, "地铁口", "2号口岗亭"),
            ("330203004007", "天一广场南入口", "喷泉边的帐篷"),
            ("330203005002", "正门", "物业办公室门口"),
        ),
    )


def hours_of(gate: int, call: Call, parts: int) -> Hours:
    """Give the shifts of a gate's day: the evening first, then the afternoon, then the morning."""
    day = tuple(reversed(tuple(reversed(TEMPLATES))[:parts]))
    return (*day, *NIGHT) if call.key == "small" and gate == 3 else day
