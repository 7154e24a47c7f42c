"""Read a cell as a clerk meant it: widths, serial dates, floats, synonyms. Never evaluates."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.text import tidy, tight
from groundwork.registry.rules import bodies, people, places

CLEAR = ("无", "没有", "清空", "-", "—", "/", "none")  # "there is none", unlike an empty cell
_EPOCH = date(1899, 12, 30)  # Excel's day 0, with its leap-year bug folded in
_SERIALS = range(18264, 73051)  # 1950-01-01 … 2099-12-31
_DATE = re.compile(
    r"((?:19|20)\d{2})[年./\-]?(?:(0?[1-9]|1[0-2])[月./\-]?(?:(0?[1-9]|[12]\d|3[01])[日号]?)?)?"
)


class Missing(RuleBroken):
    """Say that a required cell is empty."""

    code = "registry.missing"
    text = N_("必填，不能空着。")


class BadDate(RuleBroken):
    """Say that a cell is no date."""

    code = "registry.bad_date"
    text = N_("日期看不懂，请写成 2024-3-1 这样。")


class BadYesNo(RuleBroken):
    """Say that a cell is neither yes nor no."""

    code = "registry.bad_yes_no"
    text = N_("请填“是”或“否”。")


class UnknownStatus(RuleBroken):
    """Say that a cell is no status."""

    code = "registry.unknown_status"
    text = N_("身份应为：在编、编外聘用、借调在此、挂职在外、退休、调出。")


class UnknownKind(RuleBroken):
    """Say that a cell is no kind of body."""

    code = "registry.unknown_kind"
    text = N_("类别不认识，请从下拉框里选。")


class UnknownLevel(RuleBroken):
    """Say that a cell is no level."""

    code = "registry.unknown_level"
    text = N_("级别应为：市、区县（市）、乡镇（街道）、社区（村）。")


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {tight(w).lower(): key for key, words in groups.items() for w in words.split()}


STATUS_WORDS = _table(
    {
        people.ON_ROLL: "在编 在职在编 在岗 在职 行政编制 行政 事业编制 事业"
        " 公务员 参公 行政编 事业编 on_roll",
        people.CONTRACT: "编外聘用 编外 聘用 合同 合同制 合同工 劳务派遣 派遣"
        " 临聘 编外人员 contract",
        people.ON_LOAN: "借调在此 借调 借入 借用 跟班 on_loan",
        people.SECONDED: "挂职在外 挂职 借出 外派 外借 seconded",
        people.RETIRED: "退休 离休 离退休 已退休 退休人员 retired",
        people.LEFT: "调出 离职 辞职 已离职 已调出 调离 left",
    }
)
YES = frozenset(
    _table({"yes": "是 有 y yes 1 true √ ✓ 党员 中共党员 预备党员 中共预备党员 正式党员 共产党员"})
)
NO = frozenset(
    _table(
        {
            "no": "否 不是 n no 0 false × x 非党员 群众 无 共青团员 团员 民主党派 无党派 无党派人士"
            " 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员 九三学社社员 台盟盟员"
        }
    )
)
KIND_WORDS = _table(
    {
        bodies.UNIT: "单位 机关 机关单位 部门 事业单位 政府部门 街道 unit",
        bodies.PARTY: "党组织 党委 党组 党总支 机关党委 party",
        bodies.BRANCH: "党支部 支部 branch",
        bodies.OFFICE: "处(科)室 处室 科室 处 科 内设机构 处科室 office",
        bodies.ENTERPRISE: "企业 公司 enterprise",
        bodies.PARK: "园区 开发区 产业园 park",
        bodies.TEMPORARY_BRANCH: "临时党支部 临时支部 temporary_branch",
        bodies.SERVICE_STUDIO: "党员工作室 工作室 service_studio",
    }
)
LEVEL_WORDS = _table(
    {
        places.CITY: "市 地级市 city",
        places.DISTRICT: "区县(市) 区县 区 县 县级市 district",
        places.TOWNSHIP: "乡镇(街道) 乡镇街道 乡镇 街道 镇 乡 township",
        places.COMMUNITY: "社区(村) 社区 村 居委会 村委会 community",
    }
)


def text_of(cell: object) -> str:
    """Write a cell as text: 13805740001.0 is 13805740001, a date is 2024-03-01."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell if cell.isalnum() and cell.isascii() else tidy(cell).lstrip("'’‘")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def is_clear(text: str) -> bool:
    """Tell whether the clerk wrote that there is none."""
    return text.lower() in CLEAR


def read_date(cell: object) -> date | None:
    """Read a day: Excel's own, a serial number, 2024年3月1日, 2024.3, 20240301. Raises BadDate."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = tight(text_of(cell))
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    text = re.sub(r"[T ]?\d{1,2}:\d{2}(:\d{2})?$", "", text)
    found = _DATE.fullmatch(text)
    if not found:
        raise BadDate
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadDate from error


def read_yes_no(cell: object) -> bool | None:
    """Read yes or no, also from 政治面貌. Raises BadYesNo."""
    text = tight(text_of(cell)).lower()
    if not text:
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    raise BadYesNo


def _word(cell: object, words: dict[str, str], error: type[RuleBroken]) -> str | None:
    text = tight(text_of(cell)).lower()
    if not text:
        return None
    if text not in words:
        raise error
    return words[text]


def read_status(cell: object) -> str | None:
    """Read a status by its many names. Raises UnknownStatus."""
    return _word(cell, STATUS_WORDS, UnknownStatus)


def read_kind(cell: object) -> str | None:
    """Read a kind of body by its many names. Raises UnknownKind."""
    return _word(cell, KIND_WORDS, UnknownKind)


def read_level(cell: object) -> str | None:
    """Read a level of the directory. Raises UnknownLevel."""
    return _word(cell, LEVEL_WORDS, UnknownLevel)
