"""Visits, contact points, studios and squads, patrol areas and rounds, rounds of consultation."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Person, Place, Priority


class Service(models.TextChoices):
    """Whom the three services (三服务) serve."""

    ENTERPRISES = "enterprises", _("服务企业")
    PEOPLE = "people", _("服务群众")
    GRASSROOTS = "grassroots", _("服务基层")


class Brought(models.TextChoices):
    """What a visit brought along."""

    POLICY = "policy", _("政策")
    GUIDANCE = "guidance", _("指导")
    HANDS = "hands", _("人手")
    GOODS = "goods", _("物资")


class ContactPoint(PublicModel):
    """A unit's standing squad at a place (基层社会治理联系点): days, visits, matters."""

    name = models.CharField(max_length=80)
    body = models.ForeignKey(Body, models.PROTECT, related_name="contact_points")
    place = models.ForeignKey(Place, models.PROTECT, related_name="contact_points")
    weekdays = models.JSONField(default=list)  # 1 Monday … 7 Sunday
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # What it grew out of: kind and public id, resolved by an area above; no foreign key.
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="contact_point_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "body", "place"],
                condition=~Q(source_id="") & Q(valid_to=None),
                name="contact_point_of_a_source_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SquadMember(models.Model):
    """One of a contact point's squad, or of a named studio's, from when to when."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, null=True, related_name="squad")
    studio = models.ForeignKey(Body, models.PROTECT, null=True, related_name="studio_squad")
    person = models.ForeignKey(Person, models.PROTECT, related_name="squads")
    leads = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "person"],
                condition=Q(valid_to=None),
                name="squad_member_once",
            ),
            models.UniqueConstraint(
                fields=["studio", "person"],
                condition=Q(valid_to=None),
                name="studio_member_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(contact_point__isnull=False, studio=None)
                    | Q(contact_point=None, studio__isnull=False)
                ),
                name="squad_of_a_point_or_a_studio",
            ),
        ]


class Visit(PublicModel):
    """Somebody went to see an enterprise, people or a community; a problem found is a matter.

    `client_key` is made by the page before it is sent: a visit queued without signal and sent
    twice is one visit.
    """

    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    service = models.CharField(max_length=12, choices=Service.choices)
    unit = models.ForeignKey(Body, models.PROTECT, related_name="visits")  # who went
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits")
    township = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    host = models.ForeignKey(Body, models.PROTECT, null=True, related_name="visited")
    contact_point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, related_name="visits"
    )
    studio = models.ForeignKey(  # in whose name they went
        Body, models.PROTECT, null=True, related_name="studio_visits", db_index=False
    )
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    brought = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    found = models.PositiveSmallIntegerField(default=0)  # problems that became matters
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # recorded by mistake
    account_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-day", "-id"], name="visit_newest"),
            models.Index(fields=["unit", "-day", "-id"], name="visit_by_unit"),
            models.Index(fields=["district", "-day", "-id"], name="visit_by_district"),
            models.Index(fields=["township", "-day", "-id"], name="visit_by_township"),
            models.Index(fields=["place", "-day", "-id"], name="visit_by_place"),
            models.Index(
                fields=["host", "-day", "-id"],
                condition=Q(host__isnull=False),
                name="visit_by_host",
            ),
            models.Index(
                fields=["contact_point", "-day", "-id"],
                condition=Q(contact_point__isnull=False),
                name="visit_by_point",
            ),
            models.Index(
                fields=["studio", "-day", "-id"],
                condition=Q(studio__isnull=False),
                name="visit_by_studio",
            ),
        ]


class Visitor(models.Model):
    """One of those who went."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="visitors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "person"], name="visitor_once"),
        ]


class HeldVisit(PublicModel):
    """A visit or patrol sent from the queue of a phone that could not be written down as it stood.

    The phone forgets what the city has received, so the city keeps the fields until the sender
    has mended or dropped them.
    """

    client_key = models.CharField(max_length=40, unique=True)
    account_id = models.BigIntegerField()
    area = models.ForeignKey("PatrolArea", models.CASCADE, null=True, related_name="+")  # a patrol
    fields = models.JSONField()  # name → list of values, as sent
    held_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "-id"], name="held_by_account")]


class PatrolArea(PublicModel):
    """Cells of the grid, also across communities, with one responsible person (我的网格我负责).

    One model for both that the city speaks of. A cell with its person (网格) is an area of one
    cell, a patrol area (巡查区) one of several, whole communities included: whose it is, who walked
    it when and what was found are the same questions of either. A cell itself is a place of the
    directory, so that a matter can lie in it whether anybody keeps it or not; the community's page
    lays the areas over its cells and names those that nobody answers for.
    """

    name = models.CharField(max_length=80)
    body = models.ForeignKey(Body, models.PROTECT, related_name="patrol_areas")
    places = models.ManyToManyField(Place, related_name="patrol_areas")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AreaKeeper(models.Model):
    """Who is responsible for a patrol area, from when to when."""

    area = models.ForeignKey(PatrolArea, models.CASCADE, related_name="keepers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="kept_areas")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(valid_to=None), name="area_one_keeper"
            ),
        ]


class Patrol(PublicModel):
    """One round through an area: which day, by whom; what was found is matters. No track."""

    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    area = models.ForeignKey(PatrolArea, models.PROTECT, related_name="patrols")
    # Null once the time of the name is over (`rules.retention`).
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="patrols")
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    found = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "-day", "-id"], name="patrol_by_area")]


class RoundSchedule(PublicModel):
    """A standing order to ask again: each period's nth working day, until its end.

    What is asked of whom stands in its newest round, a draft until its turn comes: the unit may
    look at it and change it until then.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    every = models.CharField(max_length=8, choices=Every.choices)
    nth = models.PositiveSmallIntegerField()  # working day of the period
    opens = models.TimeField()
    lasts = models.PositiveSmallIntegerField()  # working days after the first
    authority = models.CharField(max_length=120)  # by what it may ask again and again
    valid_from = models.DateField()
    valid_to = models.DateField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="schedule_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["body"], condition=Q(ended_at=None), name="schedule_running"),
        ]


class Round(PublicModel):
    """A round of consultation (常态化征询): a unit asks, matters and suggestions come in."""

    class Audience(models.TextChoices):
        NAMED = "named", _("指定的人或企业")
        ENTERPRISES = "enterprises", _("范围内的企业")
        ALL = "all", _("所有人")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("征询中")
        CLOSED = "closed", _("已截止")
        REPORTED = "reported", _("结果已公布")

    title = models.CharField(max_length=120)
    body = models.ForeignKey(Body, models.PROTECT, related_name="rounds")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # of what is asked about
    audience = models.CharField(max_length=12, choices=Audience.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    why = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    outcome = models.TextField(blank=True)  # what came of it, published
    told_at = models.DateTimeField(null=True)  # those asked have had their notice
    reported_at = models.DateTimeField(null=True)
    schedule = models.ForeignKey(
        RoundSchedule, models.PROTECT, null=True, related_name="rounds", db_index=False
    )
    turn = models.DateField(null=True)  # the schedule's day it was made for; opens_at may be moved

    class Meta:
        indexes = [
            models.Index(fields=["body", "-opens_at", "-id"], name="round_by_body"),
            models.Index(fields=["state", "-opens_at", "-id"], name="round_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "turn"], name="round_once_a_turn"),
            models.CheckConstraint(
                condition=Q(schedule=None, turn=None)
                | Q(schedule__isnull=False, turn__isnull=False),
                name="round_of_a_schedule_has_its_turn",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RoundQuestion(models.Model):
    """One question of a round; what is typed under it may become a matter."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["order", "id"]


class RoundInvite(models.Model):
    """A person or an enterprise that a round names."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="invites")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, body=None) | Q(person=None, body__isnull=False),
                name="invite_person_or_body",
            ),
            # Two instead of one: to SQLite no NULL is like another, and nothing changes that.
            models.UniqueConstraint(fields=["round", "person"], name="invite_person_once"),
            models.UniqueConstraint(fields=["round", "body"], name="invite_body_once"),
        ]


class RoundReply(PublicModel):
    """What one answered, as written; what needs doing stands in the ledger with this as source."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="replies")
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    account_id = models.BigIntegerField(null=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)  # question's id → text
    confidential = models.BooleanField(default=False)  # the asking unit does not learn whose
    matters = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "-id"], name="reply_by_round")]
        constraints = [
            # Whoever is asked by name answers once; of a round to all no account is kept.
            models.UniqueConstraint(
                fields=["round", "account_id"],
                condition=Q(account_id__isnull=False),
                name="reply_once_per_account",
            ),
            models.UniqueConstraint(
                fields=["round", "body"],
                condition=Q(body__isnull=False),
                name="reply_once_per_body",
            ),
        ]
