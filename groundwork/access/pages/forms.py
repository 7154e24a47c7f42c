"""Forms of the area, each with its owner, authority and end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from groundwork.access.models import NoticeSettings
from groundwork.base.actor import ROLE_NAMES, Role
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateInput, PickField, Segments, TimeInput

Find = Callable[[str], Iterable[Choice]]
OFFICE, UNTIL = _("系统管理员"), date(2028, 12, 31)


def _look_with(field: forms.Field, find: Find) -> None:
    assert isinstance(field, PickField)
    field.find = find


@declare_form("access.slip", OFFICE, _("账号安全：首次登录"), UNTIL)
class SlipForm(forms.Form):
    """Come in by a one-time slip."""

    number = forms.CharField(
        label=_("工号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("登录码"),
        max_length=30,
        help_text=_("登录条上的一行字母和数字，大小写、横线都不要紧。"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "mono",
                "placeholder": "7K3F-9QWD-XM",
            }
        ),
    )


@declare_form("access.grant", OFFICE, _("授权管理"), UNTIL)
class GrantForm(forms.Form):
    """Give a role at a body or a place."""

    role = forms.ChoiceField(label=_("身份"))
    node = PickField(url_name="access:pick_node", find=lambda text: [], label=_("在哪里"))
    valid_from = forms.DateField(label=_("从哪天起"), widget=DateInput())
    valid_to = forms.DateField(
        label=_("到哪天止"), required=False, widget=DateInput(), help_text=_("不填就一直有效。")
    )

    def __init__(self, *args: Any, roles: list[Role], find: Find, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_with(self.fields["node"], find)
        chooser = self.fields["role"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(role.value, _(ROLE_NAMES[role])) for role in roles]


@declare_form("access.acting", OFFICE, _("授权管理：代理"), UNTIL)
class ActingForm(forms.Form):
    """Let somebody act in a grant's holder's place."""

    person = PickField(url_name="access:pick_account", find=lambda text: [], label=_("由谁代理"))
    valid_from = forms.DateField(label=_("从哪天起"), widget=DateInput())
    valid_to = forms.DateField(label=_("到哪天止"), widget=DateInput())

    def __init__(self, *args: Any, find: Find, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_with(self.fields["person"], find)


@declare_form("access.notices", OFFICE, _("由本人决定"), UNTIL)
class NoticeSettingsForm(forms.Form):
    """How one wants to be told, and when not."""

    email = forms.EmailField(
        label=_("邮箱"), required=False, help_text=_("可以不填。只用来给您发通知。")
    )
    mail = forms.ChoiceField(
        label=_("邮件"), choices=NoticeSettings.Mail.choices, widget=Segments()
    )
    vendor = forms.BooleanField(label=_("也发到单位的即时通讯"), required=False)
    quiet_from = forms.TimeField(label=_("免打扰从"), widget=TimeInput())
    quiet_to = forms.TimeField(
        label=_("到"), widget=TimeInput(), help_text=_("这段时间的通知过后再发，不会丢。")
    )


@declare_form("access.remark", OFFICE, _("《整治形式主义为基层减负若干规定》"), UNTIL)
class RemarkForm(forms.Form):
    """Say what is wrong with the software."""

    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput())
    text = forms.CharField(
        label=_("您想说什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("哪里不好用、哪里多余、哪里出错，都可以说。请不要写别人的个人信息。"),
    )


@declare_form("access.answer", OFFICE, _("答复意见"), UNTIL)
class AnswerForm(forms.Form):
    """Answer a remark on the software."""

    answer = forms.CharField(
        label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@declare_form("access.correction", OFFICE, _("《个人信息保护法》第四十六条"), UNTIL)
class CorrectionForm(forms.Form):
    """Ask the secretary to correct what is kept about oneself."""

    text = forms.CharField(
        label=_("哪里不对，应当是什么"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@declare_form("access.token", OFFICE, _("账号安全：接口密钥"), UNTIL)
class TokenForm(forms.Form):
    """Make a key for a program."""

    name = forms.CharField(
        label=_("给哪个程序用"), max_length=60, help_text=_("写清楚，以后才知道该撤哪一把。")
    )


class TrailFilter(FilterForm):
    """Narrow the trail."""

    kind = forms.CharField(label=_("对象种类"), required=False, max_length=40)
    object_id = forms.CharField(label=_("对象编号"), required=False, max_length=40)
    number = forms.CharField(label=_("工号"), required=False, max_length=60)
    day = forms.DateField(
        label=_("哪一天"),
        required=False,
        widget=DateInput(),
        # Beyond these no row can lie, and the calendar's own ends have no next day.
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))],
    )


class AccountFilter(FilterForm):
    """Narrow the list of accounts."""

    q = forms.CharField(label=_("姓名、工号或单位"), required=False, max_length=60)
