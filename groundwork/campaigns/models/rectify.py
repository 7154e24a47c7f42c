"""Findings of self-checks: each one is a matter, led by the body in which it was found.

State, deadline, owner, answer and history are the matter's; here stands what the campaign adds.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.campaigns.models.discussion import Campaign, PhaseTask
from groundwork.matters.models import Matter
from groundwork.registry.models import Body


class Finding(PublicModel):
    """A problem that a unit found with itself, what shows it, what is to be done."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="findings", db_index=False)
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="finding")
    body = models.ForeignKey(Body, models.PROTECT, related_name="findings", db_index=False)
    point = models.ForeignKey(PhaseTask, models.SET_NULL, null=True, related_name="findings")
    evidence = models.CharField(max_length=1000)
    measures = models.CharField(max_length=1000)

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "body", "id"], name="finding_by_campaign"),
            models.Index(fields=["body", "-id"], name="finding_by_body"),
        ]


class FindingCheck(PublicModel):
    """Somebody else looked whether a finding is put right."""

    class Found(models.TextChoices):
        FIXED = "fixed", _("整改到位")
        BACK = "back", _("没有到位，或又出现了")

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="checks")
    found = models.CharField(max_length=6, choices=Found.choices)
    day = models.DateField()
    text = models.CharField(max_length=1000)
    label = models.CharField(max_length=80, blank=True)  # as what somebody looked
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
