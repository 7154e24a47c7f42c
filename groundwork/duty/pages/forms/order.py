"""Draw an order up, prolong it, throw its switches, end it; its notice and its branches."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.duty.actions.notices import MOST
from groundwork.duty.actions.orders import OrderPlan
from groundwork.duty.models import Order
from groundwork.duty.queries import choices
from groundwork.duty.rules.orders import CODES, DOORS
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.queries import label_of_body, label_of_place
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateTimeInput, PickField

OWNER = _("市应急指挥部办公室")
AUTHORITY = _("《中华人民共和国突发事件应对法》；每次按启动令上写的依据")
UNTIL = date(2028, 12, 31)


class Rows(forms.RadioSelect):
    """One of a few, each a large row: the words are too long to stand side by side."""

    template_name = "web/widgets/ticks.html"


class PlaceField(PickField):
    """A place that the actor keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            url_name="duty:choices_places",
            find=lambda text: [],
            label_of=label_of_place,
            **kwargs,
        )


class _ScopedBase(forms.Form):
    """A form whose searches are the actor's."""

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for field in self.fields.values():
            if isinstance(field, PlaceField):
                field.find = lambda text: [Choice(*row) for row in choices.kept_places(by, text)]
            elif isinstance(field, PickField):
                field.find = lambda text: [
                    Choice(*row) for row in choices.ordering_bodies(by, text)
                ]

    def clean_place(self) -> Place | None:
        """Give the place itself."""
        chosen = self.cleaned_data["place"]
        found = choices.kept_place(self.by, chosen) if chosen else None
        if chosen and found is None:
            raise forms.ValidationError(_("这个地点不归您管。"))
        return found


@declare_form("duty.order", OWNER, AUTHORITY, UNTIL)
class OrderForm(_ScopedBase):
    """Draw up an order."""

    kind = forms.ChoiceField(label=_("什么事"), choices=Order.Kind.choices, widget=Rows())
    title = forms.CharField(label=_("名称"), max_length=80)
    body = PickField(
        url_name="duty:choices_bodies",
        find=lambda text: [],
        label_of=label_of_body,
        label=_("由谁下达"),
    )
    basis = forms.CharField(
        label=_("法律依据"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("法律法规，加上这次的决定或文号。告知书上会照写。"),
    )
    place = PlaceField(label=_("范围"), help_text=_("市、区县、街道或社区。"))
    starts_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(
        label=_("结束"),
        widget=DateTimeInput(),
        help_text=_("到点自动关闭；不够再延长，不要一次写得很远。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for door in DOORS:
            self.fields[door.code] = forms.BooleanField(
                label=_(door.name), help_text=_(door.opens), required=False
            )

    def clean_body(self) -> Body:
        """Give the body itself."""
        found = choices.ordering_body(self.by, self.cleaned_data["body"])
        if found is None:
            raise forms.ValidationError(_("不能以这个单位的名义下达。"))
        return found

    def plan(self) -> OrderPlan:
        """Make the plan of a valid form."""
        names = ("title", "kind", "body", "basis", "place", "starts_at", "ends_at", *CODES)
        return OrderPlan(**{name: self.cleaned_data[name] for name in names})


@declare_form("duty.prolong", OWNER, AUTHORITY, UNTIL)
class ProlongForm(forms.Form):
    """Move the end of an order."""

    ends_at = forms.DateTimeField(label=_("新的结束时间"), widget=DateTimeInput())
    reason = forms.CharField(
        label=_("为什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@declare_form("duty.reason", OWNER, AUTHORITY, UNTIL)
class ReasonForm(forms.Form):
    """Why a switch is thrown or an order ended."""

    reason = forms.CharField(
        label=_("为什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@declare_form("duty.notice", OWNER, AUTHORITY, UNTIL)
class NoticeForm(forms.Form):
    """The words of the notice at the gates."""

    text = forms.CharField(
        label=_("告知书"),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("空一行就是另起一段；最后一段写有疑问找谁，以后自动更新时会保留。"),
    )


@declare_form("duty.branch", OWNER, _("《中国共产党支部工作条例（试行）》：临时党支部"), UNTIL)
class BranchForm(_ScopedBase):
    """Form a temporary branch."""

    place = PlaceField(label=_("设在哪里"))
    name = forms.CharField(label=_("名称"), max_length=60, min_length=2)
    secretary = forms.CharField(
        label=_("书记"), required=False, max_length=60, help_text=_("姓名或工号，可以以后再定。")
    )

    def clean_secretary(self) -> Person | None:
        """Find the secretary."""
        return one_person(self.cleaned_data["secretary"])


def one_person(text: str) -> Person | None:
    """Find who is meant by a name or a number; "" is nobody. Raises ValidationError."""
    if not text.strip():
        return None
    [found] = choices.people_named([text]).values()
    if not found:
        raise forms.ValidationError(_("没有找到“%(name)s”。"), params={"name": text})
    if len(found) > 1:
        raise forms.ValidationError(_("“%(name)s”有好几位，请改填工号。"), params={"name": text})
    return found[0]


class OrderFilter(FilterForm):
    """Narrow the list of orders."""

    state = forms.ChoiceField(choices=[("", ""), *Order.State.choices], required=False)
