"""The city's 12345 hotline's sheets: their columns, how a cell is read, why a row stays out."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.base.text import tight
from groundwork.matters.rules.intake import LONGEST_WORDS, SHORTEST_WORDS, phone_of
from groundwork.registry.rules.cells import Missing, text_of
from groundwork.registry.rules.columns import Column

ZONE = ZoneInfo("Asia/Shanghai")
SOURCE = "hotline.order"  # soft source of a matter: the hotline's order number
TOLD_ANEW = "told_anew"  # the step of an order that came again with other words
IN, OUT = "hotline", "hotline_out"  # kinds of batches
OFFICE_ENDS = time(17, 30)
LATEST = timedelta(minutes=1)  # steps so fresh go with the next export: they may not all be in yet

COLUMNS = (
    Column(
        "order",
        N_("工单编号"),
        "必填，热线平台的编号，按它认工单：传两次还是一件。",
        required=True,
        synonyms="工单号 工单编码 受理编号 编号 流水号 订单号 order ordernumber",
        width=20,
        sample="示例：2026112400123",
    ),
    Column(
        "time",
        N_("来电时间"),
        "必填，如 2026-11-24 9:30。",
        required=True,
        synonyms="受理时间 登记时间 诉求时间 时间 提交时间 time",
        width=18,
        sample="2026-11-24 9:30",
    ),
    Column(
        "place",
        N_("地点"),
        "必填，社区（村）、街道或带它们名字的地址；重名的会请您选。",
        required=True,
        synonyms="事发地址 诉求地址 地址 所属区域 事发地点 社区 属地 place address",
        width=30,
        sample="海曙区南门街道澄浪社区",
    ),
    Column(
        "words",
        N_("诉求内容"),
        "必填，来电人的话。身份证号和银行卡号会自动隐去。",
        required=True,
        synonyms="内容 诉求描述 主要内容 来电内容 问题描述 words description",
        width=60,
        sample="路灯坏了三天，晚上老人不敢出门。",
    ),
    Column(
        "category",
        N_("类别"),
        "选填，类别名称或代码；不认识的会请您选。",
        synonyms="诉求类别 诉求分类 问题分类 事项分类 分类 category",
        width=16,
        sample="道路与市政设施",
    ),
    Column(
        "deadline",
        N_("办结期限"),
        "选填，热线要求的期限，早于本市承诺时按它。",
        synonyms="办理期限 办理时限 截止时间 截止日期 处理期限 期限 deadline",
        width=18,
        sample="2026-12-8",
    ),
    Column(
        "name",
        N_("来电人"),
        "选填。",
        synonyms="诉求人 联系人 姓名 称呼 name",
        width=12,
        sample="沈女士",
    ),
    Column(
        "phone",
        N_("来电号码"),
        "选填，只用来回访。",
        synonyms="联系电话 电话 手机 手机号 来电电话 联系方式 phone",
        width=16,
        sample="13905740001",
    ),
    Column(
        "confidential",
        N_("是否保密"),
        "选填：是 或 否。填“是”的，承办单位不知道来电人是谁。",
        synonyms="保密 是否公开来电人 要求保密 confidential",
        width=10,
        sample="否",
    ),
)
# What goes back: the hotline's own columns, then what we say.
BACK = (
    N_("工单编号"),
    N_("来电时间"),
    N_("地点"),
    N_("类别"),
    N_("办结期限"),
    N_("承办单位"),
    N_("办理状态"),
    N_("答复内容"),
    N_("答复时间"),
    N_("诉求人确认解决"),
    N_("诉求人满意"),
    N_("诉求人的话"),
    N_("来电号码"),
)
_ORDER = re.compile(r"[A-Za-z0-9_./-]{1,32}")
_TIME = re.compile(
    r"((?:19|20)\d{2})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[T ]*(\d{1,2})[:：时](\d{1,2})分?"
    r"(?:[:：]?(\d{1,2})秒?)?)?"
)
_SERIALS = (18264.0, 73051.0)  # 1950-01-01 … 2099-12-31, as Excel counts days
_EPOCH = datetime(1899, 12, 30, tzinfo=ZONE)


class BadOrder(RuleBroken):
    """Say that a cell is no order number."""

    code = "matters.hotline_order"
    text = N_("工单编号只能有字母、数字和 -_./，最长 32 位。")


class BadTime(RuleBroken):
    """Say that a cell is no moment."""

    code = "matters.hotline_time"
    text = N_("时间看不懂，请写成 2026-11-24 9:30 这样。")


class InFuture(RuleBroken):
    """Say that a call lies in the future."""

    code = "matters.hotline_future"
    text = N_("来电时间在将来，请核对。")


class DeadlineFirst(RuleBroken):
    """Say that a deadline lies before the call."""

    code = "matters.hotline_deadline"
    text = N_("办结期限早于来电时间，请核对。")


class BadWords(RuleBroken):
    """Say that the words are too few or too many."""

    code = "matters.hotline_words"
    text = N_("诉求内容应有 4 到 5000 个字。")


class BadPhone(RuleBroken):
    """Say that a cell is no telephone number."""

    code = "matters.hotline_phone"
    text = N_("来电号码看不懂，请核对，或者删去。")


class PlaceElsewhere(RuleBroken):
    """Say that a place is not the actor's to dispatch for."""

    code = "matters.hotline_elsewhere"
    text = N_("“%(value)s”不在您受理派单的范围内。")


class CategoryToChoose(RuleBroken):
    """Say that a category is not known here: a choice, not an error."""

    code = "matters.hotline_category"
    text = N_("这里没有“%(value)s”这个类别，请选一个。")


class OrderTwice(RuleBroken):
    """Say that two rows carry the same number and differ."""

    code = "matters.hotline_twice"
    text = N_("和第 %(row)s 行工单编号相同，内容却不同。请只留一行。")


class MovedSince(RuleBroken):
    """Refuse to undo what has been worked on since."""

    code = "matters.hotline_moved"
    text = N_("导入之后，有 %(n)s 件已经有了进展：%(receipts)s。可以选择只撤销其余各件。")


class NothingNew(RuleBroken):
    """Refuse an export without anything new."""

    code = "matters.hotline_nothing"
    text = N_("自上次导出以来没有新的答复和评价。最近一分钟的进展归下一次。")


class CameMeanwhile(Conflict):
    """Tell that some of the orders came in by another sheet at this moment."""

    code = "matters.hotline_meanwhile"
    text = N_("有的工单刚刚由另一张表写入。已经重新核对，请再看一遍。")


def order_of(cell: object) -> str:
    """Read an order number. Raises Missing or BadOrder."""
    text = tight(text_of(cell))
    if not text:
        raise Missing
    if not _ORDER.fullmatch(text):
        raise BadOrder
    return text


def moment_of(cell: object, *, ends: bool = False) -> datetime | None:
    """Read a moment; a bare day begins at 0:00, as a deadline it ends with the office.

    Raises BadTime.
    """
    if cell is None or cell == "":
        return None
    try:
        if isinstance(cell, datetime):
            found = cell.replace(tzinfo=ZONE) if cell.tzinfo is None else cell.astimezone(ZONE)
        elif hasattr(cell, "isoformat") and not isinstance(cell, time):
            found = datetime.fromisoformat(cell.isoformat()).replace(tzinfo=ZONE)
        elif isinstance(cell, float) and _SERIALS[0] <= cell <= _SERIALS[1]:
            found = _EPOCH + timedelta(minutes=round(cell * 1440))
        else:
            found = _written(str(cell))
    except (ValueError, OverflowError) as error:
        raise BadTime from error
    bare = found.time() == time(0)
    return datetime.combine(found.date(), OFFICE_ENDS, ZONE) if ends and bare else found


def _written(text: str) -> datetime:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=ZONE)


def words_of(cell: object) -> str:
    """Read what was said. Raises Missing or BadWords."""
    text = str(cell or "").strip() if isinstance(cell, str) else text_of(cell)
    if not text:
        raise Missing
    if not SHORTEST_WORDS <= len(text) <= LONGEST_WORDS:
        raise BadWords
    return text


def caller_of(cell: object) -> str:
    """Read a telephone number, "" for none. Raises BadPhone."""
    text = text_of(cell)
    if not text or text in {"无", "-", "匿名"}:
        return ""
    number = phone_of(text)
    if number is None:
        raise BadPhone
    return number


def check_times(called: datetime, deadline: datetime | None, now: datetime) -> None:
    """Hold a row's moments against each other. Raises InFuture or DeadlineFirst."""
    if called > now:
        raise InFuture
    if deadline is not None and deadline < called:
        raise DeadlineFirst
