"""What the open data said of a month: taken once, kept, never changed."""

from __future__ import annotations

from django.db import models

from groundwork.base.models import PublicModel
from groundwork.registry.models import Place


class Edition(PublicModel):
    """The open data of a city and its districts for one month, as they stood at the cut-off.

    What was entered or corrected later makes another edition of the same month; both stay. `rows`
    are those of the CSV, `definitions` what each number meant. No row is about a person.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    first = models.DateField()  # of the month
    number = models.PositiveSmallIntegerField()  # 1, 2 … of the same month
    cutoff = models.DateTimeField()
    rows = models.JSONField()
    definitions = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the rows as the CSV has them

    class Meta:
        ordering = ["-first", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "first", "number"], name="edition_once"),
        ]
