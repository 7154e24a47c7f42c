"""What the open doors need to know for a while: how often somebody knocked, photos not yet sent."""

from __future__ import annotations

from django.db import models

from groundwork.base.models import Attachment


class Knock(models.Model):
    """How often one sender came in one hour. `key` is a keyed digest: no address is kept."""

    key = models.CharField(max_length=32)
    hour = models.PositiveIntegerField()  # hours since 1970
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "key"], name="knock_once_an_hour")]


class LooseFile(models.Model):
    """A photo that came in with a form not yet sent; it goes after a day if it never is."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(db_index=True)
