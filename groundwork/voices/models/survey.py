"""Surveys: questions, who is invited, answers. An anonymous answer leads to nobody (ADR 0014)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.ids import LENGTH, public_id
from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Person, Place
from groundwork.voices.rules.surveys import Asked


class Survey(PublicModel):
    """A unit asks: of those invited, one answer each; or open to everybody who has the code."""

    class Way(models.TextChoices):
        INVITED = "invited", _("请到的人，一人一份")
        OPEN = "open", _("扫码就能答")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("正在问")
        CLOSED = "closed", _("已截止")
        PUBLISHED = "published", _("结果已公布")

    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=1000, blank=True)
    why_en = models.CharField(max_length=2000, blank=True)
    authority = models.CharField(max_length=200)
    body = models.ForeignKey(Body, models.PROTECT, related_name="surveys")  # who asks
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # what it is about
    audience = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    anonymous = models.BooleanField(default=True)
    way = models.CharField(max_length=8, choices=Way.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    seed = models.CharField(max_length=40, blank=True)  # of the draw; "" asks all of them
    wanted = models.PositiveIntegerField(null=True)  # to be drawn
    population = models.PositiveIntegerField(null=True)  # drawn from
    invited = models.PositiveIntegerField(null=True)
    answered = models.PositiveIntegerField(null=True)  # once it is closed
    quotas = models.JSONField(default=list)  # [[question, option, at least]]: a warning, no more
    tally = models.JSONField(null=True)  # once it is closed
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["body", "-opens_at", "-id"], name="survey_by_body"),
            models.Index(fields=["state", "closes_at"], name="survey_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="survey_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(answered=None) | Q(invited=None) | Q(answered__lte=F("invited")),
                name="survey_answered_of_invited",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def vault_key(self) -> str:
        """The key that seals what is held and names who has answered; gone once it is closed."""
        return f"survey-{self.public_id}"


class Question(models.Model):
    """One question; options and rows are [[key, 中文, English]]."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("单选")
        SEVERAL = "several", _("多选")
        SCALE = "scale", _("一到五分")
        TEXT = "text", _("文字")
        MATRIX = "matrix", _("矩阵")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    required = models.BooleanField(default=False)
    groups = models.BooleanField(default=False)  # says who somebody is: results may be split by it
    shown_if = models.JSONField(null=True)  # [question's key, [options' keys]]

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "key"], name="question_key_once"),
        ]

    def asked(self) -> Asked:
        """Give the question as the rules see it."""
        branch: Any = self.shown_if
        return Asked(
            key=self.key,
            kind=self.kind,
            text=self.text,
            options=tuple(option[0] for option in self.options),
            rows=tuple(row[0] for row in self.rows),
            required=self.required,
            shown_if=(branch[0], tuple(branch[1])) if branch else None,
            groups=self.groups,
        )


class Seat(models.Model):
    """Somebody is invited. Nothing here says whether they answered."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="seat_once")]

    @property
    def right(self) -> str:
        """What the survey's key names its right by: it stays when the person's entry is merged."""
        return f"seat {self.pk}"


class Right(models.Model):
    """A right to answer, named by the survey's key; nobody's once that is gone.

    Where people are invited each seat has one from the beginning, and answering uses it up; where
    anybody may answer it is made used.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="rights")
    used = models.BooleanField()


class Held(models.Model):
    """An anonymous answer on its way, sealed; it leaves among at least five, in no order."""

    key = models.CharField(max_length=LENGTH, primary_key=True, default=public_id)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="held")
    sealed = models.BinaryField()


class Answer(models.Model):
    """The closed answers of one answer, under a random key, without a time."""

    key = models.CharField(max_length=LENGTH, primary_key=True, default=public_id)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    said = models.JSONField()


class Text(models.Model):
    """What was written under a question, apart from the closed answers of the same hand."""

    key = models.CharField(max_length=LENGTH, primary_key=True, default=public_id)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="texts")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    text = models.CharField(max_length=1000)
    taken_up = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["survey", "key"], name="text_by_survey")]


class Signed(models.Model):
    """Who gave an answer, where the survey says that it asks by name."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="signed")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
