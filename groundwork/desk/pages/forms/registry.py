"""Forms of the directory: people, bodies, places, central tasks, imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.registry import queries
from groundwork.registry.models import Body, Person
from groundwork.registry.rules import bodies as body_rules
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateInput, PickField, Segments

OWNER, UNTIL = _("市直机关工委"), date(2028, 12, 31)
DIRECTORY = _("机关人员与机构目录管理")


class PeopleFilter(FilterForm):
    """Narrow the list of people."""

    q = forms.CharField(required=False, max_length=60)
    unit = forms.CharField(required=False, max_length=12)
    status = forms.ChoiceField(
        required=False, choices=[("", _("全部身份")), *Person.Status.choices]
    )


def _choices(find: Any, by: Actor) -> Any:
    return lambda typed: [Choice(*found) for found in find(by, typed)]


class _ActorForm(forms.Form):
    """A form whose search fields only find what the actor may see."""

    by: Actor
    picks: dict[str, Any] = {}

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for name, find in self.picks.items():
            field = self.fields[name]
            assert isinstance(field, PickField)
            field.find = _choices(find, by)


def _unit_field() -> PickField:
    return PickField(
        url_name="desk:choices_units",
        find=lambda words: [],
        label_of=queries.label_of_body,
        label=_("单位"),
        help_text=_("输入名称、简称或代码。"),
    )


def _inside_field(label: Any) -> PickField:
    return PickField(
        url_name="desk:choices_bodies",
        find=lambda words: [],
        label_of=queries.label_of_body,
        label=label,
        required=False,
    )


def _person_field(label: Any) -> PickField:
    return PickField(
        url_name="desk:choices_people",
        find=lambda words: [],
        label_of=queries.label_of_person,
        label=label,
        help_text=_("输入姓名、拼音首字母或工号。"),
    )


def _home_field(required: bool = False) -> PickField:
    return PickField(
        url_name="desk:choices_communities",
        find=lambda words: [],
        label_of=queries.label_of_place,
        label=_("居住社区"),
        required=required,
        help_text=_("重名的社区会列出来请您选。"),
    )


def _since_field() -> forms.DateField:
    return forms.DateField(
        label=_("从哪天起"),
        widget=DateInput(),
        initial=clock.today,
        help_text=_("已经发生的日期；还没到的请到那天再登记。"),
    )


def _find_offices(by: Actor, typed: str) -> Any:
    return queries.find_bodies(by, typed, kinds=body_rules.OFFICE_KINDS, kept=True)


def _find_branches(by: Actor, typed: str) -> Any:
    return queries.find_bodies(by, typed, kinds=body_rules.BRANCH_KINDS)


@declare_form("registry.person", OWNER, DIRECTORY, UNTIL)
class PersonForm(_ActorForm):
    """Add one person."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    work_number = forms.CharField(
        label=_("工号"), max_length=30, help_text=_("全市唯一。不要填身份证号。")
    )
    unit = _unit_field()
    office = _inside_field(_("处（科）室"))
    branch = _inside_field(_("党支部"))
    status = forms.ChoiceField(
        label=_("人员身份"), choices=Person.Status.choices, initial=Person.Status.ON_ROLL
    )
    party_member = forms.BooleanField(label=_("党员"), required=False)
    home = _home_field()
    phone = forms.CharField(label=_("手机"), max_length=30, required=False)
    since = _since_field()
    picks = {
        "unit": queries.find_units,
        "office": _find_offices,
        "branch": _find_branches,
        "home": queries.find_communities,
    }


@declare_form("registry.person_edit", OWNER, DIRECTORY, UNTIL)
class PersonEditForm(forms.Form):
    """Mend what an entry says of the person itself."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sort_key = forms.CharField(
        label=_("排序拼音"),
        max_length=120,
        required=False,
        help_text=_("多音字姓氏在这里改正，如 shan4 ming2。"),
    )
    party_member = forms.BooleanField(label=_("党员"), required=False)
    phone = forms.CharField(
        label=_("手机"),
        max_length=30,
        required=False,
        help_text=_("不改就空着；填“无”表示清空。"),
    )


@declare_form("registry.person_move", OWNER, DIRECTORY, UNTIL)
class MoveForm(_ActorForm):
    """Move a person to a unit, office and branch."""

    unit = _unit_field()
    office = _inside_field(_("处（科）室"))
    branch = _inside_field(_("党支部"))
    since = _since_field()
    picks = {
        "unit": queries.find_units,
        "office": _find_offices,
        "branch": _find_branches,
    }


@declare_form("registry.person_home", OWNER, _("在职党员到社区报到"), UNTIL)
class HomeForm(_ActorForm):
    """Say where a person lives."""

    home = _home_field()
    since = _since_field()
    picks = {"home": queries.find_communities}


STATUS_ACTS = [
    ("second", _("挂职在外")),
    ("return", _("回到岗位")),
    ("retire", _("退休")),
    ("leave", _("调出")),
]


@declare_form("registry.person_status", OWNER, DIRECTORY, UNTIL)
class StatusForm(forms.Form):
    """Second, return, retire, let go."""

    act = forms.ChoiceField(label=_("变动"), choices=STATUS_ACTS, widget=Segments())
    since = _since_field()


@declare_form("registry.hand_over", OWNER, DIRECTORY, UNTIL)
class HandOverForm(_ActorForm):
    """Hand everything open to a successor."""

    successor = _person_field(_("接手的人"))
    picks = {"successor": queries.find_people}


@declare_form("registry.merge", OWNER, DIRECTORY, UNTIL)
class MergeForm(_ActorForm):
    """Merge a duplicate into the entry that stays."""

    into = _person_field(_("并入哪一条记录"))
    picks = {"into": queries.find_people}


@declare_form("registry.body", OWNER, DIRECTORY, UNTIL)
class BodyForm(forms.Form):
    """Add a body below another."""

    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    code = forms.CharField(label=_("代码"), max_length=40)
    kind = forms.ChoiceField(label=_("类别"), choices=Body.Kind.choices)


@declare_form("registry.body_edit", OWNER, DIRECTORY, UNTIL)
class BodyEditForm(forms.Form):
    """Mend what a body is called."""

    name = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("改名后，旧名自动留作别名，仍能搜到。")
    )
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    aliases = forms.CharField(
        label=_("别名"), required=False, max_length=600, help_text=_("用顿号分开。")
    )


@declare_form("registry.body_move", OWNER, DIRECTORY, UNTIL)
class BodyMoveForm(_ActorForm):
    """Hang a body under another parent."""

    parent = PickField(
        url_name="desk:choices_bodies",
        find=lambda words: [],
        label_of=queries.label_of_body,
        label=_("新的上级"),
    )
    picks = {"parent": queries.find_bodies}


@declare_form("registry.close", OWNER, DIRECTORY, UNTIL)
class CloseForm(forms.Form):
    """Close a body or a grid cell."""

    last_day = forms.DateField(label=_("最后一天"), widget=DateInput(), initial=clock.today)


@declare_form("registry.place", OWNER, _("行政区划名称管理"), UNTIL)
class PlaceForm(forms.Form):
    """Keep what people also call a place."""

    aliases = forms.CharField(
        label=_("别名"), required=False, max_length=600, help_text=_("用顿号分开。")
    )


@declare_form("registry.grid", OWNER, _("网格划分"), UNTIL)
class GridForm(forms.Form):
    """Add a grid cell."""

    name = forms.CharField(label=_("网格名称"), max_length=80)


@declare_form("registry.priority", _("市委办公室"), _("年度中心工作安排"), UNTIL)
class PriorityForm(forms.Form):
    """A central task of the city for a time."""

    name = forms.CharField(label=_("名称"), max_length=80)
    valid_from = forms.DateField(label=_("开始日"), widget=DateInput(), initial=clock.today)
    valid_to = forms.DateField(
        label=_("最后一天"), widget=DateInput(), required=False, help_text=_("不填表示没有定。")
    )


@declare_form("registry.import", OWNER, DIRECTORY, UNTIL)
class UploadForm(forms.Form):
    """Send a sheet in."""

    kind = forms.ChoiceField(label=_("导入什么"), widget=Segments())
    file = forms.FileField(
        label=_("表格"),
        help_text=_("Excel 或 WPS 的 .xlsx，一次最多 50,000 行。上传后先核对，确认了才写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds
        field.initial = kinds[0][0] if kinds else None
