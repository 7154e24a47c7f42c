"""Forms of the exchange with the hotline."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.matters.models import State
from groundwork.matters.queries import hotline as queries
from groundwork.matters.queries.hotline_back import Wanted
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm


@declare_form(
    "matters.hotline",
    _("市12345热线办"),
    _("《12345政务服务便民热线工作规定》"),
    date(2028, 12, 31),
)
class OrdersForm(forms.Form):
    """Send the hotline's sheet in."""

    file = forms.FileField(
        label=_("热线平台导出的工单"),
        help_text=_(".xlsx 或 .csv，表头叫法不同也认得。上传后先核对每一行，确认了才写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class BackFilter(FilterForm):
    """Narrow what goes back."""

    place = forms.ChoiceField(label=_("地点"), required=False)
    state = forms.ChoiceField(
        label=_("办理状态"), required=False, choices=[("", _("全部")), *State.choices]
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        rows = [(row.public_id, row.name) for row in queries.places_to_narrow(by)]
        field.choices = [("", _("全部")), *rows]

    def wanted(self) -> Wanted:
        """Give it as the query takes it; what cannot be read narrows nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        return Wanted(data.get("place", ""), data.get("state", ""))
