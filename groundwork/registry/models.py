"""Places, bodies and people as the city's directories have them, with history."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from groundwork.base.models import Attachment, PublicModel


class Place(PublicModel, MP_Node):
    """A place of the administrative tree: city, district, township, community, grid cell."""

    class Level(models.TextChoices):
        CITY = "city", _("市")
        DISTRICT = "district", _("区县（市）")
        TOWNSHIP = "township", _("乡镇（街道）")
        COMMUNITY = "community", _("社区（村）")
        GRID = "grid", _("网格")

    code = models.CharField(max_length=20, unique=True)  # official 4/6/9/12 digits; grids: ours
    name = models.CharField(max_length=80, db_index=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    aliases = models.JSONField(default=list, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # null: since before the records
    valid_to = models.DateField(null=True, blank=True)  # the last day; null: still there

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="place_validity_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Body(PublicModel, MP_Node):
    """A unit, party organisation, branch, office, enterprise … in one tree, in directory order."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("单位")
        PARTY = "party", _("党组织")
        BRANCH = "branch", _("党支部")
        OFFICE = "office", _("处（科）室")
        ENTERPRISE = "enterprise", _("企业")
        PARK = "park", _("园区")
        TEMPORARY_BRANCH = "temporary_branch", _("临时党支部")
        SERVICE_STUDIO = "service_studio", _("党员工作室")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120, db_index=True)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="bodies")
    outside = models.BooleanField(default=False)  # beyond the city's own tree
    aliases = models.JSONField(default=list, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="body_validity_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Person(PublicModel):
    """One of the staff. `unit`, `office`, `branch`, `home_community` are today's open memberships.

    Only the actions that write `Membership` write these four; a test holds them together.
    """

    class Status(models.TextChoices):
        ON_ROLL = "on_roll", _("在编")
        CONTRACT = "contract", _("编外聘用")
        ON_LOAN = "on_loan", _("借调在此")
        SECONDED = "seconded", _("挂职在外")
        RETIRED = "retired", _("退休")
        LEFT = "left", _("调出")

    name = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=120)  # pinyin, editable
    initials = models.CharField(max_length=20, db_index=True)
    work_number = models.CharField(max_length=30, unique=True)
    phone = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ON_ROLL)
    party_member = models.BooleanField(default=False)
    unit = models.ForeignKey(Body, models.PROTECT, related_name="people")
    office = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    branch = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    home_community = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="residents"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    demo = models.BooleanField(default=False)  # an invented person of the demo city

    class Meta:
        indexes = [
            models.Index(fields=["unit", "sort_key", "id"], name="person_by_unit"),
            models.Index(fields=["sort_key", "id"], name="person_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Where a person belonged, from when to when: the history behind a person's four homes."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("单位")
        OFFICE = "office", _("处（科）室")
        BRANCH = "branch", _("党支部")
        HOME_COMMUNITY = "home_community", _("居住社区")

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="memberships")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(valid_to=None),
                name="membership_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="home_community", place__isnull=False, body=None)
                    | (~Q(kind="home_community") & Q(body__isnull=False, place=None))
                ),
                name="membership_body_or_place",
            ),
        ]


class Priority(PublicModel):
    """A central task (中心工作) of the city for a time; records may name the ones they serve."""

    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "id"]

    def __str__(self) -> str:
        return self.name


class ImportBatch(PublicModel):
    """One spreadsheet on its way in: uploaded → checked → confirmed → undone.

    The rows live as two compressed documents, not as 28,000 rows of their own: `parsed` is what
    was read and resolved, `undo` what stood before. Only rows with a problem get a row.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("已上传")
        CHECKED = "checked", _("已核对")
        CONFIRMED = "confirmed", _("已写入")
        UNDONE = "undone", _("已撤销")
        REFUSED = "refused", _("不能读取")

    kind = models.CharField(max_length=20)  # people | bodies | places | roll (by the area)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    attachment = models.ForeignKey(Attachment, models.PROTECT)
    account_id = models.BigIntegerField(null=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True)  # the scope the clerk imports for
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)  # {"code": …, "params": {…}}
    totals = models.JSONField(default=dict)  # rows, new, changed, same, bad, choice
    parsed = models.BinaryField(null=True)
    undo = models.BinaryField(null=True)


class ImportProblem(models.Model):
    """A row that cannot go in as it stands: column, reason, choices if any."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()  # as the clerk's sheet numbers it
    column = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    choices = models.JSONField(default=list)  # [{"id": public id, "label": …}]
    chosen = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["row", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row", "column", "code"], name="import_problem_once"
            ),
        ]
