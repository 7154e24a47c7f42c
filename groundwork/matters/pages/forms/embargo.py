"""What is kept back: set or move the hour, lift it, write down what a crew brings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from groundwork.matters.models import Door
from groundwork.matters.pages.forms.handling import OWNER, UNTIL, words
from groundwork.matters.pages.forms.raising import _TellingForm
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateTimeInput

AUTHORITY = _("民生问政办理规程：节目播出以前不公开")
WHY = _("记在办理经过里，受理和承办的同志到时看得到。")


def _hour() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("到什么时候公开"),
        widget=DateTimeInput,
        help_text=_("到时以前，列表、查找、订阅、导出和接口里都没有它。"),
    )


@declare_form("matters.withhold", OWNER, AUTHORITY, UNTIL)
class WithholdForm(forms.Form):
    """Set or move the hour before which a matter is nowhere."""

    until = _hour()
    text = words(_("为什么"), 2, WHY)


@declare_form("matters.release", OWNER, AUTHORITY, UNTIL)
class ReleaseForm(forms.Form):
    """Lift it now."""

    text = words(_("为什么现在就公开"), 2, WHY)


@declare_form("matters.raise_withheld", OWNER, AUTHORITY, UNTIL)
class FilmedForm(_TellingForm):
    """Write down what a television crew found, with the hour it may be known."""

    audiences = ()
    until = _hour()
    text = words(_("为什么先不公开"), 2, WHY)
    field_order = (
        *("place", "words", "category", "kind", "concerns"),
        *("until", "text", "name", "phone", "confidential"),
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["email"]
        self.fields["name"].label = _("谁交来的")
        self.fields["kind"].label = _("对方想")
        self.fields["phone"].label = _("对方电话")
        self.fields["confidential"].label = _("对方不愿让承办单位知道是谁")

    def telling_fields(self) -> dict[str, Any]:
        """Give what the form says of the matter, as `Telling` takes it."""
        key = f"{Door.TELEVISION}.{self.client_key.replace('-', '')}"
        return super().telling_fields() | {
            "door": Door.TELEVISION,
            "withheld_until": self.cleaned_data["until"],
            "client_key": key,
        }

    def teller(self, **known: Any) -> Any:
        """Give who brought it."""
        self.cleaned_data.setdefault("email", "")
        return super().teller(**known)
