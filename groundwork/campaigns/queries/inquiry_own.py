"""What the television inquiry keeps about oneself, for the page of one's own data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.access.queries import own
from groundwork.access.queries.own import Section
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Juror


@own.section
def _juries(by: Actor) -> Section | None:
    if by.account_id is None:
        return None
    rows = Juror.objects.filter(account=by.account_id).select_related("episode")
    return Section(
        _("问政评议员"),
        _("播出一年以后清除；点的什么截止时就删除了。"),
        (_("播出时间"), _("哪一期")),
        [(row.episode.airs_at, row.episode.title) for row in rows.order_by("-id")[: own.MOST]],
    )
