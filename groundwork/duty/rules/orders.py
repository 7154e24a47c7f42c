"""What an order opens, by its kind, and in which words; the legal basis it usually names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groundwork.base.errors import N_, RuleBroken

CALLS_UP, CHECKS_IN, KEEPS_LOG = "calls_up", "checks_in", "keeps_log"
TAKES_TEMPERATURE = "takes_temperature"


@dataclass(frozen=True)
class Door:
    """One switch of an order: its name, what it opens, and for whom it is opened."""

    code: str
    name: str
    opens: str


DOORS: tuple[Door, ...] = (
    Door(
        CALLS_UP,
        N_("召集人员"),
        N_("单位干部收到召集，在手机上填自己能来的时间；不能参加不用说原因。"),
    ),
    Door(
        CHECKS_IN,
        N_("到岗签到"),
        N_("在岗的人到卡口扫码签到、签退。只记到岗和离岗，不记行踪。"),
    ),
    Door(
        KEEPS_LOG,
        N_("卡口登记"),
        N_("卡口登记来访人姓名或车牌、去哪里、时间。内容加密，启动令结束即销毁。"),
    ),
    Door(
        TAKES_TEMPERATURE,
        N_("测体温"),
        N_("登记时记一项：体温正常或异常。不记度数。"),
    ),
)
CODES = tuple(door.code for door in DOORS)

PRESETS: Mapping[str, tuple[str, ...]] = {
    "epidemic": (CALLS_UP, CHECKS_IN, KEEPS_LOG, TAKES_TEMPERATURE),
    "typhoon": (CALLS_UP, CHECKS_IN),
    "snow": (CALLS_UP, CHECKS_IN),
    "missing": (CALLS_UP, CHECKS_IN),
    "other": (CALLS_UP,),
}
"""The switches that a kind usually needs; the form begins with them."""
DAYS: Mapping[str, int] = {"epidemic": 14, "typhoon": 3, "snow": 3, "missing": 1, "other": 3}
"""So many days the form proposes."""
BASES: Mapping[str, str] = {
    "epidemic": "《中华人民共和国突发事件应对法》《中华人民共和国传染病防治法》；",
    "typhoon": "《中华人民共和国防洪法》《浙江省防汛防台抗旱条例》；",
    "snow": "《中华人民共和国突发事件应对法》《气象灾害防御条例》；",
    "missing": "《中华人民共和国人民警察法》；",
    "other": "《中华人民共和国突发事件应对法》；",
}
"""The laws such an order usually rests on, to be completed with the decision itself."""


class TemperatureNeedsLog(RuleBroken):
    """Refuse temperatures without a log: there is nowhere to note them."""

    code = "duty.temperature_needs_log"
    text = N_("测体温要和卡口登记一起开：体温是登记里的一项。")


class NoSuchDoor(RuleBroken):
    """Refuse a switch that an order does not have."""

    code = "duty.no_such_door"
    text = N_("没有这个开关。")


def check_doors(doors: Mapping[str, bool]) -> None:
    """Hold the switches against each other. Raises TemperatureNeedsLog."""
    if doors.get(TAKES_TEMPERATURE) and not doors.get(KEEPS_LOG):
        raise TemperatureNeedsLog


def thrown(doors: Mapping[str, bool], code: str, on: bool) -> dict[str, bool]:
    """Give all switches after one is thrown; without the log no temperature is taken.

    Raises NoSuchDoor, TemperatureNeedsLog.
    """
    if code not in CODES:
        raise NoSuchDoor
    after = {**{name: bool(doors.get(name)) for name in CODES}, code: on}
    if code == KEEPS_LOG and not on:
        after[TAKES_TEMPERATURE] = False
    check_doors(after)
    return after
