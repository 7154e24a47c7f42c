"""Forms of sign-in, roll, leave and self-check."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.study.models import AbsenceCategory
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm

OWNER = _("市直机关工委")
AUTHORITY = _("周二夜学制度：名册只记是否参加、如何参加")
UNTIL = date(2028, 12, 31)


@declare_form("study.sign_in_code", OWNER, AUTHORITY, UNTIL)
class CodeForm(forms.Form):
    """The six digits on the room's screen."""

    code = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("六位口令"),
        error_messages={"invalid": _("口令是屏幕上的六位数字。")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": "7",
                "autofocus": True,
            }
        ),
    )


@declare_form("study.leave", OWNER, AUTHORITY, UNTIL)
class LeaveForm(forms.Form):
    """Ask for leave: a category, no free text."""

    category = forms.ChoiceField(
        label=_("请假原因"), choices=AbsenceCategory.choices, widget=forms.RadioSelect
    )


@declare_form("study.correct", OWNER, AUTHORITY, UNTIL)
class CorrectForm(forms.Form):
    """Why the secretary changes a roll."""

    reason = forms.CharField(
        label=_("更正原因"),
        max_length=200,
        help_text=_("比如：补交了签到表；点错了人。会一直留在名册上。"),
    )


@declare_form("study.typed_roll", OWNER, AUTHORITY, UNTIL)
class TypedForm(forms.Form):
    """A roll on paper or in a spreadsheet."""

    typed = forms.CharField(
        label=_("到场人员的工号或姓名"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一个，或用逗号、顿号隔开；可以直接从表格里粘贴。"),
    )
    sheet = forms.FileField(
        label=_("或者上传 Excel 表格"),
        required=False,
        help_text=_("有“工号”或“姓名”一列就行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean(self) -> dict[str, object]:
        """Ask for one of the two."""
        data = super().clean() or {}
        if not self.errors and not data.get("typed") and not data.get("sheet"):
            raise forms.ValidationError(_("请填写名单，或选一个表格。"))
        return data


@declare_form("study.question", OWNER, _("周二夜学制度：自测自愿，不记录、不统计"), UNTIL)
class QuestionForm(forms.Form):
    """A question of the voluntary self-check."""

    asked = forms.CharField(label=_("自测题目"), max_length=300)
    choices = forms.CharField(
        label=_("选项"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个，两到六个；正确的一项放在第一行，显示时会按题号轮换位置。"),
    )
    why = forms.CharField(label=_("为什么"), max_length=300, required=False)


class SheetFilter(FilterForm):
    """Find somebody on a sheet."""

    q = forms.CharField(required=False)
