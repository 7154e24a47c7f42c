"""What this area keeps about oneself, for the page of one's own data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.access.queries import own
from groundwork.access.queries.own import Section
from groundwork.base.actor import Actor
from groundwork.voices.models import MarkStep, Registration
from groundwork.voices.policy.marks import marks_seen
from groundwork.voices.queries.home import own_deeds
from groundwork.voices.queries.marks import word_titles


@own.section
def _registrations(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    rows = Registration.objects.filter(person=by.person_id).select_related("place").order_by("-id")
    return Section(
        _("社区报到"),
        _("有了结果以后保存两年；居住社区写在登记卡上。"),
        (_("社区"), _("入住"), _("结果"), _("理由")),
        [
            (str(row.place), row.since, str(row.get_state_display()), row.reason)
            for row in rows[: own.MOST]
        ],
    )


@own.section
def _service(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    return Section(
        _("社区服务记录"),
        _("归本人，长期保存。"),
        (_("日期"), _("做了什么"), _("在哪里"), _("小时"), _("谁确认的")),
        [
            (done.day, done.what, done.where, str(done.hours), done.source)
            for done in own_deeds(by)[: own.MOST]
        ],
    )


@own.section
def _marks(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    titles = word_titles()
    steps = MarkStep.objects.filter(mark__in=marks_seen(by, "me").order_by().values("pk"))
    rows = steps.select_related("mark").order_by("-mark_id", "id")[: own.MOST]
    return Section(
        _("关于我的评议"),
        _("一年到期，再过九十天连文字一并清除。"),
        (_("时间"), _("种类"), _("写的人"), _("步骤"), _("文字")),
        [
            (row.at, str(row.mark.get_kind_display()), f"{row.office} {row.name}".strip(),
             titles[row.verb], row.text)
            for row in rows
        ],
    )  # fmt: skip
