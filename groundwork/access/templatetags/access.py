"""Name a device from its browser's own description."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

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
