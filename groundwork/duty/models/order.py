"""The activation order: without one, nothing of this area is open."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Person, Place


class Order(PublicModel):
    """Who ordered what, on which legal basis, where, from when to when, and what it opens.

    The same machine for an epidemic, a typhoon, snow or a missing child. `ends_at` is when its
    doors shut by themselves; `erased_at` when its log and the log's key were gone.
    """

    class Kind(models.TextChoices):
        EPIDEMIC = "epidemic", _("疫情防控")
        TYPHOON = "typhoon", _("防汛防台")
        SNOW = "snow", _("低温雨雪")
        MISSING = "missing", _("寻找走失人员")
        OTHER = "other", _("其他紧急任务")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ACTIVE = "active", _("生效中")
        ENDED = "ended", _("已结束")

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    body = models.ForeignKey(Body, models.PROTECT, related_name="orders")  # who ordered
    basis = models.TextField()  # the legal basis, as people read it
    place = models.ForeignKey(Place, models.PROTECT, related_name="orders")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    calls_up = models.BooleanField(default=True)
    checks_in = models.BooleanField(default=True)
    keeps_log = models.BooleanField(default=False)
    takes_temperature = models.BooleanField(default=False)
    weights = models.JSONField(default=dict)  # of the planner; {}: the usual ones
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="order_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["state", "-starts_at", "-id"], name="order_by_state")]

    def __str__(self) -> str:
        return self.title


class OrderStep(models.Model):
    """What happened to an order: activated, prolonged, a switch thrown, ended. Appended."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=16)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60, blank=True)  # as the reader saw who did it
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class OrderBranch(models.Model):
    """A temporary party branch formed at a place for the time of the order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="branches")
    body = models.OneToOneField(Body, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    secretary = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
