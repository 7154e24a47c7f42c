"""The spreadsheet of needs: its columns, how a cell is read, why a row stays out."""

from __future__ import annotations

import re
from datetime import datetime, time

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.text import tight
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.rules.needs import MOST_OF_A_KIND
from groundwork.registry.rules.cells import Missing, text_of
from groundwork.registry.rules.columns import Column

BATCH = "needs"  # kind of an import
LONGEST_GATE = 60
COLUMNS = (
    Column(
        "place",
        N_("地点"),
        "必填，社区（村）、街道或区县的名称或代码；重名的请填代码。",
        required=True,
        synonyms="社区 所在社区 社区(村) 街道 属地 所属区域 place community",
        width=24,
        sample="示例：澄浪社区",
    ),
    Column(
        "gate",
        N_("卡口"),
        "必填，门岗或卡口的名称；还没有的会新设。",
        required=True,
        synonyms="卡口名称 门岗 点位 值守点 岗位 gate",
        width=18,
        sample="东大门",
    ),
    Column(
        "spot",
        N_("具体位置"),
        "选填，怎么找到它。",
        synonyms="位置 地址 详细地址 spot",
        width=24,
        sample="菜场对面",
    ),
    Column(
        "day",
        N_("日期"),
        "必填，开始的那一天，如 2026-11-24。",
        required=True,
        synonyms="值班日期 日子 date day",
        width=14,
        sample="2026-11-24",
    ),
    Column(
        "start",
        N_("开始"),
        "必填，如 17:00。",
        required=True,
        synonyms="开始时间 上岗时间 起 start from",
        width=10,
        sample="17:00",
    ),
    Column(
        "end",
        N_("结束"),
        "必填，如 22:00；早于开始的，算第二天。",
        required=True,
        synonyms="结束时间 下岗时间 止 end to",
        width=10,
        sample="22:00",
    ),
    Column(
        "lead", N_("带班"), "人数。", synonyms="带班人数 班长 带班领导 lead", width=8, sample="1"
    ),
    Column(
        "general",
        N_("值守"),
        "人数。",
        synonyms="值守人数 人数 一般人员 general",
        width=8,
        sample="2",
    ),
    Column("medical", N_("医护"), "人数。", synonyms="医护人数 医生 medical", width=8),
    Column("dialect", N_("会方言"), "人数。", synonyms="方言 方言人数 dialect", width=8),
    Column("driver", N_("会驾驶"), "人数。", synonyms="驾驶 司机 驾驶员 driver", width=8),
)
_HOUR = re.compile(r"(\d{1,2})(?:[:：时点.](\d{1,2})?分?)?(?:[:：]\d{1,2})?")


class BadHour(RuleBroken):
    """Say that a cell is no time of day."""

    code = "duty.sheet_hour"
    text = N_("时间看不懂，请写成 17:00 这样。")


class BadNumber(RuleBroken):
    """Say that a cell is no number of people."""

    code = "duty.sheet_number"
    text = N_("人数应为 0 到 99 的整数。")


class BadGate(RuleBroken):
    """Say that a cell is too long for a gate's name."""

    code = "duty.sheet_gate"
    text = N_("卡口名称最多 60 个字。")


class UnknownPlace(RuleBroken):
    """Say that a cell names no place of the order's that the clerk keeps."""

    code = "duty.sheet_place"
    text = N_("启动令范围内，您管的地方里没有“%(value)s”。")


class SeveralPlaces(RuleBroken):
    """Say that a cell names several places."""

    code = "duty.sheet_places"
    text = N_("“%(value)s”有 %(n)s 处，请改填代码：%(codes)s。")


class RowTwice(RuleBroken):
    """Say that two rows ask for the same shift."""

    code = "duty.sheet_twice"
    text = N_("和第 %(row)s 行是同一个班次。请只留一行。")


class OutsideOrder(RuleBroken):
    """Say that a shift lies outside the order's time, or is over."""

    code = "duty.sheet_outside"
    text = N_("时间不在启动令的起止之内，或者已经过去。")


class Nobody(RuleBroken):
    """Say that a row asks for nobody."""

    code = "duty.sheet_nobody"
    text = N_("没有填需要几人。")


def hour_of(cell: object) -> str:
    """Read a time of day as 17:00: Excel's own, 17:00, 17时, 17. Raises Missing or BadHour."""
    if isinstance(cell, datetime | time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and 0 <= cell < 1 and cell:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    text = tight(text_of(cell))
    if not text:
        raise Missing
    found = _HOUR.fullmatch(text)
    if not found:
        raise BadHour
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BadHour
    return f"{hour:02}:{minute:02}"


def number_of(cell: object) -> int:
    """Read a number of people; an empty cell is none. Raises BadNumber."""
    text = tight(text_of(cell)).removesuffix("人")
    if not text or text in {"无", "-", "—"}:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_OF_A_KIND:
        raise BadNumber
    return int(text)


def gate_of(cell: object) -> str:
    """Read a gate's name. Raises Missing or BadGate."""
    text = text_of(cell)
    if not text:
        raise Missing
    if len(text) > LONGEST_GATE:
        raise BadGate
    return text


def needs_in(values: dict[str, int]) -> dict[str, int]:
    """Take the numbers of a row. Raises Nobody."""
    asked = {kind: values[kind] for kind in KINDS if values.get(kind)}
    if not asked:
        raise Nobody
    return asked
