"""Programmes, evenings and their rolls."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.registry.models import Body, Person, Priority


class Theme(models.TextChoices):
    """The two themes of Tuesday night."""

    POLITICAL = "political", _("政治理论")
    PROFESSIONAL = "professional", _("业务知识")


class Form(models.TextChoices):
    """The five forms an evening may take."""

    SYSTEMATIC = "systematic", _("系统学习")
    CONVEYING = "conveying", _("精神传达")
    MICRO_LESSON = "micro_lesson", _("微型党课")
    SALON = "salon", _("沙龙分享")
    ON_SITE = "on_site", _("现场教学")


class LedBy(models.TextChoices):
    """How an evening is run."""

    CENTRAL_GROUP = "central_group", _("中心组领学")
    YOUTH_GROUPS = "youth_groups", _("青年小组比学")
    BRANCH = "branch", _("支部自学")
    OFFICE = "office", _("处（科）室自学")


class Broadcast(models.TextChoices):
    """How an evening is broadcast; the stream itself is kept by `live` once it is published."""

    NONE = "", _("没有直播")
    EMBEDDED = "embedded", _("本市直播")
    UPLOAD = "upload", _("事后上传录像")
    OUTSIDE = "outside", _("外部直播")


class Topic(PublicModel):
    """A topic under one of the two themes: economy, technology, law …"""

    theme = models.CharField(max_length=16, choices=Theme.choices)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["theme", "id"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "name"], name="topic_once_per_theme"),
        ]

    def __str__(self) -> str:
        return self.name


class Programme(PublicModel):
    """A programme of evenings for a term or several years."""

    name = models.CharField(max_length=120)
    host = models.ForeignKey(Body, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    aim = models.TextField(blank=True)

    class Meta:
        ordering = ["-starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="programme_forward"),
        ]

    def __str__(self) -> str:
        return self.name


class Series(PublicModel):
    """A tour of speakers (巡回宣讲): evenings that belong together."""

    name = models.CharField(max_length=120)
    host = models.ForeignKey(Body, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Material(PublicModel):
    """Something to study, kept in the library and found again by its words."""

    title = models.CharField(max_length=160)
    theme = models.CharField(max_length=16, choices=Theme.choices)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True)
    host = models.ForeignKey(Body, models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    link = models.URLField(blank=True)
    summary = models.TextField(blank=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Evening(PublicModel):
    """One evening of study: at least 90 minutes, hosted by a body, for a part of the tree."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        HELD = "held", _("已举行")
        CLOSED = "closed", _("已封存")
        CANCELLED = "cancelled", _("已取消")

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="own_evenings"
    )  # the city's evening that a unit holds its own under
    host = models.ForeignKey(Body, models.PROTECT, related_name="hosted_evenings")
    theme = models.CharField(max_length=16, choices=Theme.choices)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True)
    form = models.CharField(max_length=16, choices=Form.choices)
    led_by = models.CharField(max_length=16, choices=LedBy.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    broadcast = models.CharField(
        max_length=12, choices=Broadcast.choices, default=Broadcast.NONE, blank=True
    )
    live_url = models.URLField(blank=True)  # of an outside broadcast
    public = models.BooleanField(default=False)  # the hall is open to who has no account
    note = models.TextField(blank=True)
    materials = models.ManyToManyField(Material, blank=True, related_name="evenings")
    priorities = models.ManyToManyField(Priority, blank=True, related_name="evenings")
    audience = models.ManyToManyField(Body, blank=True, related_name="evenings")
    published_at = models.DateTimeField(null=True)  # once set, everybody has seen it
    changed_at = models.DateTimeField()  # of what a calendar shows; sent as LAST-MODIFIED
    moved_from = models.DateTimeField(null=True)  # the first start, where it was moved
    change_reason = models.CharField(max_length=200, blank=True)  # of the move or cancellation
    sequence = models.PositiveIntegerField(default=0)  # grows with every change, for calendars

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="evening_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="evening_by_start"),
            models.Index(fields=["ends_at"], condition=Q(state="published"), name="evening_due"),
        ]

    def __str__(self) -> str:
        return self.title


class EveningSpeaker(models.Model):
    """A speaker of an evening, from the registry or from outside."""

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="speakers")
    order = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["order", "id"]


class Room(PublicModel):
    """A room where a body takes part in an evening; its secret makes the rotating code."""

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="rooms")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    secret = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evening", "body", "name"], name="room_once_per_evening"
            ),
        ]


class RollSheet(PublicModel):
    """A unit's roll of one evening: open until its secretary closes it, with the totals then."""

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="sheets")
    body = models.ForeignKey(Body, models.PROTECT, related_name="sheets")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    expected = models.PositiveIntegerField(null=True)  # as it was at closing
    took_part = models.PositiveIntegerField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evening", "body"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(took_part=None, expected=None) | Q(took_part__lte=F("expected")),
                name="took_part_of_expected",
            ),
        ]
        indexes = [
            models.Index(fields=["body", "evening"], name="sheet_by_body"),
            models.Index(fields=["evening"], condition=Q(closed_at=None), name="sheet_open"),
        ]


class Source(models.TextChoices):
    """How somebody came onto the roll."""

    QR = "qr", _("扫码")
    CODE = "code", _("口令")
    TICK = "tick", _("书记点名")
    LIVE = "live", _("在线收看")
    REPLAY = "replay", _("回看补学")
    STATEMENT = "statement", _("本人说明")
    IMPORT = "import", _("表格导入")


class RollEntry(PublicModel):
    """A person took part in an evening: yes, and how. No minutes, no score, one row for ever.

    A correction sets `withdrawn`; it never deletes. However often a tap is sent, `roll_once` holds.
    """

    evening = models.ForeignKey(Evening, models.PROTECT, related_name="entries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="roll_entries")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")  # the unit at that time
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    recorded_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evening", "person"], name="roll_once"),
        ]
        indexes = [
            models.Index(fields=["person", "evening"], name="roll_by_person"),
            models.Index(fields=["evening", "body"], name="roll_by_body"),
        ]


class RollConfirmation(models.Model):
    """A later source that says the same as the first."""

    entry = models.ForeignKey(RollEntry, models.CASCADE, related_name="confirmations")
    source = models.CharField(max_length=12, choices=Source.choices)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "source"], name="confirmation_once"),
        ]


class RollCorrection(models.Model):
    """What a secretary changed on a roll, and why; appended, never edited."""

    evening = models.ForeignKey(Evening, models.PROTECT, related_name="corrections")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    took_part = models.BooleanField()  # after the correction
    reason = models.CharField(max_length=200)
    corrected_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)


class AbsenceCategory(models.TextChoices):
    """Why somebody was not there: a category, never free text."""

    DUTY = "duty", _("值班执勤")
    TRAVEL = "travel", _("出差")
    LEAVE = "leave", _("休假")
    SICK = "sick", _("病假")
    FAMILY = "family", _("家庭原因")
    OTHER = "other", _("其他")


class Leave(PublicModel):
    """Leave from an evening: asked for, granted or refused."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已准")
        REFUSED = "refused", _("未准")
        WITHDRAWN = "withdrawn", _("已撤回")

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="leaves")
    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves")
    category = models.CharField(max_length=12, choices=AbsenceCategory.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evening", "person"], name="leave_once"),
        ]
        indexes = [
            models.Index(fields=["evening"], condition=Q(state="asked"), name="leave_asked"),
        ]


class Absence(models.Model):
    """Somebody expected who was not there, written when the sheet is closed; '' is not said."""

    sheet = models.ForeignKey(RollSheet, models.CASCADE, related_name="absences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=AbsenceCategory.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "person"], name="absence_once"),
        ]


class QuizQuestion(PublicModel):
    """A question of an evening's voluntary self-check. Answers are checked and never kept."""

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    choices = models.JSONField()  # list of texts
    right = models.PositiveSmallIntegerField()  # index into choices
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "id"]


class HallQuestion(PublicModel):
    """A question to the speakers of an evening. Who asked it is kept nowhere."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待看")
        SHORTLISTED = "shortlisted", _("请宣讲员答")
        ANSWERED = "answered", _("已答")
        SET_ASIDE = "set_aside", _("不上屏")

    evening = models.ForeignKey(Evening, models.CASCADE, related_name="hall_questions")
    text = models.CharField(max_length=200, blank=True)  # blank once it has had its time
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    # Names one sending, so that it counts once; null where a sender names none.
    sending = models.CharField(max_length=36, null=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evening", "sending"], name="hall_question_once"),
        ]
        indexes = [
            models.Index(fields=["evening", "state", "id"], name="hall_question_by_state"),
        ]


class CodeGuess(models.Model):
    """Wrong six-digit codes of one account in the current ten minutes; six digits are few."""

    account_id = models.BigIntegerField(unique=True)
    since = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)


class Coverage(models.Model):
    """The city's reading of its evenings for one scope and period, as of a cut-off.

    Written by the worker from the sheets and the roll; every number opens onto its records.
    """

    scope = models.CharField(max_length=300)  # "place:<path>", "own:<path>", "body:<path>"
    period = models.CharField(max_length=20)  # "2026-H2", "2026-11", …
    cutoff = models.DateTimeField()
    values = models.JSONField()
    # Of the row with scope "" only: the last change that was looked at, and whether a second look
    # found nothing that committed late.
    seen = models.BigIntegerField(default=0)
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "period"], name="coverage_once"),
        ]
