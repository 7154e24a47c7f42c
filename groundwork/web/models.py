"""What the burden meter keeps: how long a form took on which day, and nobody's name."""

from __future__ import annotations

from django.db import models


class FormTiming(models.Model):
    """One send of one declared form. No person, no time of day."""

    form_key = models.CharField(max_length=60)
    day = models.DateField()
    seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["form_key", "day"], name="form_timing_key_day")]

    def __str__(self) -> str:
        return f"{self.form_key} {self.day} {self.seconds} s"
