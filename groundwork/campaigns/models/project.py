"""Assistance projects (结对帮扶) with the people sent (挂职), milestones and notes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.registry.models import Body, Person, Place


class Project(PublicModel):
    """A unit stands by a place, in the city or far away; money is said in words only."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        ENDED = "ended", _("已结束")

    name = models.CharField(max_length=80)
    body = models.ForeignKey(Body, models.PROTECT, related_name="projects")  # who runs it
    host = models.CharField(max_length=120)  # as it calls itself, anywhere in the country
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # in the city
    aims = models.TextField(max_length=2000)
    means = models.CharField(max_length=500, blank=True)  # what is put in, money too, as text
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    ended_on = models.DateField(null=True)
    outcome = models.TextField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-first_day", "-id"], name="project_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="project_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_on=None)
                | Q(state="ended", ended_on__isnull=False),
                name="project_end_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(PublicModel):
    """Somebody is sent: from which unit, as what, from when to when."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="postings")
    # Null once the time of the name is over (`rules.retention`).
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="postings")
    sent_by = models.ForeignKey(Body, models.PROTECT, related_name="+")
    task = models.CharField(max_length=80)  # what the person is there
    first_day = models.DateField()
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=Q(last_day=None, person__isnull=False),
                name="posting_once",
            ),
        ]


class Milestone(PublicModel):
    """What is to stand by when."""

    class State(models.TextChoices):
        OPEN = "open", _("还没到")
        REACHED = "reached", _("做到了")
        DROPPED = "dropped", _("不做了")

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    what = models.CharField(max_length=120)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    settled_on = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True)  # how it was reached, or why not

    class Meta:
        ordering = ["due_on", "id"]


class ProjectNote(PublicModel):
    """A day's note by whoever is there, with a photo; or what a resident said, without a name."""

    class Kind(models.TextChoices):
        NOTE = "note", _("记一笔")
        RESIDENT = "resident", _("当地人说的")

    project = models.ForeignKey(Project, models.PROTECT, related_name="notes")
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField()
    text = models.CharField(max_length=1000)
    picture = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    account_id = models.BigIntegerField(null=True)  # that wrote it

    class Meta:
        indexes = [models.Index(fields=["project", "-day", "-id"], name="note_by_project")]
