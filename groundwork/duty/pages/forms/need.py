"""Gates, shifts, numbers, a day copied, a gate closed, a sheet brought in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.duty.models.need import Kind
from groundwork.duty.pages.forms.order import (
    AUTHORITY,
    OWNER,
    UNTIL,
    PlaceField,
    _ScopedBase,
)
from groundwork.duty.queries import choices
from groundwork.duty.rules.kinds import KINDS, TEMPLATES
from groundwork.duty.rules.needs import MOST_OF_A_KIND
from groundwork.registry.models import Person
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import DateInput, DateTimeInput, Ticks, TimeInput

Hours = list[tuple[str, str]]


@declare_form("duty.gate", OWNER, AUTHORITY, UNTIL)
class GateForm(_ScopedBase):
    """Set up a gate."""

    place = PlaceField(
        label=_("在哪里"), help_text=_("社区（村）；车站、高速出口填所在的街道或区县。")
    )
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("比如：东大门、高速北出口。")
    )
    spot = forms.CharField(
        label=_("具体位置"),
        max_length=120,
        required=False,
        help_text=_("像告诉朋友那样写：菜场对面，公交站旁。"),
    )


@declare_form("duty.gate_edit", OWNER, AUTHORITY, UNTIL)
class GateEditForm(forms.Form):
    """Change a gate's words and whom to call."""

    name = forms.CharField(label=_("名称"), max_length=60)
    spot = forms.CharField(label=_("具体位置"), max_length=120, required=False)
    contacts = forms.CharField(
        label=_("有事找谁"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("社区的人，一行一个，姓名或工号。"),
    )

    def clean_contacts(self) -> list[Person]:
        """Find the people."""
        lines = [line.strip() for line in self.cleaned_data["contacts"].splitlines()]
        lines = [line for line in lines if line]
        found = choices.people_named(lines)
        for line, people in found.items():
            if not people:
                raise forms.ValidationError(_("没有找到“%(name)s”。"), params={"name": line})
            if len(people) > 1:
                raise forms.ValidationError(
                    _("“%(name)s”有好几位，请改填工号。"), params={"name": line}
                )
        return [people[0] for people in found.values()]


class _NumbersBase(forms.Form):
    """How many of each kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Kind.choices)
        for kind in KINDS:
            self.fields[kind] = forms.IntegerField(
                label=names[kind],
                required=False,
                min_value=0,
                max_value=MOST_OF_A_KIND,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
            )

    def needs(self) -> dict[str, int]:
        """Give the numbers of a valid form."""
        return {kind: self.cleaned_data.get(kind) or 0 for kind in KINDS}

    def number_fields(self) -> list[Any]:
        """Give the number fields for the template."""
        return [self[kind] for kind in KINDS]


@declare_form("duty.numbers", OWNER, AUTHORITY, UNTIL)
class NumbersForm(_NumbersBase):
    """Change one shift's numbers."""


@declare_form("duty.shifts", OWNER, AUTHORITY, UNTIL)
class ShiftsForm(_NumbersBase):
    """Ask for shifts on some days: usual hours ticked, or hours of one's own."""

    hours = forms.MultipleChoiceField(
        label=_("常用班次"),
        required=False,
        widget=Ticks(),
        choices=[(f"{a}-{b}", f"{a}–{b}") for a, b in TEMPLATES],
    )
    starts = forms.TimeField(label=_("或者自己写：从"), required=False, widget=TimeInput())
    ends = forms.TimeField(
        label=_("到"),
        required=False,
        widget=TimeInput(),
        help_text=_("不晚于开始的，算到第二天。"),
    )
    first = forms.DateField(label=_("从哪天"), widget=DateInput())
    last = forms.DateField(label=_("到哪天"), widget=DateInput())
    replace = forms.BooleanField(
        label=_("已经有的班次，人数也改成这样"),
        required=False,
        help_text=_("不勾就只加没有的班次。时间不同的班次都不动。"),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for hours, whole."""
        data = super().clean() or {}
        if self.errors:
            return data
        if bool(data.get("starts")) != bool(data.get("ends")):
            raise forms.ValidationError(_("自己写的班次，开始和结束都要填。"))
        if not self.spans():
            raise forms.ValidationError(_("请选一个班次，或者写上时间。"))
        return data

    def spans(self) -> Hours:
        """Give the hours of a valid form."""
        data = self.cleaned_data
        chosen = [tuple(code.split("-")) for code in data.get("hours", [])]
        if data.get("starts") and data.get("ends"):
            chosen.append((f"{data['starts']:%H:%M}", f"{data['ends']:%H:%M}"))
        return [(a, b) for a, b in dict.fromkeys(chosen)]


@declare_form("duty.shifts_many", OWNER, AUTHORITY, UNTIL)
class ManyShiftsForm(ShiftsForm, _ScopedBase):
    """The same for all gates of a place."""

    place = PlaceField(
        label=_("哪些卡口"),
        required=False,
        help_text=_("填一个街道或区县，就是那里的全部卡口；不填就是您管的全部卡口。"),
    )
    field_order = ("place",)


@declare_form("duty.copy", OWNER, AUTHORITY, UNTIL)
class CopyForm(_ScopedBase):
    """Copy a day's needs."""

    source = forms.DateField(label=_("照哪一天"), widget=DateInput())
    first = forms.DateField(label=_("抄到，从"), widget=DateInput())
    last = forms.DateField(label=_("到"), widget=DateInput())
    place = PlaceField(
        label=_("哪些卡口"),
        required=False,
        help_text=_("填一个街道或区县，就是那里的全部卡口；不填就是您管的全部卡口。"),
    )


@declare_form("duty.gate_copy", OWNER, AUTHORITY, UNTIL)
class GateCopyForm(forms.Form):
    """Copy a day of one gate."""

    source = forms.DateField(label=_("照哪一天"), widget=DateInput())
    first = forms.DateField(label=_("抄到，从"), widget=DateInput())
    last = forms.DateField(label=_("到"), widget=DateInput())


@declare_form("duty.close", OWNER, AUTHORITY, UNTIL)
class CloseForm(forms.Form):
    """Close a gate for a time."""

    starts_at = forms.DateTimeField(label=_("从什么时候"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(
        label=_("到什么时候"),
        required=False,
        widget=DateTimeInput(),
        help_text=_("不填就是关到另行通知。"),
    )
    reason = forms.CharField(label=_("为什么"), max_length=120, help_text=_("会告诉排在这里的人。"))


@declare_form("duty.call_off", OWNER, AUTHORITY, UNTIL)
class CallOffForm(forms.Form):
    """Call one shift off."""

    reason = forms.CharField(label=_("为什么"), max_length=120, help_text=_("会告诉排在这里的人。"))


@declare_form("duty.sheet", OWNER, AUTHORITY, UNTIL)
class SheetForm(forms.Form):
    """A spreadsheet of needs."""

    file = forms.FileField(
        label=_("Excel 表格"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )


class NeedFilter(FilterForm):
    """Which day, which place."""

    day = forms.DateField(required=False)
    place = forms.CharField(required=False, max_length=12)


class ExportFilter(FilterForm):
    """Which days to write."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)
