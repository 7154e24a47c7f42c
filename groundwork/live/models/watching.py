"""What remains of an evening's pulses, and what others say of it. Rows are written once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.live.models.stream import Stream


class Digest(models.Model):
    """The figures of one stream, counted once from its pulses, which were erased thereupon.

    `rules.figures` says what each figure means. Nothing in it belongs to a browser or a person.
    """

    stream = models.OneToOneField(Stream, models.PROTECT, related_name="digest")
    plays = models.PositiveBigIntegerField()
    viewers = models.PositiveBigIntegerField()
    peak = models.PositiveBigIntegerField()
    peak_at = models.DateTimeField(null=True)  # the first minute with so many; null: nobody
    curve = models.JSONField(default=list)  # viewers of each minute, the first at `curve_from`
    curve_from = models.DateTimeField()
    refused = models.JSONField(default=dict)  # pulses by the rule that refused them
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(peak__lte=F("viewers")) & Q(viewers__lte=F("plays")),
                name="digest_figures_agree",
            ),
        ]


class OutsideFigure(models.Model):
    """A figure somebody else gave, beside ours: never added to it, changed or taken away.

    A mistake is mended by a later row that says so; both stay.
    """

    class Figure(models.TextChoices):
        PLAYS = "plays", _("播放次数")
        VIEWERS = "viewers", _("观看人数（去重）")
        PEAK = "peak", _("同时在线峰值")

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="outside_figures")
    figure = models.CharField(max_length=8, choices=Figure.choices)
    number = models.PositiveBigIntegerField()
    source = models.CharField(max_length=120)  # who said it: the broadcaster, its department
    said_on = models.DateField()
    recorded_by = models.BigIntegerField(null=True)  # account
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="outside_figure_has_source"),
        ]
