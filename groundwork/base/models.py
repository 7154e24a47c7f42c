"""Tables of the kernel: trail, change log, outbox, leases, calendar, files, search, tombstones."""

from __future__ import annotations

from django.db import models

from groundwork.base.ids import LENGTH, public_id


class PublicModel(models.Model):
    """A row that an address may name."""

    public_id = models.CharField(max_length=LENGTH, unique=True, default=public_id, editable=False)

    class Meta:
        abstract = True


class TrailEntry(models.Model):
    """Who did what to what with which fields. Append-only; ids and field names, never values.

    `position` and `digest` are set once, by the worker, when the row is sealed into the chain.
    """

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=24, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    fields = models.JSONField(default=list)
    position = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id", "id"], name="trail_by_object"),
            models.Index(fields=["id"], condition=models.Q(position=None), name="trail_unsealed"),
        ]


class Change(models.Model):
    """What changed for the figures: kind, dates and dimension keys, before and after.

    `n` records of the same dimensions may share one row, so that bulk acts stay small.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    n = models.PositiveIntegerField(default=1)


class FormTiming(models.Model):
    """One send of one declared form: how long it took on which day. No person, no time of day."""

    form_key = models.CharField(max_length=60)
    day = models.DateField()
    seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["form_key", "day"], name="form_timing_by_key"),
            models.Index(fields=["day"], name="form_timing_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.form_key} {self.day} {self.seconds} s"


class OutboxMessage(models.Model):
    """A side effect that leaves after commit, at least once; `key` makes it happen once."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(done_at=None), name="outbox_waiting"
            ),
        ]


class Lease(models.Model):
    """A name that one process at a time may hold, until it lapses; `ran_at` for scheduled jobs."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)


class DayOverride(models.Model):
    """A day the office declares working or free, over the seed of the notices."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)


class Attachment(PublicModel):
    """A stored file: checked by content, images re-encoded, named by its own hash."""

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m", max_length=200)
    created_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)


class SearchEntry(models.Model):
    """The search tokens of one object; `base.search` keeps a full-text index over them."""

    kind = models.CharField(max_length=40)
    object_pk = models.BigIntegerField()
    tokens = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_pk"], name="search_one_per_object"),
        ]


class Tombstone(PublicModel):
    """So many records of a kind were erased, when and by which rule; never what was in them.

    `ids` name them until the journal outside the database has the line (`base.retention`), so
    that a restore of an older backup erases them again.
    """

    kind = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over the sorted ids
    at = models.DateTimeField()
    ids = models.JSONField(default=list)
    journaled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["rule", "-at"], name="tombstone_by_rule"),
            models.Index(
                fields=["id"], condition=models.Q(journaled=False), name="tombstone_unwritten"
            ),
        ]
