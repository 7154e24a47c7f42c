"""What the raiser says afterwards, the call-backs, the audited samples."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.matters.models.matter import Matter, Raiser
from groundwork.registry.models import Place


class Verdict(models.Model):
    """What one raiser says of one answer: was there one, is it solved, are they satisfied.

    Three questions, kept apart; null is not answered. Appended: a redo begins a new round.
    """

    class Source(models.TextChoices):
        PAGE = "page", _("本人在网页上说的")
        CALL = "call", _("回访时说的")
        IMPORT = "import", _("热线平台转来")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="verdicts")
    raiser = models.ForeignKey(Raiser, models.CASCADE, null=True, related_name="verdicts")
    # The matter's redo_count then. Of this matter: what it is merged into counts rounds of its own.
    round = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8, choices=Source.choices)
    at = models.DateTimeField()
    answered = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["raiser", "matter", "round"], name="verdict_once_per_round"
            ),
        ]
        indexes = [models.Index(fields=["matter", "id"], name="verdict_by_matter")]


class CallTask(PublicModel):
    """A call-back to be made by somebody other than the handler; at most three tries."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("已接通")
        NO_ANSWER = "no_answer", _("无人接听")
        WRONG_NUMBER = "wrong_number", _("号码有误")
        REFUSED = "refused", _("不愿接受回访")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="calls")
    # Who raised what was merged into it, and is rung for themselves; null: the matter's own.
    raiser = models.ForeignKey(Raiser, models.CASCADE, null=True, related_name="+")
    round = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    called_by = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)  # somebody has it in hand and sees the number
    again_at = models.DateTimeField(null=True)  # nobody answered: not before then
    done_at = models.DateTimeField(null=True)  # with no outcome: there was no need any more

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "round"], condition=Q(raiser=None), name="call_once_per_round"
            ),
            models.UniqueConstraint(
                fields=["raiser", "matter", "round"], name="call_once_per_raiser"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(done_at=None), name="call_waiting"),
        ]


class Sample(PublicModel):
    """An audited sample of closures: published list, public seed, findings, intervals."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("名单已公布，待抽取")
        DRAWN = "drawn", _("已抽取，核查中")
        CLOSED = "closed", _("已公布结果")

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PUBLISHED)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    closed_from = models.DateField()  # population: closures from … to, both included
    closed_to = models.DateField()
    most_false = models.DecimalField(max_digits=5, decimal_places=4)  # 0.01: under 1 %
    confidence = models.DecimalField(max_digits=5, decimal_places=4)  # 0.95
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    hashes = models.ForeignKey(Attachment, models.PROTECT, related_name="+")  # the published list
    hashes_digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)
    # Which public act gives the seed and when it will be: said with the list, before the act.
    seed_source = models.CharField(max_length=200)
    act_at = models.DateTimeField()
    seed = models.CharField(max_length=200, blank=True)
    witness = models.CharField(max_length=200, blank=True)  # where it was, who saw it
    drawn_by = models.BigIntegerField(null=True)
    drawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class SampleItem(PublicModel):
    """One drawn closure and what the auditor found; the unit may reply to a bad finding."""

    class Finding(models.TextChoices):
        TRUE = "true", _("确已解决")
        FALSE = "false", _("并未解决")
        UNKNOWN = "unknown", _("无法核实")

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="items")
    # Null where the matter is gone since: it stays in the sample as its hash.
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField()  # in the order of the draw
    receipt_hash = models.CharField(max_length=64)
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField(null=True)
    found_by = models.BigIntegerField(null=True)
    former = models.JSONField(default=list)  # findings before this one, appended, with note and who
    reply_by = models.DateTimeField(null=True)  # a bad finding waits for the lead until then
    reply = models.CharField(max_length=500, blank=True)  # the lead's
    replied_at = models.DateTimeField(null=True)

    @property
    def findings_before(self) -> list[tuple[datetime, str, str]]:
        """Give the findings that were mended, the newest first: when, what, the words."""
        names = dict(self.Finding.choices)
        return [
            (datetime.fromisoformat(one["at"]), str(names[one["finding"]]), one["note"])
            for one in reversed(self.former)
        ]

    class Meta:
        ordering = ["sample", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "matter"], name="sample_item_once"),
            models.UniqueConstraint(fields=["sample", "position"], name="sample_position_once"),
        ]
