"""A stream: what is broadcast when by whom, and every push of an encoder into it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Body


class Source(models.TextChoices):
    """Where the pictures come from."""

    EMBEDDED = "embedded", _("本平台直播")
    UPLOAD = "upload", _("上传录像")
    OUTSIDE = "outside", _("外部直播链接")


class Reach(models.TextChoices):
    """Who may watch."""

    HOSTS = "hosts", _("仅主办方（尚未公布）")
    STAFF = "staff", _("登录后可看")
    PUBLIC = "public", _("公开，不必登录")


class Stream(PublicModel):
    """One broadcast. What it is of stands above this area: a kind and a public id."""

    class State(models.TextChoices):
        WAITING = "waiting", _("未开始")
        ON_AIR = "on_air", _("直播中")
        BROKEN = "broken", _("信号中断")
        ENDED = "ended", _("已结束")

    title = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    host = models.ForeignKey(Body, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.EMBEDDED)
    outside_url = models.URLField(blank=True)
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.PUBLIC)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # Of the key only this is kept: who reads the database cannot broadcast.
    key_digest = models.CharField(max_length=64, blank=True)
    key_made_at = models.DateTimeField(null=True)
    key_made_by = models.BigIntegerField(null=True)  # the account that is told of faults
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # the first picture
    broken_at = models.DateTimeField(null=True)  # since when the line is down
    ended_at = models.DateTimeField(null=True)
    captions = models.TextField(blank=True)  # WebVTT, counted from the start of the recording
    captions_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="stream_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=~Q(subject_id=""),
                name="stream_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["key_digest"], condition=~Q(key_digest=""), name="stream_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="stream_by_start"),
            models.Index(fields=["ends_at"], condition=~Q(state="ended"), name="stream_not_ended"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public(self) -> bool:
        """Tell whether anybody may watch without an account."""
        return self.reach == Reach.PUBLIC


class Push(PublicModel):
    """One time an encoder sent, from its first byte to its last. Nothing says who or whence."""

    class Ending(models.TextChoices):
        STOPPED = "stopped", _("推流端停止")
        LOST = "lost", _("线路中断")
        RESTART = "restart", _("服务器重启")
        CODEC = "codec", _("编码不支持")
        DISK = "disk", _("磁盘已满")
        CLOSED = "closed", _("主办方结束")
        SECOND = "second", _("已有人在推流，被拒绝")

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="pushes")
    part = models.PositiveSmallIntegerField(default=0)  # of the recording; 0: never let in
    rehearsal = models.BooleanField(default=False)  # long before the start: for its hosts only
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last sign of life
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    video = models.CharField(max_length=40, blank=True)  # "h264 1280×720 25"
    audio = models.CharField(max_length=40, blank=True)
    found = models.CharField(max_length=40, blank=True)  # what we could not take, as it says it

    class Meta:
        ordering = ["id"]
        constraints = [
            # The first stays: two encoders with one key are never mixed.
            models.UniqueConstraint(
                fields=["stream"], condition=Q(ended_at=None), name="push_one_at_a_time"
            ),
        ]
