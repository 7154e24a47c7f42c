"""The spreadsheet of hours from another system: its columns, how a cell is read; pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.text import tight
from groundwork.registry.rules.cells import Missing, text_of
from groundwork.registry.rules.columns import Column

BATCH = "deeds"  # kind of an import
MOST_HOURS = 24
COLUMNS = (
    Column(
        "work_number",
        N_("工号"),
        "必填，按它认人。不要填身份证号。",
        required=True,
        synonyms="人员编号 员工编号 工作证号 职工号 干部编号 worknumber staffnumber",
        width=14,
        sample="示例：R1001",
    ),
    Column(
        "name",
        N_("姓名"),
        "选填，填了就和名册核对。",
        synonyms="名字 志愿者 志愿者姓名 人员姓名 name",
        width=12,
    ),
    Column(
        "day",
        N_("日期"),
        "必填，服务那一天，如 2026-11-21。",
        required=True,
        synonyms="服务日期 活动日期 时间 date day",
        width=14,
        sample="2026-11-21",
    ),
    Column(
        "what",
        N_("做了什么"),
        "必填，项目或活动的名称。",
        required=True,
        synonyms="项目 项目名称 活动 活动名称 服务内容 what activity",
        width=30,
        sample="周末清洁家园",
    ),
    Column(
        "where",
        N_("在哪里"),
        "选填，社区或组织方。",
        synonyms="地点 社区 组织方 服务地点 发起组织 where",
        width=24,
    ),
    Column(
        "hours",
        N_("时长（小时）"),
        "必填，如 2 或 1.5。",
        required=True,
        synonyms="时长 服务时长 小时 小时数 工时 hours",
        width=12,
        sample="2",
    ),
    Column(
        "number",
        N_("记录编号"),
        "选填，原系统里这条记录的编号；有它就不会重复。",
        synonyms="编号 流水号 记录号 服务记录编号 record id",
        width=20,
    ),
)


class BadHours(RuleBroken):
    """Say that a cell is no time somebody can have worked in a day."""

    code = "voices.deed_hours"
    text = N_("时长应是 0 到 24 之间的小时数，如 2 或 1.5。")


class UnknownPerson(RuleBroken):
    """Say that a number is nobody's among the people the clerk keeps."""

    code = "voices.deed_person"
    text = N_("您管的名册里没有工号“%(value)s”。")


class OtherName(RuleBroken):
    """Say that the number is somebody else's."""

    code = "voices.deed_name"
    text = N_("工号是“%(name)s”的，和表里的姓名不一样。")


class DayAhead(RuleBroken):
    """Say that a day lies ahead."""

    code = "voices.deed_day"
    text = N_("日期不能在今天之后。")


class RowTwice(RuleBroken):
    """Say that two rows are the same record."""

    code = "voices.deed_twice"
    text = N_("和第 %(row)s 行是同一条记录。请只留一行。")


def time_of(cell: object) -> timedelta:
    """Read hours, to the minute. Raises Missing or BadHours."""
    text = tight(text_of(cell)).removesuffix("小时").removesuffix("h")
    if not text:
        raise Missing
    try:
        hours = float(text)
    except ValueError:
        raise BadHours from None
    if not 0 < hours <= MOST_HOURS:  # not a number is in no order either
        raise BadHours
    return timedelta(minutes=max(1, round(hours * 60)))


def what_of(cell: object) -> str:
    """Read what was done. Raises Missing."""
    text = text_of(cell)
    if not text:
        raise Missing
    return text[:120]


def key_of(person: str, number: str, day: str, what: str, lasted: timedelta) -> str:
    """Name a record: by the number the other system gave it, else by what it says."""
    said = (person, number) if number else (person, day, what, str(lasted))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
