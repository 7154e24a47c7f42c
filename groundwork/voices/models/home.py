"""Registration with the home community, what it calls for, who took it, hours from elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Person, Place
from groundwork.voices.rules.calls import HOLDS


class Registration(PublicModel):
    """Somebody says where they live, and the community confirms it (报到).

    Where a person lives stands in `registry.Membership` alone; this is the asking and the answer.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("等社区确认")
        CONFIRMED = "confirmed", _("已报到")
        REFUSED = "refused", _("社区没有确认")
        WITHDRAWN = "withdrawn", _("已撤回")

    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    place = models.ForeignKey(Place, models.PROTECT, related_name="registrations")
    since = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(null=True)  # that settled it
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="registration_by_person"),
            models.Index(fields=["place", "state", "id"], name="registration_by_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="registration_one_waiting"
            ),
        ]


class Call(PublicModel):
    """What a community needs: an hour, a skill, a Saturday."""

    class Kind(models.TextChoices):
        HOUR = "hour", _("一两个小时")
        SKILL = "skill", _("一门手艺")
        DAY = "day", _("半天到一天")

    place = models.ForeignKey(Place, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=80)
    about = models.CharField(max_length=1000, blank=True)
    skill = models.CharField(max_length=60, blank=True)
    meet = models.CharField(max_length=120)  # where to come to
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted = models.PositiveSmallIntegerField()
    posted_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["place", "-starts_at", "-id"], name="call_by_place"),
            models.Index(fields=["starts_at", "id"], name="call_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="call_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Taking(PublicModel):
    """Somebody took a call; once it is done the community confirms from when to when."""

    class State(models.TextChoices):
        TAKEN = "taken", _("已报名")
        GIVEN_BACK = "given_back", _("已退")
        CONFIRMED = "confirmed", _("社区已确认")
        RELEASED = "released", _("没有用上")

    call = models.ForeignKey(Call, models.PROTECT, related_name="takings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="takings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.TAKEN)
    taken_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(null=True)  # that confirmed it

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="taking_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person"], condition=Q(state__in=HOLDS), name="taking_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(ended_at__gt=F("began_at")),
                name="taking_confirmed_has_its_time",
            ),
        ]


class Deed(PublicModel):
    """Voluntary work recorded in a system the city had before, brought in by spreadsheet.

    `key` is made of the row itself, so that the same sheet twice is once.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="deeds")
    day = models.DateField()
    what = models.CharField(max_length=120)
    where = models.CharField(max_length=120, blank=True)
    lasted = models.DurationField()
    key = models.CharField(max_length=64, unique=True)
    brought_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-day", "-id"], name="deed_by_person")]
