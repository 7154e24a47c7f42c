"""The gate's own phone, its log under the order's key, hand-over, pause, alarm, notice."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.duty.models.need import Gate, Shift
from groundwork.duty.models.order import Order
from groundwork.duty.models.post import Post


class GatePhone(PublicModel):
    """A phone that shows the code and keeps the log of one gate; its token is here as a digest."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="phones")
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)


class LogEntry(models.Model):
    """Somebody came through a gate: the least there can be, sealed with the order's key.

    `sealed` holds {name or plate, community} and is unreadable once the order's key is gone; it
    is null where nobody was named (a known resident). Rows go when the order has ended.
    """

    class Who(models.TextChoices):
        RESIDENT = "resident", _("本小区居民")
        VISITOR = "visitor", _("来访")
        VEHICLE = "vehicle", _("车辆")

    order = models.ForeignKey(Order, models.PROTECT, related_name="entries")
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="entries")
    client_key = models.CharField(max_length=40, unique=True)  # made by the phone before it is sent
    who = models.CharField(max_length=8, choices=Who.choices)
    fever = models.BooleanField(null=True)  # null: temperature was not taken
    at = models.DateTimeField()  # as the phone saw it, never after `received_at`
    received_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["gate", "at", "id"], name="entry_by_gate")]


class Reveal(models.Model):
    """Somebody had names of a gate's log shown, for a reason that stays when the log is gone."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="reveals")
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60)  # as the reader saw who it was
    reason = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    shown = models.PositiveIntegerField()  # entries
    at = models.DateTimeField()


class HandOver(PublicModel):
    """The note from one shift to the next, signed by both."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="hand_overs")
    client_key = models.CharField(max_length=40, unique=True)
    from_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300)
    counted = models.PositiveIntegerField(default=0)  # entries of the shift, as the phone showed
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)


class Pause(PublicModel):
    """Somebody steps away (family calls); a neighbour gate is asked to cover. No reason is kept."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="pauses")
    asked_gate = models.ForeignKey(Gate, models.PROTECT, null=True, related_name="+")
    covered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Alarm(PublicModel):
    """A feverish visitor, or help wanted at once: told to the community, answered by somebody."""

    class Kind(models.TextChoices):
        FEVER = "fever", _("体温异常")
        HELP = "help", _("需要支援")

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="alarms")
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["gate", "-at"], name="alarm_by_gate")]


class GateNotice(models.Model):
    """The privacy notice that hangs at the gates of an order: versioned, printable."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="notices")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="notice_version_once"),
        ]
