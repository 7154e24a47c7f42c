"""Roll-ups: sums of records by place, made again from the records wherever a change touched them.

No row is about a person. Everything here may be thrown away: the next fill makes it anew.
"""

from __future__ import annotations

from django.db import models


class Reading(models.Model):
    """How far the change log was read, and up to when what the clock alone lets count.

    `gaps` are numbers not seen below `position`, `[first, last, since when]`: a change gets its
    number before it is committed, so they may still come.
    """

    name = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)
    until = models.DateTimeField(null=True)


class Fill(models.Model):
    """How the sums of one source stand."""

    class State(models.TextChoices):
        FILLING = "filling"
        STANDING = "standing"
        FAILED = "failed"

    source = models.CharField(max_length=40, primary_key=True)
    edition = models.CharField(max_length=12)  # of what is summed and what it means
    state = models.CharField(max_length=8, choices=State.choices, default=State.FILLING)
    whole = models.BooleanField(default=False)  # everything of this edition was counted once
    position = models.BigIntegerField(default=0)  # the change up to which the sums hold
    cutoff = models.DateTimeField(null=True)  # what counted by then is in the sums
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)


class Stale(models.Model):
    """A portion of a source's sums that must be recounted: a day, or a week or year of persons."""

    source = models.CharField(max_length=40)
    moment = models.CharField(max_length=20)  # which of the source's times
    portion = models.CharField(max_length=8)
    first = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "moment", "portion", "first"], name="mark_once"
            ),
        ]


class DayCell(models.Model):
    """How many records of a series one day has at a place and below it; none: no row."""

    series = models.CharField(max_length=160)
    day = models.DateField()
    place = models.CharField(max_length=8)  # the path of a city or a district
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "day", "place"], name="day_cell_once"),
        ]
        indexes = [
            # `n` in it: a sum over a year reads the index alone.
            models.Index(fields=["place", "series", "day", "n"], name="day_cell_sum"),
        ]


class PeriodCell(models.Model):
    """How many different ones the records of a series name in a period, at a place and below it."""

    series = models.CharField(max_length=160)
    period = models.CharField(max_length=24)
    place = models.CharField(max_length=8)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "period", "series"], name="period_cell_once"),
        ]
