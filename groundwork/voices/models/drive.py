"""Community drives (waste sorting …) and what is said in them; all of it goes at the end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.registry.models import Person, Place


class Drive(PublicModel):
    """A drive of one community: what, by whose authority, from when to when. None is the rule."""

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        SHUT = "shut", _("已结束")

    place = models.ForeignKey(Place, models.PROTECT, related_name="drives")
    title = models.CharField(max_length=60)
    statement = models.CharField(max_length=60)  # what one tap says
    authority = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    shut_at = models.DateTimeField(null=True)
    # What stays once everything said is erased: of how many statements and visits it consisted.
    statements = models.PositiveIntegerField(null=True)
    visits = models.PositiveIntegerField(null=True)
    fine = models.PositiveIntegerField(null=True)  # visits that found it as it should be

    class Meta:
        indexes = [
            models.Index(fields=["place", "-first_day", "-id"], name="drive_by_place"),
            models.Index(fields=["state", "last_day"], name="drive_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="drive_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(fine=None) | Q(fine__lte=F("visits")), name="drive_fine_is_a_part"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Statement(PublicModel):
    """One tap of a resident of the staff, once a drive; the photo may be left out."""

    drive = models.ForeignKey(Drive, models.CASCADE, related_name="said")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    picture = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "person"], name="statement_once"),
        ]


class SpotVisit(PublicModel):
    """The community looked at a spot: where, and whether it is as it should be. Nobody's name."""

    drive = models.ForeignKey(Drive, models.CASCADE, related_name="seen")
    spot = models.CharField(max_length=80)
    fine = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    picture = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given

    class Meta:
        indexes = [models.Index(fields=["drive", "-id"], name="spot_by_drive")]
