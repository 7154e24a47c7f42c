"""Announce a programme, plan its term, send speakers on tour."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundwork.base.actor import Actor
from groundwork.base.dates import day_text
from groundwork.registry.models import Body
from groundwork.study.actions.programme import ENDS, STARTS, TermPlan
from groundwork.study.models import Form, LedBy, Theme
from groundwork.study.pages.forms.evening import AUTHORITY, OWNER, UNTIL
from groundwork.study.pages.forms.lines import SpeakersField, StopsField
from groundwork.study.queries import choices
from groundwork.study.queries.programme import DayLine
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateInput, PickField, Segments, Ticks, TimeInput

REASONS = {
    "holiday": _("%(tuesday)s放假，顺延"),
    "eve": _("%(tuesday)s晚是假期前夜，顺延"),
}


def host_field() -> PickField:
    """Make the field that picks a body to plan for; `offer_host` fills it."""
    label = pgettext_lazy("夜学", "主办单位")
    return PickField(url_name="study:choices_bodies", find=lambda words: [], label=label)


class _HostedBase(forms.Form):
    """A form with a host that the actor plans for."""

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if "host" not in self.fields:
            return
        pick = self.fields["host"]
        assert isinstance(pick, PickField)
        pick.find = lambda words: (Choice(*found) for found in choices.body_choices(by, words))
        pick.widget.label_of = lambda pk: choices.body_label(by, pk)
        if not self.initial.get("host"):
            own = choices.own_body(by)
            self.initial["host"] = own.public_id if own else ""

    def clean_host(self) -> Body:
        """Give the body itself."""
        body = choices.body(self.by, self.cleaned_data["host"])
        if body is None:
            raise forms.ValidationError(_("这个单位不归您安排。"))
        return body


@declare_form("study.programme", OWNER, AUTHORITY, UNTIL)
class ProgrammeForm(_HostedBase):
    """Announce a programme for a term or several years."""

    name = forms.CharField(label=_("计划名称"), max_length=120)
    host = host_field()
    starts = forms.DateField(label=_("开始日期"), widget=DateInput())
    ends = forms.DateField(label=_("结束日期"), widget=DateInput())
    aim = forms.CharField(
        label=_("目标"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, fixed_host: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_host:
            del self.fields["host"]


@declare_form("study.term", OWNER, AUTHORITY, UNTIL)
class TermForm(forms.Form):
    """Draft the evenings of a term in one act."""

    days = forms.MultipleChoiceField(label=_("日期"), widget=Ticks())
    first_theme = forms.ChoiceField(
        label=_("第一场的主题"),
        choices=Theme.choices,
        widget=Segments(),
        help_text=_("两个主题轮流安排，建好后可逐场修改。"),
    )
    form = forms.ChoiceField(label=_("形式"), choices=Form.choices)
    led_by = forms.ChoiceField(label=_("组织方式"), choices=LedBy.choices)
    starts = forms.TimeField(label=_("开始"), widget=TimeInput(), initial=STARTS)
    ends = forms.TimeField(label=_("结束"), widget=TimeInput(), initial=ENDS)

    def __init__(self, *args: Any, lines: list[DayLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [line for line in lines if line.free and line.day.day]
        pairs = [(line.day.day.isoformat(), _said(line)) for line in free if line.day.day]
        self.fields["days"].choices = pairs  # type: ignore[attr-defined]
        self.initial.setdefault("days", [value for value, _label in pairs])
        self.initial.setdefault("first_theme", Theme.POLITICAL)

    def plan(self) -> TermPlan:
        """Make the plan of a valid form."""
        names = ("first_theme", "form", "led_by", "starts", "ends")
        return TermPlan(**{name: self.cleaned_data[name] for name in names})

    def chosen(self) -> set[date]:
        """Give the days that were ticked."""
        return {date.fromisoformat(value) for value in self.cleaned_data["days"]}


def _said(line: DayLine) -> str:
    assert line.day.day is not None
    said = day_text(line.day.day, weekday=True)
    if line.day.reason:
        why = REASONS[line.day.reason] % {"tuesday": day_text(line.day.tuesday, year=False)}
        return f"{said} · {why}"
    return said


@declare_form("study.tour", OWNER, AUTHORITY, UNTIL)
class TourForm(_HostedBase):
    """Send speakers on tour: one evening at each stop."""

    name = forms.CharField(label=_("巡回宣讲名称"), max_length=100)
    host = host_field()
    theme = forms.ChoiceField(
        label=_("主题"), choices=Theme.choices, widget=Segments(), initial=Theme.POLITICAL
    )
    speakers = SpeakersField(
        label=_("宣讲员"), rows=3, required=True, help_text=_("一行一位：姓名或工号，讲题。")
    )
    minutes = forms.IntegerField(label=_("每场分钟数"), min_value=90, max_value=360, initial=95)
    starts = forms.TimeField(label=_("通常几点开始"), widget=TimeInput(), initial=time(18, 15))
    stops = StopsField(
        label=_("各站"),
        rows=6,
        required=True,
        help_text=_(
            "一行一站：单位，日期和时间，会场。例如：海曙区教育局，12月1日 18:15，三楼会议室。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speakers, stops = self.fields["speakers"], self.fields["stops"]
        assert isinstance(speakers, SpeakersField)
        assert isinstance(stops, StopsField)
        speakers.person = lambda number: choices.speaker_numbered(self.by, number)
        stops.named = lambda lines: choices.bodies_named(self.by, lines)

    def clean_starts(self) -> time:
        """Use the hour for the stops that give none."""
        starts: time = self.cleaned_data["starts"]
        stops = self.fields["stops"]
        assert isinstance(stops, StopsField)
        stops.usual = starts
        return starts

    def length(self) -> timedelta:
        """Give how long each stop lasts."""
        return timedelta(minutes=self.cleaned_data["minutes"])
