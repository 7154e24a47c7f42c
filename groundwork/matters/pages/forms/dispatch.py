"""What the dispatcher sends: accept and assign in one go, classify, merge, split, hand out."""

from __future__ import annotations

from typing import Any, Literal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.matters.models import Category, Kind, Matter, Urgency
from groundwork.matters.pages.forms.handling import (
    AUTHORITY,
    LONGEST,
    OWNER,
    UNTIL,
    area,
    offer,
    point,
)
from groundwork.matters.pages.forms.vetting import private_said
from groundwork.matters.queries import choices
from groundwork.matters.rules.private import blanked, private_parts
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Place, Priority
from groundwork.registry.queries import find_communities, priorities_in_force
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, PickField, Segments

MOST_CO = 3
MOST_PARTS = 3


def _place_label(public_id: str) -> str:
    return str(choices.place_of(public_id) or "")


def _pick_body(label: Any, **kwargs: Any) -> PickField:
    return PickField(
        url_name="matters:choices_bodies",
        find=lambda words: [],
        label_of=choices.body_label,
        label=label,
        **kwargs,
    )


class _BodiesBase(forms.Form):
    """A form that names bodies for one matter, of which the one complained of cannot be chosen."""

    def __init__(self, *args: Any, by: Actor, matter: Matter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.matter = by, matter

    def _body(self, name: str) -> Body | None:
        public_id = self.cleaned_data.get(name)
        if not public_id:
            return None
        body = choices.body_of(public_id)
        if body is None:
            raise forms.ValidationError(_now("没有找到这个单位。"))
        if choices.names(self.matter, body):
            raise forms.ValidationError(_now("这是一件投诉，不能派给被投诉的单位。"))
        return body


def _bodies(by: Actor, matter: Matter | None, words: str) -> list[Choice]:
    return [Choice(*row) for row in choices.bodies_for(by, matter, words)]


class _AssignBase(_BodiesBase):
    """Lead, helpers and a word to them."""

    lead = _pick_body(_("主办单位"))
    co_1 = _pick_body(_("协办单位"), required=False)
    co_2 = _pick_body(_("协办单位（二）"), required=False)
    co_3 = _pick_body(_("协办单位（三）"), required=False)
    note = forms.CharField(
        label=_("给承办单位的话"),
        required=False,
        max_length=500,
        widget=area(2),
        help_text=_("只有承办单位看得到。"),
    )
    insist = forms.BooleanField(
        label=_("坚持派给它"),
        required=False,
        help_text=_("这个单位退过这一件。坚持派单后它不能再退，只能提争议。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by, matter = self.by, self.matter
        for name in ("lead", "co_1", "co_2", "co_3"):
            point(self.fields[name], matter, lambda words: _bodies(by, matter, words))
        if matter is not None and not matter.returned_count:
            del self.fields["insist"]  # nobody sent it back: there is nothing to insist on

    def clean_lead(self) -> Body | None:
        """Give the body itself."""
        return self._body("lead")

    def clean_co_1(self) -> Body | None:
        """Give the body itself."""
        return self._body("co_1")

    def clean_co_2(self) -> Body | None:
        """Give the body itself."""
        return self._body("co_2")

    def clean_co_3(self) -> Body | None:
        """Give the body itself."""
        return self._body("co_3")

    def co(self) -> tuple[Body, ...]:
        """Give the helpers of a valid form."""
        named = [self.cleaned_data.get(f"co_{n}") for n in range(1, MOST_CO + 1)]
        return tuple(dict.fromkeys(body for body in named if body is not None))


@declare_form("matters.assign", OWNER, AUTHORITY, UNTIL)
class AssignForm(_AssignBase):
    """Give a matter to a lead."""


class _SortingBase(_BodiesBase):
    """Category, kind, urgency, place, of whom a complaint complains, the central task it serves."""

    category = forms.ChoiceField(label=_("类别"))
    kind = forms.ChoiceField(label=_("性质"), choices=Kind.choices, widget=Segments())
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, widget=Segments())
    place = PickField(
        url_name="matters:choices_places",
        find=lambda words: [],
        label_of=_place_label,
        label=_("地点"),
    )
    concerns = PickField(
        url_name="matters:choices_bodies",
        find=lambda words: [],
        label_of=choices.body_label,
        label=_("投诉的是哪个单位"),
        required=False,
        help_text=_("性质是投诉时填。这件事不会派给它，它也看不到。"),
    )
    priority = forms.ChoiceField(label=_("服务中心工作"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.matter is not None
        self._offer_priorities(self.matter)
        offer(self.fields["category"], choices.category_groups(_with_own(self.matter)))
        for name, find in (("concerns", self._any_body), ("place", self._places)):
            pick = self.fields[name]
            assert isinstance(pick, PickField)
            pick.find = find

    def _offer_priorities(self, matter: Matter) -> None:
        """Offer the central tasks of today and the one it serves; no field where there are none."""
        now = priorities_in_force(clock.today())
        own = [matter.priority] if matter.priority else []
        self.priorities = {row.public_id: row for row in [*now, *own]}
        named = [(key, row.name) for key, row in self.priorities.items()]
        offer(self.fields["priority"], [("", _("不选")), *named])
        if not named:
            del self.fields["priority"]

    def _any_body(self, words: str) -> list[Choice]:
        return _bodies(self.by, None, words)

    def _places(self, words: str) -> list[Choice]:
        return [Choice(*row) for row in find_communities(self.by, words)]

    def clean_category(self) -> Category | None:
        """Give the category itself."""
        return choices.category_of(self.cleaned_data["category"])

    def clean_place(self) -> Place:
        """Give the place itself."""
        place = choices.place_of(self.cleaned_data["place"] or "")
        if place is None:
            raise forms.ValidationError(_now("没有找到这个地点。"))
        return place

    def clean_concerns(self) -> Body | None:
        """Give the body complained of."""
        public_id = self.cleaned_data.get("concerns")
        return choices.body_of(public_id) if public_id else None

    def clean_priority(self) -> Priority | Literal[""] | None:
        """Give the central task itself; "" where the page did not ask."""
        asked = self.add_prefix("priority") in self.data
        return self.priorities.get(self.cleaned_data["priority"]) if asked else ""

    def sorting(self) -> dict[str, Any]:
        """Give what a valid form says of the matter."""
        names = ("category", "kind", "urgency", "place", "concerns")
        said = {name: self.cleaned_data[name] for name in names}
        return said | {"priority": self.cleaned_data.get("priority", "")}


def _with_own(matter: Matter) -> list[Category]:
    rows = choices.categories()
    return rows if matter.category in rows else [*rows, matter.category]


def sorting_of(matter: Matter) -> dict[str, Any]:
    """Fill the fields as the matter stands."""
    return {
        "category": matter.category.public_id,
        "kind": matter.kind,
        "urgency": matter.urgency,
        "place": matter.place.public_id,
        "concerns": matter.concerns.public_id if matter.concerns else "",
        "priority": matter.priority.public_id if matter.priority else "",
    }


class _PublicTextBase(forms.Form):
    """The public wording, warned of what looks private."""

    public_text = forms.CharField(
        label=_("公开的文字"),
        required=False,
        max_length=LONGEST,
        widget=area(5),
        help_text=_(
            "公开台账上写这段话，已隐去像门牌、电话、证件号的内容。不宜公开的清空，只计数。"
        ),
    )
    checked = forms.BooleanField(
        label=_("已核对，可以公开"), required=False, help_text=_("提示有误时勾选。")
    )

    def clean(self) -> dict[str, Any]:
        """Ask once more where the wording still holds what looks private."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        parts = private_parts(data.get("public_text", ""))
        if parts and not data.get("checked"):
            self.add_error("public_text", private_said(parts))
        return data


def wording_of(matter: Matter) -> str:
    """Prefill the public wording: what stands, else the raiser's words with private parts gone."""
    return matter.public_text or ("" if matter.kind == Kind.COMPLAINT else blanked(matter.text))


@declare_form("matters.accept", OWNER, AUTHORITY, UNTIL)
class AcceptForm(_PublicTextBase, _SortingBase, _AssignBase):
    """Accept a matter and, where the lead is clear, assign it in the same tap."""

    lead = _pick_body(_("派给哪个单位"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a lead that the complaint, as sorted now, names."""
        data = super().clean()
        lead, concerns = data.get("lead"), data.get("concerns")
        if lead and concerns and named_in_complaint(lead.path, concerns.path):
            self.add_error("lead", _now("这是一件投诉，不能派给被投诉的单位。"))
        return data


@declare_form("matters.classify", OWNER, AUTHORITY, UNTIL)
class ClassifyForm(_PublicTextBase, _SortingBase):
    """Put right what kind of matter it is, where, what it serves, and the public wording."""


@declare_form("matters.hand_out", OWNER, AUTHORITY, UNTIL)
class HandOutForm(forms.Form):
    """Hand a matter to a body outside the city's own tree."""

    body = PickField(
        url_name="matters:choices_outside",
        find=lambda words: [],
        label_of=choices.body_label,
        label=_("转给哪个外单位"),
        help_text=_("不在本市机构里的单位，如省直、国网、通信公司。"),
    )
    text = forms.CharField(label=_("说明"), max_length=500, widget=area(3))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick = self.fields["body"]
        assert isinstance(pick, PickField)
        pick.find = lambda words: [Choice(*row) for row in choices.outside_for(by, words)]

    def clean_body(self) -> Body:
        """Give the body itself."""
        body = choices.body_of(self.cleaned_data["body"] or "")
        if body is None:
            raise forms.ValidationError(_now("没有找到这个单位。"))
        return body


@declare_form("matters.merge", OWNER, AUTHORITY, UNTIL)
class MergeForm(forms.Form):
    """Merge a matter into another."""

    into = forms.CharField(
        label=_("并入哪一件"), max_length=20, help_text=_("写那一件的回执号，或从下面选。")
    )


def _part(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=area(3), **kwargs)


@declare_form("matters.split", OWNER, AUTHORITY, UNTIL)
class SplitForm(forms.Form):
    """Give parts of a matter a way of their own, one text each; the rest stays."""

    part_1 = _part(_("另办的第一件"))
    category_1 = forms.ChoiceField(label=_("类别"))
    part_2 = _part(_("另办的第二件"), required=False)
    category_2 = forms.ChoiceField(label=_("类别"), required=False)
    part_3 = _part(_("另办的第三件"), required=False)
    category_3 = forms.ChoiceField(label=_("类别"), required=False)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = matter
        groups = choices.category_groups(_with_own(matter))
        for n in range(1, MOST_PARTS + 1):
            offer(self.fields[f"category_{n}"], groups)

    def parts(self) -> list[tuple[str, Category]]:
        """Give the texts of a valid form with their categories."""
        data = self.cleaned_data
        named = [(data[f"part_{n}"], data[f"category_{n}"]) for n in range(1, MOST_PARTS + 1)]
        return [
            (text, choices.category_of(category) or self.matter.category)
            for text, category in named
            if text.strip()
        ]
