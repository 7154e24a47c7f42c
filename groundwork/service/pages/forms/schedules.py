"""Say how often a round is asked again, by what authority, until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.service.actions.schedules import SchedulePlan
from groundwork.service.models import RoundSchedule
from groundwork.service.pages.forms.common import UNTIL
from groundwork.service.pages.forms.rounds import AUTHORITY, OWNER
from groundwork.service.rules.schedules import MOST_LASTS, MOST_NTH
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, Segments, TimeInput


@declare_form("service.round_schedule", OWNER, AUTHORITY, UNTIL)
class ScheduleForm(forms.Form):
    """Let a round be asked again at set times."""

    every = forms.ChoiceField(
        label=_("多久问一次"), choices=RoundSchedule.Every.choices, widget=Segments()
    )
    nth = forms.IntegerField(
        label=_("第几个工作日"),
        min_value=1,
        max_value=max(MOST_NTH.values()),
        help_text=_(
            "按工作日历（含调休）算；那一周、月或季度没有这么多工作日的，按最后一个工作日；"
            "整周放假的，那一周不问。"
        ),
    )
    opens = forms.TimeField(label=_("几点开始"), widget=TimeInput())
    lasts = forms.IntegerField(
        label=_("每次开放几个工作日"),
        min_value=1,
        max_value=MOST_LASTS,
        help_text=_("到那一天18:00截止。"),
    )
    authority = forms.CharField(
        label=_("依据"),
        max_length=120,
        help_text=_("凭什么一次次地问人：哪份文件、哪项制度。"),
    )
    valid_from = forms.DateField(label=_("从哪天起"), widget=DateInput())
    valid_to = forms.DateField(
        label=_("问到哪天"),
        widget=DateInput(),
        help_text=_("最长两年。到期自动结束，还要问的再定一次。"),
    )

    def plan(self) -> SchedulePlan:
        """Make the plan of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return SchedulePlan(**{name: data[name] for name in SchedulePlan.__dataclass_fields__})
