"""The twenty-second form of a visit, one more problem, the filter of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.service.actions.visits import Contact, Problem, VisitPlan
from groundwork.service.models import Brought, Service
from groundwork.service.pages.forms.common import (
    AUTHORITY,
    OWNER,
    UNTIL,
    ProblemsMixin,
    Spots,
    split_names,
)
from groundwork.service.queries import choices
from groundwork.service.rules.visits import PER_FORM
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateInput, PickField, Segments, Ticks


@declare_form("service.visit", OWNER, AUTHORITY, UNTIL)
class VisitForm(ProblemsMixin, forms.Form):
    """Record a visit."""

    service = forms.ChoiceField(label=_("服务谁"), choices=Service.choices, widget=Segments())
    where = forms.ChoiceField(label=_("去了哪里"), required=False, widget=Spots())
    elsewhere = PickField(
        url_name="service:choices_where",
        find=lambda text: [],
        label=_("别的地方"),
        required=False,
        help_text=_("输入社区或企业名称。"),
    )
    day = forms.DateField(label=_("哪天"), widget=DateInput())
    companions = forms.MultipleChoiceField(label=_("谁一起去"), required=False, widget=Ticks())
    others = forms.CharField(
        label=_("其他同事"),
        required=False,
        max_length=200,
        help_text=_("本单位同事的姓名或工号，用顿号隔开。"),
    )
    brought = forms.MultipleChoiceField(
        label=_("带去什么"), required=False, choices=Brought.choices, widget=Ticks()
    )
    contact_name = forms.CharField(label=_("对方姓名"), required=False, max_length=60)
    contact_phone = forms.CharField(
        label=_("对方电话"),
        required=False,
        max_length=20,
        help_text=_("留了电话，办结后由对方说了算。"),
    )
    studio = forms.ChoiceField(label=_("用哪个工作室的名义"), required=False, widget=Spots())
    priority = forms.ChoiceField(label=_("服务中心工作"), required=False)
    note = forms.CharField(label=_("备注"), required=False, max_length=300)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, today = by, clock.today()
        self.usual = choices.usual_places(by, today)
        asked = str(self.initial.get("where") or "")
        known = [choice.id for choice in self.usual]
        if asked and asked not in known and (label := choices.label_of_where(by, asked)):
            self.usual = [choices.Choice(asked, label), *self.usual]
        self._set("where", [(c.id, f"{c.label}  {c.sub}".strip()) for c in self.usual])
        self.near = {p.public_id: p for p in choices.companions(by, today)}
        self._set("companions", [(key, person.name) for key, person in self.near.items()])
        self.studios = {body.public_id: body for body in choices.own_studios(by)}
        named = [(key, str(body)) for key, body in self.studios.items()]
        self._set("studio", [("", _("不用")), *named] if named else [])
        self.priorities = {p.public_id: p for p in choices.priorities()}
        self._set("priority", [("", _("不选"))] + [(k, p.name) for k, p in self.priorities.items()])
        pick = self.fields["elsewhere"]
        assert isinstance(pick, PickField)
        pick.find = lambda text: [Choice(*row) for row in choices.find_where(by, text)]
        pick.widget.label_of = lambda value: choices.label_of_where(by, value)
        self.add_lines(PER_FORM)

    def _set(self, name: str, pairs: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        field.choices = pairs  # type: ignore[attr-defined]
        if not pairs:
            del self.fields[name]

    def clean_others(self) -> list[Any]:
        """Find the colleagues that were typed."""
        names = split_names(self.cleaned_data["others"])
        found = choices.colleagues_named(self.by, names)
        for name in names:
            people = found.get(name, [])
            if len(people) != 1:
                text = _("本单位没有找到“%(name)s”。")
                if people:
                    text = _("本单位有好几位“%(name)s”，请改填工号。")
                raise forms.ValidationError(text, params={"name": name})
        return [found[name][0] for name in names]

    def clean(self) -> dict[str, Any]:
        """Find where the visit went; what was typed goes before what was tapped."""
        data = super().clean() or self.cleaned_data
        value = data.get("elsewhere") or data.get("where") or ""
        self.where_found = choices.where_of(self.by, value) if value else None
        if self.where_found is None and "elsewhere" not in self.errors:
            self.add_error("where" if "where" in self.fields else "elsewhere", _("请选去了哪里。"))
        return data

    def plan(self, client_key: str) -> VisitPlan:
        """Make the plan of a valid form."""
        data, where = self.cleaned_data, self.where_found
        assert where is not None
        tapped = [self.near[key] for key in data.get("companions", ())]
        return VisitPlan(
            service=data["service"],
            day=data["day"],
            place=where.place,
            host=where.host,
            contact_point=where.point,
            studio=self.studios.get(data.get("studio", "")),
            companions=(*tapped, *data["others"]),
            brought=tuple(data["brought"]),
            problems=self.problems(),
            contact=Contact(data["contact_name"], data["contact_phone"]),
            priority=self.priorities.get(data.get("priority", "")),
            note=data["note"],
            client_key=client_key[:40],
        )


@declare_form("service.problem", OWNER, AUTHORITY, UNTIL)
class ProblemForm(ProblemsMixin, forms.Form):
    """Add one problem to a visit."""

    contact_name = forms.CharField(label=_("对方姓名"), required=False, max_length=60)
    contact_phone = forms.CharField(label=_("对方电话"), required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_lines(1)
        self.fields["problem_0"].required = True
        self.order_fields(["problem_0", "category_0", "urgency_0"])

    def problem(self) -> Problem:
        """Give the problem of a valid form."""
        return self.problems()[0]

    def contact(self) -> Contact:
        """Give whom to ask."""
        return Contact(self.cleaned_data["contact_name"], self.cleaned_data["contact_phone"])


class VisitFilter(FilterForm):
    """Narrow the list of visits."""

    service = forms.ChoiceField(
        label=_("服务"), required=False, choices=[("", _("三服务都看")), *Service.choices]
    )
    since = forms.DateField(label=_("从"), required=False, widget=DateInput())
    until = forms.DateField(label=_("到"), required=False, widget=DateInput())
    found = forms.BooleanField(label=_("只看发现问题的"), required=False)
    place = forms.CharField(required=False, max_length=12)
    unit = forms.CharField(required=False, max_length=12)
