"""Who hears and answers the alarms of a gate: the keepers of its place."""

from __future__ import annotations

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import under
from groundwork.duty.models import Alarm
from groundwork.duty.policy.gates import KEEPERS


def visible_alarms(by: Actor) -> QuerySet[Alarm]:
    """Alarms of the gates at the places one keeps."""
    if by.system:
        return Alarm.objects.all()
    return Alarm.objects.filter(under("gate__place__path", by.places(*KEEPERS)))


def alarm_for(by: Actor, public_id: str, *, lock: bool = False) -> Alarm:
    """Fetch an alarm to see or answer it. Raises NotFound."""
    alarms = visible_alarms(by).select_related("gate__place", "gate__order")
    if lock:
        alarms = alarms.select_for_update(of=("self",))
    alarm = sole(alarms.filter(public_id=public_id))
    if alarm is None:
        raise NotFound
    return alarm
