"""What Open311 GeoReport v2 asks for: status words, moments, the span of a list, its refusals.

https://wiki.open311.org/GeoReport_v2/ ; the updates are the extension of the Open311 adapters.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from groundwork.base.errors import N_, GroundworkError
from groundwork.matters.rules.states import CLOSED

ZONE = ZoneInfo("Asia/Shanghai")
SPAN = timedelta(days=90)
MOST = 1000  # requests of one list, as the specification has it
Status = Literal["open", "closed"]
STATUSES: tuple[Status, ...] = ("open", "closed")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


class Open311Error(GroundworkError):
    """Say why, in the form of the specification: an HTTP code and a sentence."""

    code = "open311"
    status = 400


class NotOurJurisdiction(Open311Error):
    """Say that another city is asked for."""

    code, status = "open311.jurisdiction", 404
    text = N_("jurisdiction_id 不是本市的：本市是 %(ours)s。")


class NoSuchService(Open311Error):
    """Say that no category has this code."""

    code, status = "open311.service", 404
    text = N_("没有 service_code 为“%(value)s”的类别。")


class NoSuchRequest(Open311Error):
    """Say that no such request is public, or not yet."""

    code, status = "open311.request", 404
    text = N_("没有这个 service_request_id，或者还没有公开。")


class NoSuchToken(Open311Error):
    """Say that a token is unknown."""

    code, status = "open311.token", 404
    text = N_("没有这个 token。")


class NoKey(Open311Error):
    """Refuse a report without a living key."""

    code, status = "open311.key", 403
    text = N_("api_key 缺失、写错或已撤销。密钥在“我的账号—接口密钥”里做。")


class Missing(Open311Error):
    """Say which argument is missing."""

    code = "open311.missing"
    text = N_("缺少参数 %(name)s。")


class NoPlace(Open311Error):
    """Say that a place must be named; coordinates are not taken."""

    code = "open311.place"
    text = N_(
        "请用 address_string 写社区（村）名称，或用 address_id 填官方代码。本市不收、不存坐标。"
    )


class BadValue(Open311Error):
    """Say that a value cannot be understood."""

    code = "open311.value"
    text = N_("参数 %(name)s 的值不对：%(value)s。")


class TooWide(Open311Error):
    """Refuse a span of more than 90 days."""

    code = "open311.span"
    text = N_("start_date 和 end_date 最多相隔 90 天。")


def status_of(state: str) -> Status:
    """Give the word for a state: closed is what nobody works on any more."""
    return "closed" if state in CLOSED else "open"


def confirmed(state: str) -> bool | None:
    """Tell whether the raiser confirmed it as solved; None where nobody was asked (yet).

    `False`: the raiser said no, or stayed silent and only the unit says it is done.
    """
    if state == "solved":
        return True
    return False if state in ("unit_done", "redo") else None


def reopens(verb: str) -> bool:
    """Tell whether a step sent a request back to be done again."""
    return verb in ("refuse", "reopen")


def moment(name: str, text: str, *, ends: bool = False) -> datetime | None:
    """Read a W3C date or moment; without a zone it is the city's. Raises BadValue.

    A bare date begins its day, as an end it ends it.
    """
    if not text:
        return None
    found = _MOMENT.fullmatch(text.strip().replace(" ", "+"))
    try:
        if found is None:
            raise ValueError(text)
        day, time, zone = found.groups()
        if time is None:
            read = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=ZONE)
            return read + timedelta(days=1) - timedelta(microseconds=1) if ends else read
        read = datetime.fromisoformat(f"{day}T{time}{zone or ''}")
        read = read if read.tzinfo else read.replace(tzinfo=ZONE)
        return read.astimezone(ZONE)
    except (ValueError, OverflowError) as error:
        raise BadValue(name=name, value=text[:40]) from error


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Give from when to when a list reaches: 90 days unless told otherwise. Raises TooWide."""
    try:
        if end is None:
            end = now if start is None else min(now, start + SPAN)
        if start is None:
            start = end - SPAN
    except OverflowError as error:
        raise BadValue(name="start_date", value="") from error
    if end - start > SPAN + timedelta(days=1):  # both days included
        raise TooWide
    return start, end
