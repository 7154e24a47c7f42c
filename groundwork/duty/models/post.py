"""The plan: runs of the solver, who stands where, swaps, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.duty.models.need import Gate, Kind, Shift
from groundwork.duty.models.order import Order
from groundwork.duty.rules.posts import HOLDS
from groundwork.registry.models import Person


class PlanRun(PublicModel):
    """One run of the solver over some days of an order, until it is published or dropped."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("计算中")
        READY = "ready", _("待发布")
        PUBLISHED = "published", _("已发布")
        DROPPED = "dropped", _("未采用")
        FAILED = "failed", _("未算出")

    class Kind(models.TextChoices):
        PLAN = "plan", _("排班")
        REPLAN = "replan", _("补排")

    order = models.ForeignKey(Order, models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PLAN)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    first_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    weights = models.JSONField(default=dict)
    aim = models.FloatField(default=0.01)  # stop at this proven gap
    limit = models.PositiveSmallIntegerField(default=60)  # seconds
    stop_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)  # stage, seconds, cost, bound, gap
    cost = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    parts = models.JSONField(default=dict)  # of the cost, as the checker counted them
    violations = models.JSONField(default=list)  # of the checker; published only when empty
    changed = models.JSONField(default=dict)  # of a replan: what it takes and gives
    result = models.BinaryField(null=True)  # rows until published, compressed
    fault = models.CharField(max_length=200, blank=True)
    account_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # last sign of life of the process that computes
    done_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order", "-id"], name="run_by_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=("queued", "running")),
                name="run_one_at_a_time",
            ),
        ]


class Post(PublicModel):
    """One person on one shift. Its way is a table: rules/posts.py. Times are of the shift stood."""

    class Source(models.TextChoices):
        PLAN = "plan", _("排班")
        FILL = "fill", _("临时补位")
        CHOSEN = "chosen", _("本人报名")
        SWAP = "swap", _("换班")

    class Way(models.TextChoices):
        CODE = "code", _("扫码")
        POSTER = "poster", _("海报码，带班确认")
        LEAD = "lead", _("带班登记")
        RULE = "rule", _("按班次结束")
        WORD = "word", _("没有签到，社区确认")

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="posts", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, default="planned")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.PLAN)
    run = models.ForeignKey(PlanRun, models.PROTECT, null=True, related_name="posts")
    short_rest = models.BooleanField(default=False)  # stood all the same: a caution to the lead
    told_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)  # the slot it left empty, last to others
    reminded_at = models.DateTimeField(null=True)  # once, some hours before
    answered_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    came_by = models.CharField(max_length=8, choices=Way.choices, blank=True)
    came_checked = models.BooleanField(default=True)  # a poster's scan waits for the lead
    went_at = models.DateTimeField(null=True)
    went_by = models.CharField(max_length=8, choices=Way.choices, blank=True)
    missed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # hours confirmed, or an absence decided

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "person"],
                condition=Q(state__in=HOLDS),
                name="post_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="post_by_person"),
            models.Index(fields=["shift", "kind", "state"], name="post_by_shift"),
        ]


class PostStep(models.Model):
    """What happened to a post, with the words said; a person's reply stands beside it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]


class Swap(PublicModel):
    """An offer to give a post away or exchange it; who fits sees it, nobody is begged."""

    class State(models.TextChoices):
        OPEN = "open", _("待接手")
        TAKEN = "taken", _("已换")
        WITHDRAWN = "withdrawn", _("已收回")
        LAPSED = "lapsed", _("已过时")

    post = models.ForeignKey(Post, models.PROTECT, related_name="swaps")
    asked = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # one colleague
    in_return = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(state="open"), name="swap_one_open"
            ),
        ]


class Thanks(PublicModel):
    """Thanks to those who stood a shift; a resident's is shown once the community has read it."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="thanks")
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="thanks")
    resident = models.BooleanField()
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
