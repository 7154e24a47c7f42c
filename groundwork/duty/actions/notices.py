"""The notice that hangs at the gates: what is recorded, why, how long, whom to ask."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.duty.models import GateNotice, Order
from groundwork.duty.policy.orders import order_for

KIND = "duty.notice"
MOST = 4000
ASK = N_("有疑问，或者想知道、想更正登记的内容，请问：%(body)s。")


class EmptyNotice(RuleBroken):
    """Refuse a notice that says nothing."""

    code = "duty.empty_notice"
    text = N_("告知书不能空着。")


def proposed(order: Order, ask: str = "") -> str:
    """Compose the notice from the order's switches, in the main language; its last paragraph asks.

    One paragraph each: why, what, what not, how long, who sees it, whom to ask.
    """
    with translation.override("zh-hans"):
        end = order.ends_at.astimezone(clock.ZONE)
        until = f"{end.year}年{end.month}月{end.day}日 {end:%H:%M}"
        parts = [
            gettext("为什么：%(title)s。依据：%(basis)s")
            % {"title": order.title, "basis": _sentence(order.basis)},
            *_recorded(order),
            gettext("到什么时候：%(until)s为止；提前结束的，以结束时为准。") % {"until": until},
            ask or gettext(ASK) % {"body": order.body.name},
        ]
    return "\n\n".join(parts)


def _sentence(words: str) -> str:
    return "".join(words.split("\r\n")).strip().rstrip("。；;") + "。"


def _recorded(order: Order) -> list[str]:
    if not order.keeps_log:
        return [gettext("记什么：这个卡口不登记来往人员，只请配合值守。")]
    temperature = gettext("，以及体温是否正常（不记度数）") if order.takes_temperature else ""
    return [
        gettext(
            "记什么：来访人姓名或车牌，去哪个社区，时间%(more)s。本小区居民只记一次通过，不记名。"
        )
        % {"more": temperature},
        gettext("不记什么：身份证号、电话、照片、行踪，都不登记。"),
        gettext("谁能看：内容加密保存。查看须写明理由，每次查看都留痕。"),
        gettext("留多久：启动令一结束，密钥销毁，登记全部抹除，备份里的也不能再读。"),
    ]


def ask_of(text: str) -> str:
    """Give the last paragraph of a notice: whom to ask."""
    return text.rstrip().split("\n\n")[-1]


@transaction.atomic
def write_notice(order_id: str, text: str, *, by: Actor, at: datetime | None = None) -> GateNotice:
    """Write a new version of an order's notice; the same words make none. Raises EmptyNotice."""
    at = at or clock.now()
    order = order_for(by, order_id, "edit", lock=True)
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())[:MOST]
    if not text:
        raise EmptyNotice
    return _write(order, text, by=by, at=at)


def renew_notice(order: Order, *, by: Actor, at: datetime) -> GateNotice:
    """Bring the notice up to what a locked order says now; whom to ask stays."""
    last = order.notices.order_by("-version").first()
    return _write(order, proposed(order, ask_of(last.text) if last else ""), by=by, at=at)


def _write(order: Order, text: str, *, by: Actor, at: datetime) -> GateNotice:
    last = order.notices.order_by("-version").first()
    if last is not None and last.text == text:
        return last
    version = last.version + 1 if last else 1
    made = GateNotice.objects.create(
        order=order, version=version, text=text, at=at, account_id=by.account_id
    )
    trail.record(by, "write", KIND, f"{order.public_id}/{version}", ["text"], at=at)
    return made
