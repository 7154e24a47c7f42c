"""Accounts, grants, slips, notices: who may come in and as what."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.access.rules.notices import QUIET_FROM, QUIET_TO
from groundwork.base.actor import ROLE_NAMES, Role
from groundwork.base.models import PublicModel
from groundwork.registry.models import Body, Person, Place


class AccountManager(BaseUserManager["Account"]):
    """Find accounts by the name typed at the door."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(PublicModel, AbstractBaseUser):
    """A key to the city's door. Staff have a person behind it, enterprises a body by grant."""

    username = models.CharField(max_length=60, unique=True)  # the work number for staff
    email = models.EmailField(blank=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="account"
    )
    is_active = models.BooleanField(default=True)
    locale = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    acts_as = models.CharField(max_length=12, blank=True)  # the grant a new session begins with
    demo = models.BooleanField(default=False)  # one of the demo city's cast: a one-tap card

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username

    @property
    def person_gone(self) -> bool:
        """Tell whether the entry behind the account is merged away or has left."""
        person = self.person
        return person is not None and (
            person.merged_into_id is not None or person.status == Person.Status.LEFT
        )


class Grant(PublicModel):
    """A role held by an account at a body or a place for a time, inherited down the tree."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=[(r.value, ROLE_NAMES[r]) for r in Role])
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    acting_for = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+"
    )  # set: an acting holder stands in for this account
    granted_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(body=None, place__isnull=False) | Q(body__isnull=False, place=None),
                name="grant_at_a_body_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="grant_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["account", "valid_from"], name="grant_by_account")]


class Slip(models.Model):
    """A one-time slip of paper for the first sign-in; only the digest of its code is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="slips")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at=None, revoked_at=None),
                name="slip_one_living",
            ),
        ]


class Notice(PublicModel):
    """What one account is told, stored as it was read."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)  # the same key is the same notice
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  # with which letter it left
    messaged_at = models.DateTimeField(null=True)  # with which message it left

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["account", "-id"], condition=Q(read_at=None), name="notice_unread"
            ),
            models.Index(fields=["account", "-id"], name="notice_by_account"),
        ]


class NoticeSettings(models.Model):
    """How an account wants to be told beyond the inbox, and when not."""

    class Mail(models.TextChoices):
        NEVER = "never", _("不发邮件")
        DIGEST = "digest", _("每天汇总一封")
        EACH = "each", _("每条一封")

    account = models.OneToOneField(Account, models.CASCADE, related_name="notice_settings")
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.DIGEST)
    vendor = models.BooleanField(default=False)  # the office's messenger, where one is set up
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_to = models.TimeField(default=QUIET_TO)


class FeedKey(models.Model):
    """The secret address of a personal calendar feed; only its digest is kept; revocable."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="feed_keys")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(revoked_at=None), name="feed_key_one_living"
            ),
        ]


class ApiToken(PublicModel):
    """A key by which a program comes in as an account; only the digest is kept; revocable.

    It acts as `acts_as` (a grant's public id, AS_STAFF for none) as long as the grant is in force.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)  # which program holds it
    digest = models.CharField(max_length=64, unique=True)
    acts_as = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    used_on = models.DateField(null=True)  # the last day; a time of day would be a time sheet
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="api_token_by_account")]


class Remark(PublicModel):
    """What somebody says of the software itself, and what was answered."""

    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="remarks")
    page = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
