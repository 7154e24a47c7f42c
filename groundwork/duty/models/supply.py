"""Who can: what people say of their own time, what their units can spare."""

from __future__ import annotations

from django.db import models

from groundwork.base.models import PublicModel
from groundwork.duty.models.order import Order
from groundwork.registry.models import Body, Person


class Volunteer(PublicModel):
    """One of the staff under an order: when, how often, what for. Nobody says why not.

    `times` is a week's pattern and the days that differ from it:
    {"week": {"1": [["17:00", "22:00"]], …}, "days": {"2020-02-05": []}}; rules/times.py reads it.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="volunteers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="calls")
    unit = models.ForeignKey(Body, models.PROTECT, related_name="+")  # when called up
    times = models.JSONField(default=dict)
    cap = models.PositiveSmallIntegerField(default=3)  # shifts a week at most
    skills = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    excused_at = models.DateTimeField(null=True)  # not at all; no reason is asked for
    held_at = models.DateTimeField(null=True)  # the unit needs them at the desk

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="volunteer_once"),
        ]
        indexes = [models.Index(fields=["order", "unit", "id"], name="volunteer_by_unit")]


class UnitPart(models.Model):
    """What a unit gives to an order: how many must stay in the office of a working day."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Body, models.PROTECT, related_name="+")
    stay = models.PositiveIntegerField(default=0)  # at least so many in the office
    released_at = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "unit"], name="unit_part_once"),
        ]
