"""What is needed: gates anywhere, shifts of any hours, how many of which kind."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.duty.models.order import Order
from groundwork.registry.models import Person, Place


class Kind(models.TextChoices):
    """What a shift asks of one of those who stand it; the attributes are in rules/kinds.py."""

    LEAD = "lead", _("带班")
    GENERAL = "general", _("值守")
    MEDICAL = "medical", _("医护")
    DIALECT = "dialect", _("会方言")
    DRIVER = "driver", _("会驾驶")


class Gate(PublicModel):
    """A gate (卡口、门岗) of an order: a community's entrance, a station, a motorway exit.

    `township` and `district` are those of `place` (null above them), so that a list needs no join.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="gates")
    place = models.ForeignKey(Place, models.PROTECT, related_name="gates")
    township = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    spot = models.CharField(max_length=120, blank=True)  # where exactly, as one would tell a friend
    secret = models.CharField(max_length=40)  # of the rotating code
    poster = models.CharField(max_length=12, unique=True)  # what the poster's QR names

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "place", "name"], name="gate_name_once"),
        ]
        indexes = [
            models.Index(fields=["order", "district", "place", "id"], name="gate_by_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A time in which a gate is closed; its shifts then are called off, not deleted."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # null: until further notice
    reason = models.CharField(max_length=120, blank=True)


class Shift(PublicModel):
    """One gate, from when to when. The four counts are those of its needs and its posts.

    Only `actions/counting.py` writes them; a test holds them to the rows.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="shifts")
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="shifts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    township = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()  # on which it begins
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    wanted = models.PositiveSmallIntegerField(default=0)
    posted = models.PositiveSmallIntegerField(default=0)  # posts that stand
    confirmed = models.PositiveSmallIntegerField(default=0)  # of them, said yes or came
    present = models.PositiveSmallIntegerField(default=0)  # of them, came

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_runs_forward"
            ),
            models.UniqueConstraint(
                fields=["gate", "starts_at", "ends_at"], name="shift_hours_once"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "starts_at", "id"], name="shift_by_time"),
            models.Index(fields=["order", "district", "starts_at", "id"], name="shift_by_district"),
            models.Index(fields=["order", "township", "starts_at", "id"], name="shift_by_township"),
            models.Index(fields=["order", "place", "starts_at", "id"], name="shift_by_community"),
        ]


class Need(models.Model):
    """How many of one kind a shift asks for."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "kind"], name="need_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="need_of_somebody"),
        ]


class GateContact(models.Model):
    """Whom those at a gate may call: by name, from the community."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
