"""Name a device from its browser's own description; write a cell of the own data."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundwork.access.actions import IssuedSlip
from groundwork.access.rules.slips import group_code
from groundwork.base import dates
from groundwork.web.templatetags.web import qr

register = template.Library()

_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@register.filter
def device(user_agent: str) -> str:
    """Say `Android · 微信` for the long line a browser sends."""
    found = [
        next((name for sign, name in table if sign in user_agent), "")
        for table in (_SYSTEMS, _BROWSERS)
    ]
    return " · ".join(part for part in found if part) or _("不认识的设备")


@register.filter
def plainly(cell: object) -> str:
    """Write one cell of the own data: days and times as everywhere, true and false in words."""
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, datetime):
        return dates.moment_text(cell)
    if isinstance(cell, date):
        return dates.day_text(cell)
    return "—" if cell in (None, "") else str(cell)


@register.filter
def grouped(code: str) -> str:
    """Write a slip's code as it is read out."""
    return group_code(code)


@register.simple_tag
def slip_qr(address: str, slip: IssuedSlip) -> SafeString:
    """Draw the way in: number and code stand after the #, which never reaches a server's log."""
    return qr(f"{address}#{quote(slip.number)}/{slip.code}", "")
