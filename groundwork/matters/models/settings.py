"""What the office sets: categories, deadlines by version, routes, answer templates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Place


class Category(PublicModel):
    """What a matter is about: two levels, for people, enterprises, both, or units' own checks."""

    class Audience(models.TextChoices):
        PEOPLE = "people", _("群众")
        ENTERPRISE = "enterprise", _("企业")
        BOTH = "both", _("群众和企业")
        STAFF = "staff", _("单位自查")  # what units find with themselves; nobody else chooses it

    code = models.SlugField(max_length=40, unique=True)  # Open311's service_code
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)  # shown to who reads English
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.PEOPLE)
    description = models.CharField(max_length=200, blank=True)
    words = models.JSONField(default=list, blank=True)  # that suggest it when somebody types
    order = models.PositiveSmallIntegerField(default=0)
    valid_to = models.DateField(null=True, blank=True)  # the last day it may be chosen

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Name it in the reader's language; sheets between offices and searches use `name`."""
        english = bool(self.name_en) and (get_language() or "").startswith("en")
        return self.name_en if english else self.name


class CommonWord(models.Model):
    """A word that many public texts of the ledger use, so that it makes no two of them alike.

    Counted again every night from what the board shows (`rules.likeness`).
    """

    word = models.CharField(max_length=20, unique=True)
    share = models.FloatField()  # of the texts, those that use it

    def __str__(self) -> str:
        return self.word


class Term(models.Model):
    """Working days allowed, by category and urgency, from a day on. Never edited: a newer row wins.

    `category` null is for all categories without a row of their own.
    """

    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="terms")
    urgency = models.CharField(max_length=12)
    accept_days = models.PositiveSmallIntegerField()
    reply_days = models.PositiveSmallIntegerField()
    solve_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    account_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Two instead of one: to SQLite no NULL is like another, and nothing changes that.
            models.UniqueConstraint(
                fields=["category", "urgency", "valid_from"], name="term_of_category_once"
            ),
            models.UniqueConstraint(
                fields=["urgency", "valid_from"],
                condition=Q(category=None),
                name="term_of_all_once",
            ),
            models.CheckConstraint(
                condition=Q(accept_days__lte=F("solve_days"), reply_days__lte=F("solve_days")),
                name="term_solve_is_last",
            ),
        ]


class Route(PublicModel):
    """Which body takes a category's matters at a place and below; the deepest rule wins."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="routes")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="routes")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "place"],
                condition=Q(valid_to=None),
                name="route_one_in_force",
            ),
        ]


class AnswerTemplate(PublicModel):
    """A body's beginning of an answer; its ______ must be filled before it may be sent."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="answer_templates")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    title = models.CharField(max_length=60)
    text = models.TextField()

    def __str__(self) -> str:
        return self.title
