"""What one said in discussions, as a section of what is kept about oneself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.access.queries import own
from groundwork.access.queries.own import Section
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Contribution


@own.section
def _words(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    rows = Contribution.objects.filter(person=by.person_id).select_related("campaign")
    return Section(
        _("大讨论里的发言"),
        _("大讨论结束两年后清除姓名。"),
        (_("大讨论"), _("哪一种"), _("写了什么"), _("情况"), _("什么时候")),
        [
            (row.campaign.title, row.get_kind_display(), row.text, row.get_state_display(),
             row.said_at)
            for row in rows.order_by("-id")[: own.MOST]
        ],
    )  # fmt: skip
