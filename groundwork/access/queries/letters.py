"""What an operator learns of letters and messages that did not go out."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.base import outbox
from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Todo


def todo(by: Actor, at: datetime) -> list[Todo]:
    """Tell the city's operator how many were given up, and what ends that."""
    if by.system or not by.has(Role.CITY_OPERATOR):
        return []
    n = outbox.given_up().count()
    if not n:
        return []
    said = ngettext("有 %(n)s 封信没有送出去", "有 %(n)s 封信没有送出去", n) % {"n": n}
    sub = _(
        "试了十次。请系统管理员修好邮件或消息服务，再运行 groundwork outbox again；一封不会丢。"
    )
    return [Todo(title=said, url=reverse("access:notices"), sub=sub, chip=_("没送出"), tone="late")]
