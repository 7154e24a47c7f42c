"""Open an alliance, take members in, say how one stands, write down a need or an offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.campaigns.actions.alliances import AlliancePlan
from groundwork.campaigns.actions.supplies import EntryPlan
from groundwork.campaigns.models import Entry, Member, SupplyKind, SupplyUnit
from groundwork.campaigns.pages.forms.bases import _OfCategory, finder
from groundwork.campaigns.queries import alliances as queries
from groundwork.registry.models import Body, Place
from groundwork.registry.queries import label_of_body, label_of_place
from groundwork.service.queries import choices
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, PickField, Segments

OWNER, AUTHORITY = _("园区党组织"), _("复工产业联盟工作方案")
UNTIL = date(2028, 12, 31)


def enterprise_field(label: Any) -> PickField:
    """Make a field that finds an enterprise."""
    return PickField(url_name="campaigns:choices_enterprises", find=lambda text: [], label=label)


def place_field(label: Any, **more: Any) -> PickField:
    """Make a field that finds a community."""
    return PickField(url_name="service:choices_places", find=lambda text: [], label=label, **more)


def an_enterprise(public_id: str | None) -> Body:
    """Give the enterprise chosen. Raises ValidationError."""
    found = queries.enterprise_of(public_id or "")
    if found is None:
        raise forms.ValidationError(_("没有找到这家企业。"))
    return found


@declare_form("campaigns.alliance", OWNER, AUTHORITY, UNTIL)
class AllianceForm(forms.Form):
    """Open an alliance."""

    name = forms.CharField(label=_("联盟名称"), max_length=80)
    led_by = PickField(
        url_name="campaigns:choices_leaders",
        find=lambda text: [],
        label=_("由哪个党组织牵头"),
        help_text=_("党委、党支部或者临时党支部；单位本身不牵头。"),
    )
    lead = enterprise_field(_("围绕哪家企业"))
    place = place_field(_("在哪里"))
    about = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        finder(self.fields["led_by"], lambda t: queries.find_leaders(by, t), label_of_body)
        finder(self.fields["lead"], lambda t: queries.find_enterprises(by, t), label_of_body)
        finder(self.fields["place"], lambda t: choices.place_choices(by, t), label_of_place)

    def clean_led_by(self) -> Body:
        """Give the leading party organisation, which is the actor's to keep."""
        found = queries.leader_of(self.by, self.cleaned_data["led_by"])
        if found is None:
            raise forms.ValidationError(_("请选一个归您管的党组织。"))
        return found

    def clean_lead(self) -> Body:
        """Give the lead enterprise."""
        return an_enterprise(self.cleaned_data["lead"])

    def clean_place(self) -> Place:
        """Give the place."""
        found = choices.place_of(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_("没有找到这个地点。"))
        return found

    def plan(self) -> AlliancePlan:
        """Make the plan of a valid form."""
        return AlliancePlan(**self.cleaned_data)


@declare_form("campaigns.member", OWNER, AUTHORITY, UNTIL)
class MemberForm(forms.Form):
    """Take an enterprise in."""

    body = enterprise_field(_("企业"))
    part = forms.ChoiceField(label=_("在联盟里是"), choices=Member.Part.choices, widget=Segments())

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finder(self.fields["body"], lambda t: queries.find_enterprises(by, t), label_of_body)

    def clean_body(self) -> Body:
        """Give the enterprise."""
        return an_enterprise(self.cleaned_data["body"])


@declare_form("campaigns.link", OWNER, AUTHORITY, UNTIL)
class LinkForm(forms.Form):
    """Say who supplies whom."""

    supplier = forms.ChoiceField(label=_("谁供货"))
    customer = forms.ChoiceField(label=_("供给谁"))
    what = forms.CharField(label=_("供什么"), max_length=60, required=False)

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.public_id, str(row.body)) for row in members]
        for name in ("supplier", "customer"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = rows


@declare_form("campaigns.resumed", OWNER, AUTHORITY, UNTIL)
class ResumedForm(forms.Form):
    """Say whether an enterprise works again."""

    resumed = forms.ChoiceField(
        label=_("复工了吗"), choices=Member.Resumed.choices, widget=Segments()
    )
    cause = forms.ChoiceField(
        label=_("主要卡在哪里"),
        choices=[("", _("已复工的不用选")), *Member.Cause.choices],
        required=False,
    )
    why = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("缺什么，可以再写一条需求。"),
    )


@declare_form("campaigns.entry", OWNER, AUTHORITY, UNTIL)
class EntryForm(forms.Form):
    """Write down a need or an offer."""

    side = forms.ChoiceField(
        label=_("是需要，还是能提供"), choices=Entry.Side.choices, widget=Segments()
    )
    kind = forms.ChoiceField(label=_("哪一类"), choices=SupplyKind.choices)
    what = forms.CharField(label=_("具体是什么"), max_length=120)
    amount = forms.IntegerField(label=_("数量"), min_value=1, max_value=1_000_000)
    unit = forms.ChoiceField(
        label=_("单位"),
        choices=SupplyUnit.choices,
        help_text=_("人手按人，运输按车次或吨，担保和证明按项，物料按件、箱或吨。"),
    )
    first_day = forms.DateField(label=_("从哪天"), widget=DateInput())
    last_day = forms.DateField(label=_("到哪天"), widget=DateInput())
    place = place_field(_("在哪里"), required=False, help_text=_("不填就是企业所在地。"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finder(self.fields["place"], lambda t: choices.place_choices(by, t), label_of_place)

    def clean_place(self) -> Place | None:
        """Give the place, where one is said."""
        return choices.place_of(self.cleaned_data["place"] or "")

    def plan(self) -> EntryPlan:
        """Make the plan of a valid form."""
        return EntryPlan(**self.cleaned_data)


@declare_form("campaigns.decline", OWNER, AUTHORITY, UNTIL)
class DeclineForm(forms.Form):
    """Say why a pair does not fit."""

    reason = forms.CharField(
        label=_("为什么不合适"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("对方会看到，下次不再提这一家。"),
    )


@declare_form("campaigns.pass_on", OWNER, AUTHORITY, UNTIL)
class PassOnForm(_OfCategory):
    """Make a matter of a need that nobody meets."""

    words = forms.CharField(
        label=_("要办的事"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ["words", "category"]
