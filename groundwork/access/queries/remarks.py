"""Remarks on the software, and the one to-do of this area."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.access import policy
from groundwork.access.models import Account, Remark
from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Listing, Todo, page_by_key


def remarks_page(by: Actor, cursor: str = "", *, open_only: bool = False) -> Listing[Remark]:
    """Page through the remarks one may see, the newest first."""
    remarks = policy.visible_remarks(by)
    if open_only:
        remarks = remarks.filter(answered_at=None)
    return page_by_key(remarks, ("-id",), cursor)


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what the account itself needs: a key of its own; for the city, unanswered remarks."""
    out = []
    if _needs_a_key(by):
        out.append(
            Todo(
                _("设一个密码或通行密钥"),
                reverse("access:keys"),
                sub=_("登录条只能用一次，下次要用自己的密码进来"),
            )
        )
    if by.has(Role.CITY_OPERATOR):
        waiting = policy.visible_remarks(by).filter(answered_at=None)[:100].count()
        if waiting:
            out.append(
                Todo(
                    _("有人对软件提了意见"),
                    reverse("access:remarks"),
                    chip=str(waiting),
                    tone="due",
                )
            )
    return out


def _needs_a_key(by: Actor) -> bool:
    if by.account_id is None:
        return False
    account = Account.objects.filter(pk=by.account_id, demo=False).first()
    if account is None or account.has_usable_password():
        return False
    return not Authenticator.objects.filter(user=account, type="webauthn").exists()
