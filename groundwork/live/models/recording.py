"""A recording: its parts as they came, and from where to where it is shown."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.live.models.stream import Push, Stream


class Recording(PublicModel):
    """What can be watched again: of the broadcast, or uploaded by the host."""

    class Origin(models.TextChoices):
        BROADCAST = "broadcast", _("直播录制")
        UPLOAD = "upload", _("上传")

    class State(models.TextChoices):
        GROWING = "growing", _("录制中")
        WAITING = "waiting", _("等待处理")
        WORKING = "working", _("处理中")
        READY = "ready", _("可以回看")
        REFUSED = "refused", _("无法使用")
        ERASED = "erased", _("已到期删除")

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="recordings")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    problem = models.CharField(max_length=20, blank=True)  # a code of rules.media.PROBLEMS
    cut_short = models.BooleanField(default=False)  # the disk was full: it ends before its end
    duration = models.FloatField(null=True)  # seconds, of all parts
    trim_start = models.FloatField(default=0)  # seconds from the first picture
    trim_end = models.FloatField(null=True)  # seconds from the first picture; null: to the end
    # What of it is shown: cuts lie at the key frames next inside the wished times.
    shown_start = models.FloatField(null=True)
    shown_end = models.FloatField(null=True)
    size = models.BigIntegerField(default=0)  # bytes on disk
    name = models.CharField(max_length=120, blank=True)  # of the uploaded file
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    shown = models.BooleanField(default=True)  # the host may take a replay away and back

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(trim_end=None) | Q(trim_end__gt=F("trim_start")),
                name="recording_trim_forward",
            ),
            models.CheckConstraint(condition=Q(trim_start__gte=0), name="recording_trim_from_0"),
        ]
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=Q(state__in=["waiting", "working"]),
                name="recording_to_do",
            ),
        ]


class RecordingPart(models.Model):
    """One file of a recording, in the order it came."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    push = models.ForeignKey(Push, models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=80)  # below the recording's own folder
    size = models.BigIntegerField(default=0)
    duration = models.FloatField(null=True)  # seconds

    class Meta:
        ordering = ["recording", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "number"], name="part_once"),
        ]
