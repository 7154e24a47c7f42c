"""Discussion in three phases: campaigns and their copies, tasks, questions, what people say."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.matters.models import Category, Matter
from groundwork.registry.models import Body, Person
from groundwork.service.models import Visit
from groundwork.study.models import Evening


class Campaign(PublicModel):
    """A discussion that a body leads for all below it; one copied from above adds to that one.

    What the upper one asks is not copied but read there: asked once, answered once.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")

    title = models.CharField(max_length=80)
    about = models.TextField(max_length=1000, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="campaigns")
    upper = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upper", "body"],
                condition=Q(upper__isnull=False),
                name="campaign_copy_once",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="campaign_end_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Phase(PublicModel):
    """One of the three: its days, what it allows, what is read before and after."""

    class Kind(models.TextChoices):
        MOBILISE = "mobilise", _("宣传发动")
        DISCUSS = "discuss", _("学习讨论")
        RECTIFY = "rectify", _("对照整改")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    allows = models.JSONField(default=list)  # codes of `rules.discussion.ACTS`
    before = models.CharField(max_length=500, blank=True)  # read until it opens
    about = models.TextField(max_length=1000, blank=True)  # read from its first day on
    after = models.TextField(max_length=1000, blank=True)  # read once it has closed

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="phase_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="phase_runs_forward"
            ),
        ]


class PhaseTask(PublicModel):
    """What every unit is to do in a phase; with a category it is a point of the self-check list."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=200)
    due_on = models.DateField()
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.what


class TaskReport(PublicModel):
    """A unit says in words that it did a task; once, whichever level looks."""

    task = models.ForeignKey(PhaseTask, models.PROTECT, related_name="reports")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    day = models.DateField()
    account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "body"], name="task_report_once"),
        ]


class Question(PublicModel):
    """What is discussed: "how do we …"."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="questions")
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Contribution(PublicModel):
    """What somebody says, for oneself or for a unit: an opinion, a suggestion, a good practice.

    A suggestion that is taken up is a matter: its state and answer stand in the ledger alone.
    """

    class Kind(models.TextChoices):
        OPINION = "opinion", _("发言")
        SUGGESTION = "suggestion", _("意见建议")
        PRACTICE = "practice", _("好做法")

    class State(models.TextChoices):
        WAITING = "waiting", _("等审核")
        SHOWN = "shown", _("已展示")
        REFUSED = "refused", _("不展示")
        WITHDRAWN = "withdrawn", _("已撤回")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="words", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="words")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=80, blank=True)  # of a practice
    text = models.TextField(max_length=2000, blank=True)
    url = models.CharField(max_length=500, blank=True)  # of a recording, in another house
    # Of a recording sent along; null too once its time is over: a voice is known like a name.
    recording = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    # Null once the time of the name is over (`rules.retention`).
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="campaign_words")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")  # in its name
    named = models.BooleanField(default=True)  # else nobody reads who said it
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # why it is not shown
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    said_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)  # that wrote it
    settled_by = models.BigIntegerField(null=True)  # account that showed or refused it last

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="practice") | (Q(body__isnull=False) & ~Q(title="")),
                name="practice_is_a_unit_s",
            ),
            models.CheckConstraint(
                condition=Q(matter=None) | Q(kind="suggestion"), name="only_suggestions_are_matters"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refused_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "kind", "state", "-id"], name="word_by_campaign"),
            models.Index(fields=["question", "state", "-id"], name="word_by_question"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40]

    @property
    def digest(self) -> str:
        """What tells these very words from those written over them."""
        heard = self.recording.sha256 if self.recording else ""
        said = "\0".join((self.title, self.text, self.url, heard))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class Adoption(PublicModel):
    """A unit does as another does (对照标杆), and says what it takes over."""

    practice = models.ForeignKey(Contribution, models.CASCADE, related_name="adoptions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    day = models.DateField()
    account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "body"], name="adoption_once"),
        ]


class Gathering(PublicModel):
    """A talk or a salon of the campaign: an evening of the night study, or a visit."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="gatherings")
    evening = models.ForeignKey(Evening, models.CASCADE, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evening=None, visit__isnull=False)
                | Q(evening__isnull=False, visit=None),
                name="gathering_is_one",
            ),
            models.UniqueConstraint(fields=["campaign", "evening"], name="gathering_evening_once"),
            models.UniqueConstraint(fields=["campaign", "visit"], name="gathering_visit_once"),
        ]
