"""Start a project, send somebody, a milestone and what became of it, a note, the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.campaigns.actions.projects import NotePlan, ProjectPlan
from groundwork.campaigns.models import ProjectNote
from groundwork.campaigns.pages.forms.alliances import place_field
from groundwork.campaigns.pages.forms.bases import finder
from groundwork.campaigns.queries import projects as queries
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.queries import label_of_body, label_of_place
from groundwork.registry.queries.found import label_of_person
from groundwork.service.queries import choices
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, PickField, Segments

OWNER, AUTHORITY = _("市委组织部"), _("结对帮扶和挂职工作方案")
UNTIL = date(2028, 12, 31)
PICTURES = forms.ClearableFileInput(attrs={"accept": "image/*"})


def words(label: Any, most: int, rows: int, help_text: Any = "") -> forms.CharField:
    """Make a field for a few sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, help_text=help_text)


@declare_form("campaigns.project", OWNER, AUTHORITY, UNTIL)
class ProjectForm(forms.Form):
    """Start a project."""

    name = forms.CharField(label=_("项目名称"), max_length=80)
    body = PickField(
        url_name="service:choices_units", find=lambda text: [], label=_("哪个单位派出")
    )
    host = forms.CharField(
        label=_("去哪里，对方是谁"),
        max_length=120,
        help_text=_("对方单位或村的全称，市外的也可以。"),
    )
    place = place_field(_("在本市的，写地点"), required=False)
    aims = words(_("要做成什么"), 2000, 4)
    means = forms.CharField(
        label=_("投入什么"), max_length=500, required=False, help_text=_("资金也只写文字。")
    )
    first_day = forms.DateField(label=_("从哪天"), widget=DateInput())
    last_day = forms.DateField(label=_("到哪天"), widget=DateInput())

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        finder(self.fields["body"], lambda t: choices.unit_choices(by, t), label_of_body)
        finder(self.fields["place"], lambda t: choices.place_choices(by, t), label_of_place)

    def clean_body(self) -> Body:
        """Give the unit, which is the actor's to keep."""
        found = choices.kept_unit(self.by, self.cleaned_data["body"])
        if found is None:
            raise forms.ValidationError(_("这个单位不归您管。"))
        return found

    def clean_place(self) -> Place | None:
        """Give the place, where one is said."""
        return choices.place_of(self.cleaned_data["place"] or "")

    def plan(self) -> ProjectPlan:
        """Make the plan of a valid form."""
        return ProjectPlan(**self.cleaned_data)


@declare_form("campaigns.posting", OWNER, AUTHORITY, UNTIL)
class PostingForm(forms.Form):
    """Send somebody."""

    person = PickField(
        url_name="campaigns:choices_sent",
        find=lambda text: [],
        label=_("派谁去"),
        help_text=_("输入姓名、拼音首字母或工号。"),
    )
    task = forms.CharField(
        label=_("任什么"), max_length=80, help_text=_("如：驻村第一书记、挂职副镇长。")
    )
    first_day = forms.DateField(label=_("从哪天"), widget=DateInput())

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        finder(self.fields["person"], lambda t: queries.people_choices(by, t), label_of_person)

    def clean_person(self) -> Person:
        """Give the person, who is the actor's to send."""
        found = queries.person_to_send(self.by, self.cleaned_data["person"] or "")
        if found is None:
            raise forms.ValidationError(_("没有找到这个人，或者不归您派。"))
        return found


@declare_form("campaigns.posting_end", OWNER, AUTHORITY, UNTIL)
class BackForm(forms.Form):
    """Say when somebody came back."""

    last_day = forms.DateField(label=_("哪天回来"), widget=DateInput())


@declare_form("campaigns.milestone", OWNER, AUTHORITY, UNTIL)
class MilestoneForm(forms.Form):
    """Say what is to stand by when."""

    what = forms.CharField(label=_("做到什么"), max_length=120)
    due_on = forms.DateField(label=_("到哪天"), widget=DateInput())


@declare_form("campaigns.milestone_result", OWNER, AUTHORITY, UNTIL)
class ResultForm(forms.Form):
    """Say what became of a milestone."""

    words = words(_("写明情况"), 300, 3, _("怎么做到的；不做了，为什么。"))


@declare_form("campaigns.note", OWNER, AUTHORITY, UNTIL)
class NoteForm(forms.Form):
    """Write a note."""

    kind = forms.ChoiceField(label=_("记什么"), choices=ProjectNote.Kind.choices, widget=Segments())
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    text = words(_("写几句"), 1000, 4, _("当地人说的话照原话写，不写是谁说的。"))
    picture = forms.FileField(label=_("照片（可以不拍）"), required=False, widget=PICTURES)

    def plan(self, client_key: str) -> NotePlan:
        """Make the plan of a valid form."""
        said = self.cleaned_data
        file = said["picture"]
        return NotePlan(
            said["kind"], said["day"], said["text"], file.read() if file else None, client_key
        )


@declare_form("campaigns.project_end", OWNER, AUTHORITY, UNTIL)
class EndForm(forms.Form):
    """End a project."""

    outcome = words(
        _("最后做成了什么"), 2000, 5, _("派了谁、节点、记下的事和当地人说的话，报告里会自动列出。")
    )
