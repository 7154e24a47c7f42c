"""Contact points, squads, patrol areas, rounds through them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.areas import PatrolPlan
from groundwork.service.actions.visits import Problem
from groundwork.service.models import PatrolArea
from groundwork.service.pages.forms.common import (
    AUTHORITY,
    OWNER,
    UNTIL,
    ProblemsMixin,
    one_person,
)
from groundwork.service.queries import choices
from groundwork.service.queries.points import weekday_names
from groundwork.service.rules.visits import PER_FORM
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateInput, PickField, Ticks


class _UnitBase(forms.Form):
    """A form that is about a unit of the actor's."""

    def __init__(self, *args: Any, by: Actor, body: Body | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.unit = by, body
        for name in list(self.fields):
            field = self.fields[name]
            if isinstance(field, PickField):
                find, label = {
                    "body": (choices.unit_choices, _body_label),
                    "place": (choices.place_choices, _place_label),
                }[name]
                field.find = lambda text, find=find: [Choice(*row) for row in find(by, text)]  # type: ignore[misc]
                field.widget.label_of = label
        if body is not None:
            self.fields.pop("body", None)

    def clean_body(self) -> Body:
        """Give the unit itself."""
        found = choices.kept_unit(self.by, self.cleaned_data["body"])
        if found is None:
            raise forms.ValidationError(_("这个单位不归您管。"))
        self.unit = found
        return found

    def clean_place(self) -> Place:
        """Give the place itself."""
        found = choices.place_of(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_("没有找到这个地点。"))
        return found

    def _person(self, name: str) -> Person | None:
        return one_person(self.unit, self.cleaned_data[name]) if self.unit else None


def _body_label(public_id: str) -> str:
    return str(choices.body_of(public_id) or "")


def _place_label(public_id: str) -> str:
    return str(choices.place_of(public_id) or "")


def _unit_field() -> PickField:
    return PickField(url_name="service:choices_units", find=lambda text: [], label=_("单位"))


@declare_form("service.point", OWNER, AUTHORITY, UNTIL)
class PointForm(_UnitBase):
    """Set up a contact point."""

    name = forms.CharField(label=_("名称"), max_length=80)
    body = _unit_field()
    place = PickField(
        url_name="service:choices_places", find=lambda text: [], label=_("社区（村）")
    )
    weekdays = forms.MultipleChoiceField(label=_("哪几天驻点"), required=False, widget=Ticks())
    leader = forms.CharField(
        label=_("队长"), required=False, max_length=60, help_text=_("姓名或工号，可以以后再定。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].choices = weekday_names()  # type: ignore[attr-defined]

    def clean_leader(self) -> Person | None:
        """Find the leader among the unit's people."""
        return self._person("leader")


@declare_form("service.point_edit", OWNER, AUTHORITY, UNTIL)
class PointEditForm(forms.Form):
    """Change a contact point's name and days."""

    name = forms.CharField(label=_("名称"), max_length=80)
    weekdays = forms.MultipleChoiceField(label=_("哪几天驻点"), required=False, widget=Ticks())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].choices = weekday_names()  # type: ignore[attr-defined]


@declare_form("service.squad", OWNER, AUTHORITY, UNTIL)
class SquadForm(forms.Form):
    """Take somebody into a squad."""

    person = forms.CharField(label=_("姓名或工号"), max_length=60)
    leads = forms.BooleanField(label=_("任队长"), required=False)

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body

    def clean_person(self) -> Person:
        """Find one of the unit's people."""
        found = one_person(self.body, self.cleaned_data["person"])
        assert found is not None
        return found


@declare_form("service.area", OWNER, AUTHORITY, UNTIL)
class AreaForm(_UnitBase):
    """Lay out a patrol area."""

    name = forms.CharField(label=_("名称"), max_length=80)
    body = _unit_field()
    places = forms.CharField(
        label=_("网格或社区"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_("一行一个名称或代码，可以跨社区。"),
    )
    keeper = forms.CharField(
        label=_("责任人"), required=False, max_length=60, help_text=_("姓名或工号。")
    )

    def clean_places(self) -> list[Place]:
        """Find the places that were typed."""
        lines = [line.strip() for line in self.cleaned_data["places"].splitlines() if line.strip()]
        found = choices.places_named(lines)
        for line in lines:
            if len(found[line]) != 1:
                text = _("没有找到“%(line)s”。")
                if found[line]:
                    text = _("“%(line)s”有好几个，请改填代码。")
                raise forms.ValidationError(text, params={"line": line})
        return list(dict.fromkeys(found[line][0] for line in lines))

    def clean_keeper(self) -> Person | None:
        """Find who is responsible among the unit's people."""
        return self._person("keeper")


@declare_form("service.patrol", OWNER, AUTHORITY, UNTIL)
class PatrolForm(ProblemsMixin, forms.Form):
    """Record a round through an area."""

    day = forms.DateField(label=_("哪天"), widget=DateInput())
    note = forms.CharField(label=_("备注"), required=False, max_length=300)

    def __init__(self, *args: Any, area: PatrolArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.public_id: place for place in choices.area_places(area)}
        self.add_lines(PER_FORM)
        offered = [(key, str(place)) for key, place in self.places.items()]
        for number in range(PER_FORM):
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=_("在哪里"), required=False, choices=offered
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give the lines with their places."""
        return [{**row, "place": self[f"place_{row['number']}"]} for row in super().rows()]

    def plan(self, client_key: str) -> PatrolPlan:
        """Make the plan of a valid form."""
        data = self.cleaned_data
        numbers = [n for n in range(self.lines) if (data.get(f"problem_{n}") or "").strip()]
        problems = tuple(
            Problem(p.words, p.category, self.places.get(data.get(f"place_{n}", "")), p.urgency)
            for n, p in zip(numbers, self.problems(), strict=True)
        )
        return PatrolPlan(data["day"], problems, data["note"], client_key[:40])


def today() -> dict[str, Any]:
    """Begin a form with today."""
    return {"day": clock.today()}
