"""An alarm from a gate: the community hears at once, and somebody says what was done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.duty.models import Alarm, Gate, Shift
from groundwork.duty.policy.alarms import alarm_for
from groundwork.duty.queries.keepers import keepers_of

KIND = "duty.alarm"
WORDS = {
    "fever": N_("%(gate)s有人体温异常，请马上到卡口。"),
    "help": N_("%(gate)s需要支援，请马上到卡口。"),
}
LATE_WORDS = {
    "fever": N_("%(gate)s %(when)s 有人体温异常；当时没有信号，现在才送到。请马上联系卡口。"),
    "help": N_("%(gate)s %(when)s 需要支援；当时没有信号，现在才送到。请马上联系卡口。"),
}
LATE = timedelta(minutes=10)
"""An alarm that waited so long for signal says when it was raised."""


class NoAlarm(RuleBroken):
    """Refuse an alarm of no known kind."""

    code = "duty.no_alarm"
    text = N_("请选择是哪一种情况。")


class NoOutcome(RuleBroken):
    """Refuse to close an alarm without a word on what was done."""

    code = "duty.no_outcome"
    text = N_("请写一句怎么处理的。")


def raise_alarm(
    gate: Gate, kind: str, key: str, *, by: Actor, seen: datetime, at: datetime
) -> Alarm:
    """Raise an alarm at a gate: told to the community's secretaries, once per key."""
    if kind not in Alarm.Kind.values:
        raise NoAlarm
    shift = Shift.objects.filter(gate=gate, starts_at__lte=seen, ends_at__gte=seen).first()
    alarm, made = Alarm.objects.get_or_create(
        client_key=key,
        defaults={"gate": gate, "shift": shift, "kind": kind, "at": seen, "received_at": at},
    )
    if made:
        notify(
            keepers_of(gate, at),
            kind=f"duty.alarm.{kind}",
            key=f"duty.alarm:{alarm.public_id}",
            text=(LATE_WORDS if at - seen >= LATE else WORDS)[kind],
            url=reverse("duty:alarm", args=[alarm.public_id]),
            params={"gate": f"{gate.place.name}{gate.name}", "when": seen},
            by=by,
            at=at,
        )
        trail.record(by, "raise", KIND, alarm.public_id, ["kind"], at=at)
    return alarm


@transaction.atomic
def answer_alarm(public_id: str, outcome: str, *, by: Actor, at: datetime | None = None) -> Alarm:
    """Say what was done about an alarm; the first answer stands."""
    at = at or clock.now()
    alarm = alarm_for(by, public_id, lock=True)
    if not outcome.strip():
        raise NoOutcome
    if alarm.answered_at is None:
        alarm.answered_at, alarm.answered_by = at, by.account_id
        alarm.outcome = outcome.strip()[:200]
        alarm.save(update_fields=["answered_at", "answered_by", "outcome"])
        trail.record(by, "answer", KIND, alarm.public_id, ["outcome"], at=at)
    return alarm
