"""File what a unit found with itself; say whether it is put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.campaigns.actions.rectify import FindingPlan, Look
from groundwork.campaigns.models import FindingCheck
from groundwork.campaigns.pages.forms.bases import _OfUnit, finder
from groundwork.campaigns.pages.forms.discussion import AUTHORITY, OWNER, UNTIL, day_field
from groundwork.campaigns.pages.forms.projects import words as sentences
from groundwork.campaigns.queries import rectify as queries
from groundwork.campaigns.queries.projects import people_choices
from groundwork.matters.models import Category
from groundwork.registry.models import Person
from groundwork.registry.queries.found import label_of_person
from groundwork.web.declared import declare_form
from groundwork.web.widgets import PickField, Segments


@declare_form("campaigns.finding", OWNER, AUTHORITY, UNTIL)
class FindingForm(_OfUnit):
    """File a finding."""

    category = forms.ChoiceField(label=_("问题类别"))
    words = sentences(_("发现什么问题"), 500, 3)
    evidence = sentences(_("从哪里看出来"), 1000, 3, _("数据、事例都可以，不写个人隐私。"))
    measures = sentences(_("准备怎么改"), 1000, 3)
    owner = PickField(
        url_name="campaigns:choices_sent",
        find=lambda text: [],
        label=_("责任人"),
        help_text=_("输入姓名、拼音首字母或工号。"),
    )
    due_on = day_field(_("到哪天改好"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.offered = {row.public_id: row for row in queries.problem_categories()}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, row.name) for key, row in self.offered.items()]
        finder(self.fields["owner"], lambda t: people_choices(by, t), label_of_person)

    def clean_category(self) -> Category:
        """Give the category itself."""
        return self.offered[self.cleaned_data["category"]]

    def clean_owner(self) -> Person:
        """Give who answers for it."""
        found = queries.person_of(self.cleaned_data["owner"] or "")
        if found is None:
            raise forms.ValidationError(_("没有找到这个人。"))
        return found

    def plan(self, point: str, client_key: str) -> FindingPlan:
        """Make the plan of a valid form."""
        return FindingPlan(**self.cleaned_data, point=point, client_key=client_key)


@declare_form("campaigns.finding_fix", OWNER, AUTHORITY, UNTIL)
class FixForm(forms.Form):
    """Say that it is put right."""

    text = sentences(_("改了什么，有什么为证"), 1000, 4, _("别人会去核对，没有到位会退回重办。"))


@declare_form("campaigns.finding_check", OWNER, AUTHORITY, UNTIL)
class CheckForm(forms.Form):
    """Say what one found who looked."""

    found = forms.ChoiceField(
        label=_("看到的情况"), choices=FindingCheck.Found.choices, widget=Segments()
    )
    day = day_field(_("哪天去看的"))
    text = sentences(_("看到了什么"), 1000, 4)

    def look(self) -> Look:
        """Make what was found of a valid form."""
        return Look(**self.cleaned_data)
