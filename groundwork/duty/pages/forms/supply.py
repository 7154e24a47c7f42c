"""When somebody can come; what a unit keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.duty.actions.supply import Answer
from groundwork.duty.models.need import Kind
from groundwork.duty.pages.forms.order import AUTHORITY, OWNER, UNTIL
from groundwork.duty.rules import times as rules
from groundwork.duty.rules.kinds import SKILLS
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Segments, Ticks

SLOT_NAMES = {
    "morning": _("上午"),
    "afternoon": _("下午"),
    "evening": _("晚上"),
    "night": _("夜里"),
}


@declare_form("duty.supply", OWNER, AUTHORITY, UNTIL)
class AnswerForm(forms.Form):
    """How often, what for, and the single days that differ from the week's pattern."""

    cap = forms.TypedChoiceField(
        label=_("一周最多几次"),
        coerce=int,
        choices=[(n, str(n)) for n in rules.CAPS],
        widget=Segments(),
        initial=3,
    )
    skills = forms.MultipleChoiceField(
        label=_("会什么"),
        required=False,
        widget=Ticks(),
        choices=[(skill, Kind(skill).label) for skill in SKILLS],
    )

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        slots = [code for code, _start, _end in rules.SLOTS]
        for day in days:
            self.fields[f"day_{day:%Y%m%d}"] = forms.MultipleChoiceField(
                required=False, choices=[(code, SLOT_NAMES[code]) for code in slots]
            )

    def answer(self, week: Mapping[str, Any]) -> Answer:
        """Make the answer: the week as it stands, and what the days' ticks add to it."""
        data = self.cleaned_data
        chosen = {day: data[f"day_{day:%Y%m%d}"] for day in self.days}
        times = rules.with_days({"week": week}, chosen)
        return Answer(times, data["cap"], tuple(data["skills"]))


@declare_form("duty.stay", OWNER, AUTHORITY, UNTIL)
class StayForm(forms.Form):
    """How many stay in the office."""

    stay = forms.IntegerField(
        label=_("工作日至少留几人在岗"),
        min_value=0,
        max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
