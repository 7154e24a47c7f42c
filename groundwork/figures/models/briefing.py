"""Documents whose numbers are live references, what became of them, and what was frozen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.figures.rules.briefing import LONGEST_TEXT
from groundwork.registry.models import Place


class Briefing(PublicModel):
    """A briefing, minutes or a letter about a place. Published once, then never changed.

    `text` holds references as `rules.briefing` reads them. A correction is a document of its own
    that names the one it corrects; both stay.
    """

    class Kind(models.TextChoices):
        BRIEFING = "briefing", _("简报")
        MINUTES = "minutes", _("纪要")
        LETTER = "letter", _("函")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        CHECKING = "checking", _("待核")
        PUBLISHED = "published", _("已发布")
        CORRECTED = "corrected", _("已更正")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    place = models.ForeignKey(Place, models.PROTECT, related_name="briefings")
    issuer = models.CharField(max_length=60)  # whose mark stands at the head
    number = models.CharField(max_length=40, blank=True)  # 第3期, 甬〔2026〕3号
    title = models.CharField(max_length=120)
    addressed = models.CharField(max_length=200, blank=True)  # 主送
    copied = models.CharField(max_length=200, blank=True)  # 抄送
    text = models.TextField(max_length=LONGEST_TEXT)
    public = models.BooleanField(default=False)  # else for staff who are signed in
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    why = models.CharField(max_length=300, blank=True)  # what was wrong, of a correction
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "-made_at"], name="briefing_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "checking"), published_at=None)
                | Q(state__in=("published", "corrected"), published_at__isnull=False),
                name="briefing_published_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(why=""), name="briefing_correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Reference(models.Model):
    """A number in a document, as it was when somebody last looked at it; frozen once published.

    `number` is plain data (`rules.saying.plain`); `definition` the sentence as it stood then.
    """

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="references")
    order = models.PositiveSmallIntegerField()
    figure = models.CharField(max_length=60)
    place_code = models.CharField(max_length=20)
    period = models.CharField(max_length=24)
    number = models.JSONField()
    curve = models.JSONField(default=list)  # [[period, number], …] where the text draws it
    n = models.PositiveIntegerField()
    edition = models.CharField(max_length=8)
    definition = models.TextField()
    cutoff = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "figure", "place_code", "period"],
                name="reference_once_in_a_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.place_code} {self.period}"


class BriefingStep(models.Model):
    """What somebody did with a document. Appended, never edited."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60, blank=True)  # as it was known then
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"
