"""The trail as auditors read it: who did what to what, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext

from groundwork.access import policy
from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.base.actor import ROLE_NAMES, Actor, Role
from groundwork.base.listing import page_by_key
from groundwork.base.models import TrailEntry
from groundwork.base.text import tight


@dataclass(frozen=True)
class TrailLine:
    """One row of the trail, with the name of who acted as it is known today."""

    at: datetime
    who: str
    number: str
    role: str
    verb: str
    kind: str
    object_id: str
    fields: str
    position: int | None


def trail_page(
    by: Actor,
    *,
    kind: str = "",
    object_id: str = "",
    number: str = "",
    day: date | None = None,
    cursor: str = "",
) -> tuple[list[TrailLine], str]:
    """Page through the trail in the reader's scope, the newest first."""
    rows = policy.visible_trail(by)
    if kind:
        rows = rows.filter(kind=kind.strip())
    if object_id:
        rows = rows.filter(object_id=object_id.strip())
    if number:
        rows = rows.filter(
            account_id__in=Account.objects.filter(username__iexact=tight(number)).values("pk")
        )
    if day is not None:
        start = clock.local(day, time())
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    page = page_by_key(rows, ("-id",), cursor)
    return _named(page.rows), page.next


def _named(rows: list[TrailEntry]) -> list[TrailLine]:
    ids = {row.account_id for row in rows if row.account_id is not None}
    accounts = {
        account.pk: account
        for account in Account.objects.filter(pk__in=ids).select_related("person")
    }
    return [_line(row, accounts.get(row.account_id or 0)) for row in rows]


def _line(row: TrailEntry, account: Account | None) -> TrailLine:
    role = gettext(ROLE_NAMES[Role(row.role)]) if row.role in set(Role) else row.role
    who = str(account.person or account) if account else row.system or gettext("未登录")
    return TrailLine(
        at=row.at,
        who=who,
        number=account.username if account else "",
        role=role,
        verb=row.verb,
        kind=row.kind,
        object_id=row.object_id,
        fields="、".join(str(name) for name in row.fields),
        position=row.position,
    )
