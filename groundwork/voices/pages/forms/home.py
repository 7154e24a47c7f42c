"""Register, refuse, call, confirm the time, bring in a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.registry.models import Place
from groundwork.registry.policy import visible_places
from groundwork.registry.queries import find_communities, label_of_place
from groundwork.voices.actions.calls import CallPlan
from groundwork.voices.models import Call, Taking
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateInput, DateTimeInput, PickField, Segments

OWNER, AUTHORITY = _("所在社区党组织"), _("在职党员和干部到社区报到的工作制度")
UNTIL = date(2028, 12, 31)


def community_field(by: Actor, field: PickField) -> None:
    """Let a field find communities as `by` may."""
    field.find = lambda text: [Choice(*row) for row in find_communities(by, text)]
    field.widget.label_of = label_of_place


def a_community(by: Actor, public_id: str | None) -> Place:
    """Give the community chosen. Raises ValidationError."""
    rows = visible_places(by).filter(level=Place.Level.COMMUNITY, valid_to=None)
    found = rows.filter(public_id=public_id or "").first()
    if found is None:
        raise forms.ValidationError(_("请选一个社区或村。"))
    return found


@declare_form("voices.register", OWNER, AUTHORITY, UNTIL)
class RegisterForm(forms.Form):
    """Say where one lives."""

    place = PickField(
        url_name="voices:choices_communities",
        find=lambda text: [],
        label=_("住在哪个社区（村）"),
    )
    since = forms.DateField(
        label=_("从哪天起"), widget=DateInput(), help_text=_("早就住在这里的，填今天也可以。")
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        field = self.fields["place"]
        assert isinstance(field, PickField)
        community_field(by, field)

    def clean_place(self) -> Place:
        """Find the community."""
        return a_community(self.by, self.cleaned_data["place"])


@declare_form("voices.refuse", OWNER, AUTHORITY, UNTIL)
class RefuseForm(forms.Form):
    """Say why a registration is not confirmed."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("对方会看到，请写清楚怎么办。"),
    )


class KeptPlaceMixin:
    """A field for one of the communities the actor keeps."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    places: Sequence[Place]

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the places; where there is one, it is chosen."""
        self.places = places
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(place.public_id, str(place)) for place in places]
        if len(places) == 1:
            field.initial = places[0].public_id
            field.widget = forms.HiddenInput()

    def clean_place(self) -> Place:
        """Give the place."""
        wanted = self.cleaned_data["place"]
        return next(place for place in self.places if place.public_id == wanted)


@declare_form("voices.call", OWNER, AUTHORITY, UNTIL)
class CallForm(KeptPlaceMixin, forms.Form):
    """Say what the community needs."""

    place = forms.ChoiceField(label=_("哪个社区"))
    kind = forms.ChoiceField(
        label=_("需要什么"), choices=Call.Kind.choices, widget=Segments(), initial="hour"
    )
    title = forms.CharField(label=_("做什么"), max_length=80)
    skill = forms.CharField(
        label=_("要会什么"), max_length=60, required=False, help_text=_("没有要求就空着。")
    )
    meet = forms.CharField(label=_("到哪里集合"), max_length=120)
    starts_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("结束"), widget=DateTimeInput())
    wanted = forms.IntegerField(label=_("要几个人"), min_value=1, max_value=500, initial=4)
    about = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(places)

    def plan(self) -> CallPlan:
        """Make the plan of a valid form."""
        return CallPlan(**self.cleaned_data)


@declare_form("voices.confirm", OWNER, AUTHORITY, UNTIL)
class ConfirmForm(forms.Form):
    """Say from when to when it was done."""

    began_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput())
    ended_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput())

    def __init__(self, *args: Any, taking: Taking, **kwargs: Any) -> None:
        call = taking.call
        plain = {
            "began_at": call.starts_at.astimezone(clock.ZONE).replace(tzinfo=None),
            "ended_at": call.ends_at.astimezone(clock.ZONE).replace(tzinfo=None),
        }
        super().__init__(*args, **kwargs)
        self.initial = {**plain, **self.initial}


@declare_form("voices.deeds", OWNER, _("志愿服务记录办法"), UNTIL)
class SheetForm(forms.Form):
    """A spreadsheet of hours from another system."""

    file = forms.FileField(
        label=_("Excel 表格"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )
