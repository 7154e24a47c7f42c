"""Likes and bricks: the observation, and every word said to it. No number stands beside them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Person, Place


class Mark(PublicModel):
    """A community secretary's signed, reasoned observation about something that happened.

    What happened is a soft reference (kind and public id, "" for a day alone) with the words as
    they were read. The texts stand in `MarkStep`, appended and never edited.
    """

    class Kind(models.TextChoices):
        LIKE = "like", _("点赞")
        BRICK = "brick", _("拍砖")

    class State(models.TextChoices):
        TOLD = "told", _("先请本人看")
        ANSWERED = "answered", _("本人已说明，等单位认定")
        UNANSWERED = "unanswered", _("说明期已过，等单位认定")
        ADOPTED = "adopted", _("单位已采纳，可申诉")
        REFUSED = "refused", _("单位未采纳，可申诉")
        APPEALED = "appealed", _("已申诉，等上级认定")
        STANDS = "stands", _("成立")
        VOID = "void", _("不成立")
        WITHDRAWN = "withdrawn", _("已收回")
        EXPIRED = "expired", _("已到期")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TOLD)
    # Null once its year is over (`rules.retention`).
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="marks")
    unit = models.ForeignKey(Body, models.PROTECT, related_name="marks")  # at the time
    place = models.ForeignKey(Place, models.PROTECT, related_name="marks")  # whose secretary wrote
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=200, blank=True)  # what happened, as it was read
    day = models.DateField()
    written_at = models.DateTimeField()
    reply_by = models.DateField()
    heard_at = models.DateTimeField(null=True)  # since when the unit may read it
    appeal_by = models.DateField(null=True)
    appealed = models.BooleanField(default=False)
    expires_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-written_at", "-id"], name="mark_by_person"),
            models.Index(fields=["unit", "-written_at", "-id"], name="mark_by_unit"),
            models.Index(fields=["place", "-written_at", "-id"], name="mark_by_place"),
            models.Index(fields=["state", "reply_by"], name="mark_waiting"),
        ]


class MarkStep(models.Model):
    """One word in the matter: written, replied, adopted, refused, appealed, corrected, taken back.

    `name` and `office` are the signature as it was read.
    """

    mark = models.ForeignKey(Mark, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=10)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60, blank=True)
    office = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
