"""Alliances (复工产业联盟): members and their network, needs and offers, proposed pairs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.campaigns.rules.alliance import HOLDS
from groundwork.registry.models import Body, Place


class SupplyKind(models.TextChoices):
    """What members need and offer."""

    LABOUR = "labour", _("人手")
    LOGISTICS = "logistics", _("运输")
    GUARANTEES = "guarantees", _("担保和证明")
    MATERIAL = "material", _("物料")


class SupplyUnit(models.TextChoices):
    """In what it is counted; `rules.alliance.UNITS` says what goes with which kind."""

    PEOPLE = "people", _("人")
    TRIPS = "trips", _("车次")
    TONNES = "tonnes", _("吨")
    CASES = "cases", _("项")
    PIECES = "pieces", _("件")
    BOXES = "boxes", _("箱")


class Alliance(PublicModel):
    """A party organisation brings a lead enterprise, its suppliers and customers together."""

    name = models.CharField(max_length=80)
    about = models.CharField(max_length=1000, blank=True)
    led_by = models.ForeignKey(Body, models.PROTECT, related_name="alliances")
    place = models.ForeignKey(Place, models.PROTECT, related_name="alliances")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-opened_on", "-id"], name="alliance_newest")]

    def __str__(self) -> str:
        return self.name


class Member(PublicModel):
    """An enterprise of an alliance: its part, and whether it works again."""

    class Part(models.TextChoices):
        LEAD = "lead", _("牵头企业")
        SUPPLIER = "supplier", _("供货方")
        CUSTOMER = "customer", _("客户")

    class Resumed(models.TextChoices):
        YES = "yes", _("已复工")
        PARTLY = "partly", _("部分复工")
        NO = "no", _("还没复工")

    class Cause(models.TextChoices):
        LABOUR = "labour", _("缺人手")
        MATERIAL = "material", _("缺原料或零件")
        LOGISTICS = "logistics", _("货进不来、出不去")
        UPSTREAM = "upstream", _("上下游还没开工")
        FUNDS = "funds", _("周转困难")
        APPROVAL = "approval", _("手续没办完")
        OTHER = "other", _("别的原因")

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="members")
    body = models.ForeignKey(Body, models.PROTECT, related_name="alliance_parts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    resumed = models.CharField(max_length=8, choices=Resumed.choices, default=Resumed.NO)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)
    why = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)  # when it last said how it stands
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "body"], condition=Q(left_on=None), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["alliance"],
                condition=Q(part="lead", left_on=None),
                name="alliance_one_lead",
            ),
            models.CheckConstraint(
                condition=~Q(resumed="yes") | Q(cause="", why=""), name="resumed_has_no_cause"
            ),
        ]

    def __str__(self) -> str:
        return str(self.body)


class Link(models.Model):
    """One member supplies another."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="links")
    supplier = models.ForeignKey(Member, models.CASCADE, related_name="supplies")
    customer = models.ForeignKey(Member, models.CASCADE, related_name="supplied_by")
    what = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "customer"], name="link_once"),
            models.CheckConstraint(condition=~Q(supplier=F("customer")), name="link_of_two"),
        ]


class Entry(PublicModel):
    """What a member needs or offers: how much of what, where, from when to when."""

    class Side(models.TextChoices):
        NEED = "need", _("需要")
        OFFER = "offer", _("能提供")

    class State(models.TextChoices):
        OPEN = "open", _("待对接")
        PROPOSED = "proposed", _("对接中")
        AGREED = "agreed", _("已谈妥")
        WITHDRAWN = "withdrawn", _("已撤回")
        PASSED = "passed", _("已转单位办理")

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="entries")
    member = models.ForeignKey(Member, models.PROTECT, related_name="entries")
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    side = models.CharField(max_length=6, choices=Side.choices)
    kind = models.CharField(max_length=12, choices=SupplyKind.choices)
    what = models.CharField(max_length=120)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=8, choices=SupplyUnit.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    written_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)  # that wrote it

    class Meta:
        indexes = [
            models.Index(fields=["alliance", "state", "-id"], name="entry_by_alliance"),
            models.Index(fields=["member", "-id"], name="entry_by_member"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="entry_runs_forward"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_of_something"),
        ]

    def __str__(self) -> str:
        return self.what


class Pair(PublicModel):
    """A need and an offer that could meet, as proposed; agreed when both sides said yes."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等双方答复")
        NEED_SAID = "need_said", _("需求方同意，等供给方")
        OFFER_SAID = "offer_said", _("供给方同意，等需求方")
        AGREED = "agreed", _("双方谈妥")
        DECLINED = "declined", _("没有谈成")
        LAPSED = "lapsed", _("已失效")

    need = models.ForeignKey(Entry, models.PROTECT, related_name="as_need")
    offer = models.ForeignKey(Entry, models.PROTECT, related_name="as_offer")
    amount = models.PositiveIntegerField()
    common = models.PositiveSmallIntegerField()  # levels of the tree the places share
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    declined_by = models.CharField(max_length=6, choices=Entry.Side.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why not

    class Meta:
        indexes = [
            models.Index(fields=["need", "state"], name="pair_by_need"),
            models.Index(fields=["offer", "state"], name="pair_by_offer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "offer"], condition=Q(state__in=HOLDS), name="pair_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pair_of_something"),
        ]
