"""Where one was sent, as a section of what is kept about oneself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.access.queries import own
from groundwork.access.queries.own import Section
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Posting


@own.section
def _postings(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    rows = Posting.objects.filter(person=by.person_id).select_related("project", "sent_by")
    return Section(
        _("挂职和帮扶"),
        _("项目结束两年后清除姓名。"),
        (_("项目"), _("去哪里"), _("任什么"), _("派出单位"), _("从哪天"), _("到哪天")),
        [
            (row.project.name, row.project.host, row.task, str(row.sent_by), row.first_day,
             row.last_day)
            for row in rows.order_by("-first_day", "-id")[: own.MOST]
        ],
    )  # fmt: skip
