"""A matter, who raised it, every step of its way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Attachment, PublicModel
from groundwork.matters.models.settings import Category
from groundwork.matters.rules.states import CLOSED, WITH_LEAD
from groundwork.matters.rules.words import title_of
from groundwork.registry.models import Body, Person, Place, Priority


class Door(models.TextChoices):
    """Through which door a matter came in."""

    PORTAL = "portal", _("群众自己提")
    ENTERPRISE = "enterprise", _("企业自己提")
    STAFF = "staff", _("干部代提")
    PHONE = "phone", _("电话")
    HOTLINE = "hotline", _("12345热线")
    OPEN311 = "open311", _("开放接口")
    VISIT = "visit", _("走访发现")
    PATROL = "patrol", _("巡查发现")
    ROUND = "round", _("征询收到")
    TELEVISION = "television", _("电视问政")
    CAMPAIGN = "campaign", _("大讨论")


class Kind(models.TextChoices):
    """What the raiser wants."""

    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    QUESTION = "question", _("咨询")


class Urgency(models.TextChoices):
    """How soon it must be seen to."""

    NORMAL = "normal", _("一般")
    URGENT = "urgent", _("紧急")
    EMERGENCY = "emergency", _("特急")


class State(models.TextChoices):
    """Where a matter stands; the ways between are the table in `rules.states`."""

    RAISED = "raised", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    DECLINED = "declined", _("不予受理")
    ASSIGNED = "assigned", _("已派单")
    HANDLING = "handling", _("办理中")
    OUTSIDE = "outside", _("已转外单位")
    ANSWERED = "answered", _("已答复，待本人确认")
    SOLVED = "solved", _("本人确认解决")
    UNIT_DONE = "unit_done", _("单位称已办结")
    REDO = "redo", _("重办")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并单")


class Matter(PublicModel):
    """One problem in the one ledger. Who raised it stands apart, in `Raiser`."""

    receipt = models.CharField(max_length=16, unique=True)
    client_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where given
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.HELP)
    door = models.CharField(max_length=12, choices=Door.choices)
    # Soft: what it came out of ("service.visit", "hotline.order", …) and its public id or number.
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=40, blank=True)
    # Where a list's index begins with a foreign key, the key has no index of its own: SQLite takes
    # the narrow one and reads all rows of a lead or a district to sort them.
    category = models.ForeignKey(Category, models.PROTECT, related_name="matters", db_index=False)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, default=Urgency.NORMAL)
    # The place as named, most often a community. The township and district it is or lies in stand
    # beside it, so that a list of a district's matters needs no join.
    place = models.ForeignKey(Place, models.PROTECT, related_name="matters", db_index=False)
    township = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    concerns = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")  # complained of
    title = models.CharField(max_length=80)
    text = models.TextField()  # the raiser's words, numbers of cards masked
    words_digest = models.CharField(max_length=32, blank=True)  # the same words again
    public_text = models.TextField(blank=True)  # as the board shows it; "" is counted, not shown
    withheld_until = models.DateTimeField(null=True)  # embargo: until then it is nowhere
    confidential = models.BooleanField(default=False)  # a raiser stays unknown to the lead

    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    state_since = models.DateTimeField()
    lead = models.ForeignKey(  # 主办
        Body, models.PROTECT, null=True, related_name="led_matters", db_index=False
    )
    handler = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)  # the first word to the raiser from the lead
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True)
    solve_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the next of the three that is still owed
    ask_until = models.DateTimeField(null=True)  # the raiser is asked until then
    redo_count = models.PositiveSmallIntegerField(default=0)
    returned_count = models.PositiveSmallIntegerField(default=0)
    escalation = models.PositiveSmallIntegerField(default=0)  # levels up the tree it was told to
    supervised = models.BooleanField(default=False)  # 督办
    reminded_at = models.DateTimeField(null=True)  # 催办
    raisers_count = models.PositiveIntegerField(default=1)  # who joined counts
    answer = models.TextField(blank=True)  # the last one, as the raiser read it
    # Rarely set: the plain index of a foreign key would be one long run of nulls, which SQLite,
    # once it has counted, reads the whole table rather than use.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", db_index=False
    )
    erased_at = models.DateTimeField(null=True)  # texts and raisers gone, the record stays

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="matter_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_LEAD) | Q(lead__isnull=False), name="matter_has_lead"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CLOSED) | Q(due_at=None), name="matter_closed_owes_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["-id", "state"], name="matter_newest"),
            models.Index(fields=["district", "-id"], name="matter_by_district"),
            models.Index(fields=["township", "-id"], name="matter_by_township"),
            models.Index(fields=["place", "-id"], name="matter_by_place"),
            models.Index(fields=["category", "-id"], name="matter_by_category"),
            models.Index(fields=["lead", "-id"], name="matter_by_lead"),
            models.Index(fields=["state", "-id"], name="matter_by_state"),
            models.Index(fields=["door", "-id"], name="matter_by_door"),
            models.Index(
                fields=["priority", "-id"],
                condition=Q(priority__isnull=False),
                name="matter_by_priority",
            ),
            models.Index(
                fields=["lead", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="matter_due",
            ),
            models.Index(
                fields=["state", "due_at", "id"], condition=Q(closed_at=None), name="matter_open"
            ),
            # The desk: by deadline in city, district, township; what waits for the raiser.
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="matter_due_city"
            ),
            models.Index(
                fields=["district", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="matter_due_district",
            ),
            models.Index(
                fields=["township", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="matter_due_township",
            ),
            models.Index(
                fields=["lead", "state", "-id"],
                condition=Q(closed_at=None),
                name="matter_open_lead",
            ),
            models.Index(
                fields=["district", "state", "-id"],
                condition=Q(closed_at=None),
                name="matter_open_district",
            ),
            models.Index(
                fields=["state_since", "id"], condition=Q(closed_at=None), name="matter_open_since"
            ),
            models.Index(fields=["source_kind", "source_id"], name="matter_by_source"),
            # What figures count by the day of.
            models.Index(fields=["raised_at", "id"], name="matter_raised"),
            models.Index(
                fields=["answered_at", "id"],
                condition=Q(answered_at__isnull=False),
                name="matter_answered",
            ),
            models.Index(
                fields=["closed_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="matter_closed",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="matter_merged",
            ),
            models.Index(
                fields=["split_from"], condition=Q(split_from__isnull=False), name="matter_split"
            ),
            models.Index(fields=["place", "words_digest"], name="matter_same_words"),
            models.Index(
                fields=["withheld_until", "id"],
                condition=Q(withheld_until__isnull=False),
                name="matter_withheld",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Raiser(models.Model):
    """Who raised a matter or joined it. Only `policy.raisers_seen` gives these rows to staff.

    The secret link's 160 random bits are kept as their digest. Never in search, trail or exports.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="raisers")
    # Where they are asked: the matter, or the one it went into.
    goes_on = models.ForeignKey(Matter, models.CASCADE, related_name="asked")
    first = models.BooleanField()  # raised it; the others joined
    name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")  # an enterprise
    account_id = models.BigIntegerField(null=True)
    confidential = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    joined_at = models.DateTimeField()
    words = models.TextField(blank=True)  # what somebody who joined added
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(first=True), name="raiser_one_first"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_id", "-id"],
                condition=Q(account_id__isnull=False),
                name="raiser_by_account",
            ),
            models.Index(
                fields=["body", "-id"], condition=Q(body__isnull=False), name="raiser_by_body"
            ),
            models.Index(fields=["phone", "-id"], condition=~Q(phone=""), name="raiser_by_phone"),
        ]

    @property
    def own_text(self) -> str:
        """What this raiser wrote; of who joined never what the first one did."""
        return self.matter.text if self.first else self.words

    @property
    def own_title(self) -> str:
        """Name the matter to this raiser: who joined does not read the first one's words."""
        if self.first:
            return self.matter.title
        return title_of(self.words or self.matter.public_text) or str(self.matter.category)


class Step(models.Model):
    """One step of a matter's way, appended and never edited, with the text as it was read."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("公开")
        RAISER = "raiser", _("提出人和承办方")
        STAFF = "staff", _("内部")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="steps", db_index=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=16)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")  # in whose name
    label = models.CharField(max_length=80, blank=True)  # as what somebody acted, never a raiser
    account_id = models.BigIntegerField(null=True)  # null for raisers, always
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)  # ids, dates, codes; never personal values

    class Meta:
        indexes = [models.Index(fields=["matter", "id"], name="step_by_matter")]


class CoHandler(models.Model):
    """A body that helps the lead (协办): it contributes, the lead answers."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="co_handlers", db_index=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="co_handled", db_index=False)
    asked_at = models.DateTimeField()
    # As the matter's `closed_at` says, kept by `steps.move`: what a body helps with now is found
    # without walking all it ever helped with.
    over = models.BooleanField(default=False)
    contribution = models.TextField(blank=True)
    contributed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "body"], name="co_handler_once"),
        ]
        indexes = [
            models.Index(fields=["body", "matter"], name="co_handler_by_body"),
            models.Index(
                fields=["body", "matter"], condition=Q(over=False), name="co_handler_at_work"
            ),
        ]


class Request(PublicModel):
    """What a lead asks for and somebody else decides: more time, or that it is not theirs."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("延期")
        DISPUTE = "dispute", _("派单争议")

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    until = models.DateField(null=True)  # of an extension
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=Q(state="asked"), name="request_one_open"
            ),
        ]


class MatterFile(models.Model):
    """A photo or document of a matter; the board never shows the raiser's."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="files")
    from_raiser = models.BooleanField()
    added_at = models.DateTimeField()
