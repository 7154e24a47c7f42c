"""What a person's entry must be, who is expected at evenings, when a move may take effect."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.text import tidy, tight

ON_ROLL, CONTRACT, ON_LOAN = "on_roll", "contract", "on_loan"
SECONDED, RETIRED, LEFT = "seconded", "retired", "left"
STATUSES = (ON_ROLL, CONTRACT, ON_LOAN, SECONDED, RETIRED, LEFT)

# Who is expected at the unit's evenings: those who work here now, wherever their file lies.
EXPECTED = (ON_ROLL, CONTRACT, ON_LOAN)

# From which status to which; LEFT ends an entry, coming back reopens it with a unit.
STATUS_STEPS: dict[str, tuple[str, ...]] = {
    ON_ROLL: (CONTRACT, ON_LOAN, SECONDED, RETIRED, LEFT),
    CONTRACT: (ON_ROLL, ON_LOAN, SECONDED, RETIRED, LEFT),
    ON_LOAN: (ON_ROLL, CONTRACT, SECONDED, RETIRED, LEFT),
    SECONDED: (ON_ROLL, CONTRACT, ON_LOAN, RETIRED, LEFT),
    RETIRED: (ON_ROLL, CONTRACT, LEFT),
    LEFT: (ON_ROLL, CONTRACT, ON_LOAN),
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added; ids are primary keys. An empty `sort_key` is made from the name."""

    name: str
    work_number: str
    unit_id: int
    office_id: int | None = None
    branch_id: int | None = None
    home_community_id: int | None = None
    status: str = ON_ROLL
    party_member: bool = False
    phone: str = ""
    sort_key: str = ""
    since: date | None = None  # None: the day of adding


_CJK = re.compile(r"[㐀-鿿]")
_WORK_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,29}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}[1-9]\d{6,7}")
_ID_NUMBER = re.compile(r"(?<!\d)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?!\d)")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class BadName(RuleBroken):
    """Refuse a name that is none."""

    code = "registry.name"
    text = N_("姓名应为 2 到 60 个字。")


class BadWorkNumber(RuleBroken):
    """Refuse a work number with odd characters."""

    code = "registry.work_number"
    text = N_("工号只能用字母、数字和 - . _ /，最多 30 位。")


class WorkNumberTaken(RuleBroken):
    """Refuse a second person with one work number."""

    code = "registry.work_number_taken"
    text = N_("工号 %(work_number)s 已经有人用了。")


class BadPhone(RuleBroken):
    """Refuse what is no phone number."""

    code = "registry.phone"
    text = N_("电话应为 11 位手机号，或带区号的座机号。")


class IdNumberRefused(RuleBroken):
    """Refuse an ID-card number wherever it is typed: the city keeps none."""

    code = "registry.id_number"
    text = N_("这里像是身份证号。系统不收身份证号，请删去。")


class FutureDate(RuleBroken):
    """Refuse a move that lies ahead: the directory says what is, not what will be."""

    code = "registry.future_date"
    text = N_("日期 %(day)s 还没到。请到那天再登记，或填已经发生的日期。")


class BeforePrevious(RuleBroken):
    """Refuse a move before the entry it would end began."""

    code = "registry.before_previous"
    text = N_("日期 %(day)s 早于现有记录的开始日 %(start)s。")


class BadStatusStep(RuleBroken):
    """Refuse a change of status that does not happen in an office."""

    code = "registry.status_step"
    text = N_("不能从现在的身份直接改成这个身份。")


class NotAUnit(RuleBroken):
    """Refuse a body of the wrong kind as a person's unit, office or branch."""

    code = "registry.not_a_unit"
    text = N_("“%(name)s”的类别不能填在这一栏。")


class NotUnderUnit(RuleBroken):
    """Refuse an office that belongs to another unit."""

    code = "registry.not_under_unit"
    text = N_("“%(name)s”不在“%(unit)s”下面。")


class BodyClosed(RuleBroken):
    """Refuse to put anybody into a body that is closed."""

    code = "registry.body_closed"
    text = N_("“%(name)s”已经撤销。")


class NotACommunity(RuleBroken):
    """Refuse a home that is no community or village."""

    code = "registry.not_a_community"
    text = N_("“%(name)s”不是社区或村。")


class HasLeft(RuleBroken):
    """Refuse to settle somebody anew who has left; coming back is an act of its own."""

    code = "registry.has_left"
    text = N_("%(name)s已调出。请先登记回来，再改单位和住处。")


class SamePerson(RuleBroken):
    """Refuse to merge or hand over somebody to himself."""

    code = "registry.same_person"
    text = N_("不能选同一个人。")


def clean_name(name: str) -> str:
    """Fold a name: `张　三` is 张三, `John  Smith` keeps one space. Raises BadName."""
    name = tight(name) if _CJK.search(name) else tidy(name)
    if not 2 <= len(name) <= 60 or not any(c.isalpha() for c in name):
        raise BadName
    return name


def clean_work_number(text: str) -> str:
    """Fold a work number. Raises BadWorkNumber or IdNumberRefused."""
    text = tight(text).lstrip("'’‘").upper()
    if looks_like_id_number(text):
        raise IdNumberRefused
    if not _WORK_NUMBER.fullmatch(text):
        raise BadWorkNumber
    return text


def clean_phone(text: str) -> str:
    """Fold a phone number to its digits; "" stays "". Raises BadPhone or IdNumberRefused."""
    if text.isascii() and _MOBILE.fullmatch(text):
        return text
    text = re.sub(r"[\s\-—–－()（）'’‘.]", "", tight(text))
    text = re.sub(r"^(?:\+|00)?86(?=1\d{10}$|0)", "", text)
    if not text:
        return ""
    if looks_like_id_number(text):
        raise IdNumberRefused
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return text
    raise BadPhone


def mask_phone(phone: str) -> str:
    """Hide the middle of a phone number: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)


def looks_like_id_number(text: str) -> bool:
    """Tell whether an 18-digit ID number with a right check digit stands in the text."""
    if len(text) < 18:
        return False
    for found in _ID_NUMBER.findall(text):
        total = sum(w * int(d) for w, d in zip(_ID_WEIGHTS, found[:17], strict=True))
        if "10X98765432"[total % 11] == found[17].upper():
            return True
    return False


def is_expected(status: str) -> bool:
    """Tell whether a person of this status is expected at the unit's evenings."""
    return status in EXPECTED


def check_status_step(now: str, then: str) -> None:
    """Allow a change of status. Raises BadStatusStep."""
    if now != then and then not in STATUS_STEPS[now]:
        raise BadStatusStep


def check_since(since: date, today: date, previous: date | None = None) -> None:
    """Allow the day from which something holds. Raises FutureDate or BeforePrevious."""
    if since > today:
        raise FutureDate(day=since.isoformat())
    if previous is not None and since < previous:
        raise BeforePrevious(day=since.isoformat(), start=previous.isoformat())


def clean_new(row: NewPerson, today: date) -> NewPerson:
    """Fold and check what stands in one entry by itself. Raises a RuleBroken of this module."""
    if row.since is not None:
        check_since(row.since, today)
    if row.status not in STATUSES:
        raise BadStatusStep
    return replace(
        row,
        name=clean_name(row.name),
        work_number=clean_work_number(row.work_number),
        phone=clean_phone(row.phone),
        sort_key=clean_sort_key(row.sort_key),
    )


def clean_sort_key(key: str) -> str:
    """Fold an edited pinyin key; "" means: make it from the name."""
    return tidy(key).lower()[:120]
