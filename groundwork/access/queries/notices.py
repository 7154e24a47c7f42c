"""The inbox and what it says on the menu."""

from __future__ import annotations

from django.conf import settings

from groundwork.access import policy
from groundwork.access.models import Notice, NoticeSettings
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key


def unread_count(by: Actor) -> int:
    """Count the unread notices of the own inbox, up to MOST_COUNTED: the badge of the menu."""
    return capped_count(policy.visible_notices(by).filter(read_at=None))


def inbox(by: Actor, cursor: str = "") -> Listing[Notice]:
    """Page through the own inbox, the newest first."""
    return page_by_key(policy.visible_notices(by), ("-id",), cursor)


def settings_of(account_id: int) -> NoticeSettings:
    """Give an account's notice settings, the usual ones (not stored) where nobody chose."""
    found = NoticeSettings.objects.filter(account=account_id).first()
    return found or NoticeSettings(account_id=account_id)


def has_vendor() -> bool:
    """Tell whether the office has set up a messenger."""
    return bool(settings.NOTICE_WEBHOOK)
