"""Filters of the lists of shifts, and the choice of a colleague to swap with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.dates import day_text, span_text
from groundwork.duty.queries.mine import Partners
from groundwork.duty.queries.shifts import LOOKS
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import DateInput

OWNER, AUTHORITY = _("启动令下达单位"), _("启动令")
UNTIL = date(2028, 12, 31)


class ShiftFilter(FilterForm):
    """Narrow an order's shifts."""

    look = forms.ChoiceField(
        label=_("看哪些"), required=False, choices=[(look.code, look.label) for look in LOOKS]
    )
    day = forms.TypedChoiceField(
        label=_("哪天"), required=False, coerce=date.fromisoformat, empty_value=None
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(day.isoformat(), day_text(day, weekday=True, year=False)) for day in days]
        field = self.fields["day"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("全部日期")), *named]


class People(forms.RadioSelect):
    """One of a few, in large rows."""

    template_name = "web/widgets/ticks.html"


@declare_form("duty.swap", OWNER, AUTHORITY, UNTIL)
class SwapForm(forms.Form):
    """Offer a post: to whom it fits, to one colleague, or for one of theirs."""

    to = forms.ChoiceField(label=_("换给谁"), widget=People(), initial="all")

    def __init__(self, *args: Any, partners: Partners, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (f"person:{one.public_id}", _("给%(name)s（%(unit)s）") % _who(one))
            for one in partners.people
        ]
        named += [
            (
                f"post:{one.public_id}",
                _("和%(name)s换：%(when)s %(place)s%(gate)s")
                % {
                    **_who(one.person),
                    "when": span_text(one.shift.starts_at, one.shift.ends_at, year=False),
                    "place": one.shift.place.name,
                    "gate": one.shift.gate.name,
                },
            )
            for one in partners.posts
        ]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("all", _("谁合适谁接")), *named]

    def chosen(self) -> tuple[str, str]:
        """Say who is asked, and which post is wanted in return."""
        kind, _colon, key = self.cleaned_data["to"].partition(":")
        return (key if kind == "person" else "", key if kind == "post" else "")


@declare_form("duty.cannot", OWNER, AUTHORITY, UNTIL)
class CannotForm(forms.Form):
    """Somebody rang up: not to this shift, or not until a day."""

    until = forms.DateField(
        label=_("到哪天为止都来不了"),
        required=False,
        widget=DateInput(),
        help_text=_("空着：只是这一个班。"),
    )


def _who(person: Any) -> dict[str, str]:
    return {"name": person.name, "unit": str(person.unit)}
