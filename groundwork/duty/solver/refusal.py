"""Say what is wrong with a file: where, and in both languages."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from groundwork.base.errors import GroundworkError

T = TypeVar("T")

SAID: dict[str, tuple[str, str]] = {
    "missing": ("缺少“%(name)s”", "lacks `%(name)s`"),
    "unknown_field": ("有不认识的“%(name)s”", "has an unknown field `%(name)s`"),
    "type": ("应当是%(wanted_zh)s，却是%(got_zh)s", "should be %(wanted)s, is %(got)s"),
    "least": ("不能小于%(limit)s", "must be at least %(limit)s"),
    "above": ("应当大于%(limit)s", "must be more than %(limit)s"),
    "most": ("不能大于%(limit)s", "must be at most %(limit)s"),
    "shortest": ("至少要有%(limit)s项或字", "must have at least %(limit)s items or characters"),
    "longest": ("最多%(limit)s项或字", "must have at most %(limit)s items or characters"),
    "choice": ("没有“%(name)s”这个选项", "is none of the allowed words: `%(name)s`"),
    "malformed": ("不是完整的JSON（%(reason)s）", "is not whole JSON (%(reason)s)"),
    "too_big": ("文件太大，最多%(limit)s MB", "is too big a file, %(limit)s MB at most"),
    "twice": ("“%(name)s”出现了两次", "`%(name)s` stands here twice"),
    "nothing": ("没有“%(name)s”", "there is no `%(name)s`"),
    "time": ("应当是当地时间，如 2026-01-05T17:00", "should be a local time like 2026-01-05T17:00"),
    "no_such_time": ("没有“%(name)s”这个时间", "there is no such time: `%(name)s`"),
    "hour": ("应当是 00:00 到 24:00", "should be 00:00 to 24:00"),
    "backwards": ("早于开始", "before its start"),
    "too_long": ("一班不能超过%(limit)s小时", "a shift is at most %(limit)s hours long"),
    "off_calendar": ("不在计划的日子里", "not within the days of the plan"),
    "first_place": (
        "第一个地方应当是全市，没有上级",
        "the first place is the city, and has no parent",
    ),
    "only_city": ("只有第一个地方是全市", "only the first place is the city"),
    "no_parent": ("应当有上级", "must have a parent"),
    "level": ("应当比上级低一层或几层", "must be of a lower level than its parent"),
    "stray_cell": ("网格应当属于一个社区", "a cell belongs to a community"),
    "staff": (
        "比名单上这个单位的人数少",
        "is less than the people of this unit in the file",
    ),
    "falls": ("价格只能越来越高", "prices must not fall"),
    "closed_lock": ("这一班的点位已关闭", "the gate of this shift is closed then"),
    "too_many_slots": (
        "班次名额共%(got)s，最多%(limit)s",
        "%(got)s slots in all, %(limit)s at most",
    ),
}
"""Every refusal: in Chinese, and in English."""

TYPES: dict[str, tuple[str, str]] = {
    "int": ("整数", "a whole number"),
    "float": ("小数", "a number with a fraction"),
    "str": ("文字", "text"),
    "bool": ("是或否", "true or false"),
    "array": ("列表", "a list"),
    "object": ("对象", "an object"),
    "null": ("空", "null"),
}
MESSAGES = (
    (r"missing required field `(?P<name>.*)`", "missing"),
    (r"unknown field `(?P<name>.*)`", "unknown_field"),
    (r"Invalid enum value '?(?P<name>.*?)'?$", "choice"),
    (r"of length >= (?P<limit>\d+)", "shortest"),
    (r"of length <= (?P<limit>\d+)", "longest"),
    (r">= (?P<limit>[\d.-]+)", "least"),
    (r"<= (?P<limit>[\d.-]+)", "most"),
    (r"> (?P<limit>[\d.-]+)", "above"),
)


def _shown(value: object) -> str:
    """Say what a file holds in one short line, without what a terminal would obey."""
    text = "".join(letter if letter.isprintable() else "�" for letter in str(value))
    return text if len(text) <= 80 else f"{text[:79]}…"


def _types(names: object, language: int) -> str:
    """Say msgspec's names of types in one language: `str | null`."""
    known = re.findall(r"\w+", str(names))
    return ("或", " or ")[language].join(TYPES.get(name, (name, name))[language] for name in known)


class Nonsense(GroundworkError):
    """Refuse a file, with the JSON path of the fault; `english` says it in English."""

    code = "nonsense"
    status = 422

    def __init__(self, path: str, fault: str, **params: object) -> None:
        self.path, self.fault = path, fault
        chinese, english = SAID[fault]
        params = {name: _shown(value) for name, value in params.items()}
        super().__init__(chinese, **params)
        self.english = english % params

    @property
    def chinese(self) -> str:
        """Give the sentence in Chinese."""
        return self.text % self.params

    def __str__(self) -> str:
        return f"{self.path}: {self.english}（{self.chinese}）"


def read(content: bytes, kind: type[T], most_bytes: int) -> T:
    """Read JSON as a `kind`, or refuse it with the path of the first fault."""
    if len(content) > most_bytes:
        raise Nonsense("$", "too_big", limit=most_bytes // 2**20)
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Nonsense("$", "malformed", reason=str(error)) from error


def _refusal(message: str) -> Nonsense:
    """Turn msgspec's sentence into ours: its path is kept, its words are not."""
    said, _, at = message.partition(" - at `")
    path = at.rstrip("`") or "$"
    for pattern, fault in MESSAGES:
        found = re.search(pattern, said)
        if found:
            return Nonsense(path, fault, **found.groupdict())
    wanted, _, got = said.removeprefix("Expected ").partition(", got ")
    if not got:
        return Nonsense(path, "malformed", reason=said)
    return Nonsense(
        path,
        "type",
        wanted=_types(wanted, 1),
        got=_types(got, 1),
        wanted_zh=_types(wanted, 0),
        got_zh=_types(got, 0),
    )
