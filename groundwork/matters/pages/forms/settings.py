"""What the office sets: categories, deadlines, routes, templates; and the register's filter."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.matters.models import Category, State, Urgency
from groundwork.matters.pages.forms.handling import (
    AUTHORITY,
    OWNER,
    UNTIL,
    ServingFilter,
    area,
    offer,
)
from groundwork.matters.queries import choices
from groundwork.registry.models import Body
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateInput, PickField, Segments

_APART = re.compile(r"[\s,，、;；]+")
ORDINARY = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))


def _body_label(public_id: str) -> str:
    body = choices.body_of(public_id)
    return body.name if body else ""


class _CategoryBase(forms.Form):
    """How a category is called and found."""

    name = forms.CharField(label=_("名称"), max_length=40)
    name_en = forms.CharField(
        label=_("英文名称"),
        max_length=60,
        required=False,
        help_text=_("给看英文页面的人；不填就显示中文名称。"),
    )
    audience = forms.ChoiceField(
        label=_("给谁用"), choices=Category.Audience.choices, widget=Segments()
    )
    description = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        widget=area(2),
        help_text=_("写给提出人看。"),
    )
    words = forms.CharField(
        label=_("联想词"),
        required=False,
        widget=area(2),
        help_text=_("提出人打到这些词时推荐这个类别，用顿号或空格隔开。"),
    )
    order = forms.IntegerField(label=_("排序"), min_value=0, max_value=9999, initial=100)

    def clean_words(self) -> list[str]:
        """Give the words apart."""
        return [word for word in _APART.split(self.cleaned_data["words"]) if word]


@declare_form("matters.category", OWNER, AUTHORITY, UNTIL)
class CategoryForm(_CategoryBase):
    """Add a category."""

    code = forms.CharField(
        label=_("代码"),
        max_length=40,
        help_text=_("小写字母、数字和连字符。开放接口用它，定了不再改。"),
    )
    parent = forms.ChoiceField(label=_("放在哪一类下面"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = [row for row in choices.categories() if row.parent_id is None]
        rows = [(row.public_id, str(row)) for row in tops]
        offer(self.fields["parent"], [("", _("单独一类")), *rows])

    def clean_parent(self) -> Category | None:
        """Give the category itself."""
        return choices.category_of(self.cleaned_data["parent"])


@declare_form("matters.category_edit", OWNER, AUTHORITY, UNTIL)
class CategoryEditForm(_CategoryBase):
    """Change a category."""


@declare_form("matters.category_close", OWNER, AUTHORITY, UNTIL)
class CloseCategoryForm(forms.Form):
    """Let a category be chosen until a day."""

    last_day = forms.DateField(
        label=_("最后一天"),
        widget=DateInput(),
        validators=ORDINARY,
        help_text=_("这天以后不能再选。"),
    )


@declare_form("matters.term", OWNER, AUTHORITY, UNTIL)
class TermForm(forms.Form):
    """Write a version of deadlines that holds from a day on."""

    category = forms.ChoiceField(label=_("类别"), required=False)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, widget=Segments())
    accept = forms.IntegerField(label=_("受理（工作日）"), min_value=0, max_value=250)
    reply = forms.IntegerField(label=_("首次回复（工作日）"), min_value=0, max_value=250)
    solve = forms.IntegerField(label=_("办结（工作日）"), min_value=0, max_value=250)
    valid_from = forms.DateField(
        label=_("从哪天起"),
        widget=DateInput(),
        validators=ORDINARY,
        help_text=_("只管这天起受理的；已经答应提出人的期限不变。0 个工作日就是当天。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = choices.filter_groups(choices.categories())
        offer(self.fields["category"], [("", _("没有单独规定的都按它")), *groups])

    def clean_category(self) -> Category | None:
        """Give the category itself."""
        return choices.category_of(self.cleaned_data["category"])


@declare_form("matters.route", OWNER, AUTHORITY, UNTIL)
class RouteForm(forms.Form):
    """Send a category's matters of a place to a body."""

    category = forms.ChoiceField(label=_("类别"))
    place = forms.ChoiceField(
        label=_("地点"), required=False, help_text=_("这个地点及下属都按它；范围更小的规则优先。")
    )
    community = PickField(
        url_name="matters:choices_places",
        find=lambda words: [],
        label_of=lambda key: str(choices.place_of(key) or ""),
        label=_("只管一个社区（村）"),
        required=False,
        help_text=_("填了社区，就只管这个社区，不看上面的地点。"),
    )
    body = PickField(
        url_name="matters:choices_bodies",
        find=lambda words: [],
        label_of=_body_label,
        label=_("派给哪个单位"),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = choices.filter_groups(choices.categories())
        offer(self.fields["category"], groups)
        rows = [(place.public_id, str(place)) for place in choices.places(by)]
        offer(self.fields["place"], rows)
        pick, community = self.fields["body"], self.fields["community"]
        assert isinstance(pick, PickField)
        assert isinstance(community, PickField)
        pick.find = lambda words: [Choice(*row) for row in choices.bodies_for(by, None, words)]
        community.find = lambda words: [Choice(*row) for row in choices.communities(by, words)]

    def clean_category(self) -> Category | None:
        """Give the category itself."""
        return choices.category_of(self.cleaned_data["category"])

    def clean_body(self) -> Body:
        """Give the body itself."""
        body = choices.body_of(self.cleaned_data["body"] or "")
        if body is None:
            raise forms.ValidationError(_now("没有找到这个单位。"))
        return body

    def clean(self) -> dict[str, Any]:
        """Give the place itself, the narrower one where both are said."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        place = choices.place_of(data.get("community") or data.get("place") or "")
        if place is None:
            self.add_error("place", _now("请选地点。"))
        data["place"] = place
        return data


@declare_form("matters.template", OWNER, AUTHORITY, UNTIL)
class TemplateForm(forms.Form):
    """Write an answer template."""

    body = forms.ChoiceField(label=_("单位"))
    title = forms.CharField(label=_("名称"), max_length=60)
    category = forms.ChoiceField(label=_("类别"), required=False)
    text = forms.CharField(
        label=_("内容"),
        max_length=4000,
        widget=area(8),
        help_text=_("要各件各填的地方写“______”，没填完发不出去。"),
    )

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {body.public_id: body for body in bodies}
        offer(self.fields["body"], [(key, body.name) for key, body in self._bodies.items()])
        if len(bodies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.initial.setdefault("body", bodies[0].public_id)
        groups = choices.filter_groups(choices.categories())
        offer(self.fields["category"], [("", _("各类通用")), *groups])

    def clean_body(self) -> Body:
        """Give the body itself."""
        return self._bodies[self.cleaned_data["body"]]

    def clean_category(self) -> Category | None:
        """Give the category itself."""
        return choices.category_of(self.cleaned_data["category"])


class RegisterFilter(ServingFilter):
    """Narrow a unit's register."""

    start = forms.DateField(
        label=_("派单日期从"), required=False, widget=DateInput(), validators=ORDINARY
    )
    end = forms.DateField(
        label=_("派单日期到"), required=False, widget=DateInput(), validators=ORDINARY
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *State.choices]
    )
    category = forms.ChoiceField(label=_("类别"), required=False)
    late = forms.BooleanField(label=_("只看已超期的"), required=False)

    def __init__(self, *args: Any, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = choices.filter_groups(categories)
        offer(self.fields["category"], [("", _("全部类别")), *groups])
