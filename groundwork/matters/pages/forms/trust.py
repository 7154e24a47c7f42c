"""Forms of call-backs and audited samples."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.matters.models import CallTask, Door, SampleItem
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import DateInput, DateTimeInput, Segments

OWNER = _("市信访和12345热线主管部门")
AUTHORITY = _("群众诉求办理规定：由经办人以外的人回访，办结真实性抽样核查")
UNTIL = date(2028, 12, 31)
ANSWERS = (("yes", _("是")), ("no", _("否")), ("", _("没说")))
SHARES = (("0.01", "1%"), ("0.02", "2%"), ("0.05", "5%"), ("0.10", "10%"))
SURE = (("0.90", "90%"), ("0.95", "95%"), ("0.99", "99%"))


def _question(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=ANSWERS, required=False, initial="", widget=Segments
    )


@declare_form("matters.call", OWNER, AUTHORITY, UNTIL)
class CallForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=_("结果"), choices=CallTask.Outcome.choices, widget=forms.RadioSelect
    )
    answered = _question(_("一、承办单位给您答复了吗？"))
    solved = _question(_("二、问题解决了吗？"))
    satisfied = _question(_("三、您对办理满意吗？"))
    words = forms.CharField(
        label=_("对方说了什么"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("照原话记，不写姓名和号码；承办单位看得到。"),
    )

    def said(self) -> dict[str, Any]:
        """Give the answers as yes, no or not said."""
        data = self.cleaned_data
        words = {"yes": True, "no": False, "": None}
        answers = {name: words[data[name]] for name in ("answered", "solved", "satisfied")}
        return {"outcome": data["outcome"], "words": data["words"], **answers}


class SatisfactionFilter(FilterForm):
    """Which answers are looked at."""

    start = forms.DateField(label=_("答复日期从"), required=False, widget=DateInput)
    end = forms.DateField(label=_("答复日期到"), required=False, widget=DateInput)
    place = forms.ChoiceField(label=_("地点"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    door = forms.ChoiceField(
        label=_("渠道"), required=False, choices=[("", _("全部")), *Door.choices]
    )

    def __init__(
        self, *args: Any, places: Iterable[Any] = (), categories: Iterable[Any] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("place", places), ("category", categories)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *((row.public_id, str(row)) for row in rows)]


@declare_form("matters.sample", OWNER, AUTHORITY, UNTIL)
class SampleForm(forms.Form):
    """Which closures are audited, and how sure one wants to be."""

    title = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("比如：2026年三季度办结真实性核查")
    )
    place = forms.ChoiceField(label=_("范围"))
    closed_from = forms.DateField(label=_("办结日期从"), widget=DateInput)
    closed_to = forms.DateField(label=_("办结日期到"), widget=DateInput)
    most_false = forms.TypedChoiceField(
        label=_("想证明：虚假办结低于"),
        choices=SHARES,
        initial="0.01",
        coerce=Decimal,
        widget=Segments,
    )
    confidence = forms.TypedChoiceField(
        label=_("把握程度"), choices=SURE, initial="0.95", coerce=Decimal, widget=Segments
    )
    seed_source = forms.CharField(
        label=_("种子来自哪个公开事件"),
        max_length=200,
        help_text=_("现在就要说清楚，而且事后谁都查得到。比如：福彩双色球第2026134期开奖号码。"),
    )
    act_at = forms.DateTimeField(
        label=_("事件什么时候发生"),
        widget=DateTimeInput,
        help_text=_("要在名单公布以后。"),
    )

    def __init__(self, *args: Any, places: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row.public_id, row.name) for row in places]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        start, end = data.get("closed_from"), data.get("closed_to")
        if start and end and end < start:
            self.add_error("closed_to", _("不能早于开始日期。"))
        return data


@declare_form("matters.draw", OWNER, AUTHORITY, UNTIL)
class DrawForm(forms.Form):
    """What the public act gave."""

    seed = forms.CharField(
        label=_("种子"),
        max_length=200,
        help_text=_("照公布的顺序抄下所有数字；空格和标点不算，至少六位。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    witness = forms.CharField(
        label=_("在哪里、谁见证"),
        max_length=200,
        help_text=_("比如：中国福彩网开奖公告；或者：市民中心大厅掷骰子，群众代表三人在场。"),
    )


@declare_form("matters.finding", OWNER, AUTHORITY, UNTIL)
class FindingForm(forms.Form):
    """What a check found."""

    finding = forms.ChoiceField(
        label=_("核查结论"), choices=SampleItem.Finding.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("怎么核实的，看到了什么"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("结果公布时一并公开：不写姓名、号码和门牌。"),
    )


@declare_form("matters.finding_reply", OWNER, AUTHORITY, UNTIL)
class ReplyForm(forms.Form):
    """The lead's side of a bad finding."""

    words = forms.CharField(
        label=_("承办单位的说明"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("与核查结论一起公开：不写姓名、号码和门牌。"),
    )
