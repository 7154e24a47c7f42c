"""The television inquiry: seasons, episodes, what is asked of whom; the problem is a matter.

Who satisfied whom stands in the ledger alone: the resident's own word is the matter's. A jury's
taps are kept until they are counted, and then two numbers remain.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundwork.access.models import Account
from groundwork.base.models import Attachment, PublicModel
from groundwork.matters.models import Matter
from groundwork.registry.models import Body, Place


class Season(PublicModel):
    """A run of the programme."""

    title = models.CharField(max_length=80)
    about = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="season_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["-first_day", "-id"], name="season_newest")]

    def __str__(self) -> str:
        return self.title


class Episode(PublicModel):
    """One evening on the air, of the city or of a district; nowhere before its hour."""

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        VOTING = "voting", _("评议中")
        FOLLOWING = "following", _("追踪中")
        CLOSED = "closed", _("已结案")
        CALLED_OFF = "called_off", _("不播了")

    season = models.ForeignKey(Season, models.PROTECT, related_name="episodes", db_index=False)
    title = models.CharField(max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the city or a district
    airs_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    # On the same problem: the city's evening and those of its districts.
    linked = models.ManyToManyField("self", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["season", "airs_at", "id"], name="episode_by_season"),
            models.Index(fields=["airs_at", "id"], name="episode_by_hour"),
        ]

    def __str__(self) -> str:
        return self.title


class EpisodeItem(PublicModel):
    """A problem on an evening: the matter, as it is put, to whom, what was promised."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("播前征集")
        ON = "on", _("现场提问")
        AFTER = "after", _("播后反映")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="items", db_index=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="episode_items")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")  # who is asked
    phase = models.CharField(max_length=6, choices=Phase.choices)
    order = models.PositiveSmallIntegerField()  # in the running order
    title = models.CharField(max_length=80)
    question = models.CharField(max_length=500)  # as it is said on the air: no private data
    shown_at = models.DateTimeField(null=True)  # the unit may read it before the air
    promise = models.CharField(max_length=500, blank=True)
    promise_on = models.DateField(null=True)  # until when
    promised_by = models.CharField(max_length=80, blank=True)  # the office held, as said on the air
    jury_n = models.PositiveSmallIntegerField(null=True)  # once counted: who tapped
    jury_satisfied = models.PositiveSmallIntegerField(null=True)
    relapse_on = models.DateField(null=True)  # owed and not done; null: nothing is owed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "matter"], name="episode_matter_once"),
            models.CheckConstraint(
                condition=Q(jury_n=None, jury_satisfied=None) | Q(jury_satisfied__lte=F("jury_n")),
                name="jury_part_of_whole",
            ),
            models.CheckConstraint(
                condition=Q(promise="") | Q(promise_on__isnull=False), name="promise_has_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["episode", "order", "id"], name="episode_item_order"),
            models.Index(
                fields=["relapse_on", "id"],
                condition=Q(relapse_on__isnull=False),
                name="episode_item_relapse",
            ),
            models.Index(
                fields=["body", "promise_on", "id"],
                condition=Q(promise_on__isnull=False),
                name="episode_item_promise",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ItemStep(models.Model):
    """One step that television took with a problem, appended and never edited."""

    item = models.ForeignKey(EpisodeItem, models.CASCADE, related_name="steps", db_index=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=12)
    label = models.CharField(max_length=80, blank=True)  # as what somebody acted
    account_id = models.BigIntegerField(null=True)
    text = models.CharField(max_length=1000, blank=True)
    day = models.DateField(null=True)  # of the promise, of the visit

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="item_step_by_item")]


class Revisit(PublicModel):
    """Somebody went to look, soon after or ninety days after it ended; never the unit itself."""

    class Kind(models.TextChoices):
        REVISIT = "revisit", pgettext_lazy("电视问政", "回访")
        RELAPSE = "relapse", _("九十天复查")

    class Found(models.TextChoices):
        FINE = "fine", _("确实解决了")
        PARTLY = "partly", _("部分解决")
        BACK = "back", _("没有解决，或又出现了")

    item = models.ForeignKey(EpisodeItem, models.CASCADE, related_name="revisits")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    found = models.CharField(max_length=6, choices=Found.choices)
    day = models.DateField()
    text = models.CharField(max_length=1000)
    label = models.CharField(max_length=80, blank=True)  # as what somebody went
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class Clip(PublicModel):
    """A clip or a piece of evidence: a link to another house, or a file of this one."""

    class Kind(models.TextChoices):
        CLIP = "clip", _("短片")
        EVIDENCE = "evidence", _("佐证")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="clips", db_index=False)
    item = models.ForeignKey(EpisodeItem, models.SET_NULL, null=True, related_name="clips")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=500, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    subtitles = models.TextField(blank=True)  # WebVTT
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(url="", attachment__isnull=False) | (~Q(url="") & Q(attachment=None)),
                name="clip_one_source",
            ),
        ]
        indexes = [models.Index(fields=["episode", "order", "id"], name="clip_order")]

    def __str__(self) -> str:
        return self.title


class Juror(models.Model):
    """Somebody is declared a juror of an evening."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="jurors")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "account"], name="juror_once"),
        ]


class JuryVote(models.Model):
    """A juror's tap while the vote is open; counted and deleted when it closes."""

    item = models.ForeignKey(EpisodeItem, models.CASCADE, related_name="votes", db_index=False)
    juror = models.ForeignKey(Juror, models.CASCADE, related_name="votes")
    satisfied = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "juror"], name="jury_vote_once"),
        ]
