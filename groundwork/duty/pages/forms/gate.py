"""Forms of the gate: opening the log, answering an alarm, hours, thanks."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateTimeInput

UNTIL = date(2027, 12, 31)
BASIS = _("《突发事件应对法》；启动令")


@declare_form("duty.reveal", _("社区"), BASIS, UNTIL)
class RevealForm(forms.Form):
    """Open the names of one gate for some hours, with a reason."""

    from_at = forms.DateTimeField(label=_("从"), widget=DateTimeInput)
    to_at = forms.DateTimeField(label=_("到"), widget=DateTimeInput)
    reason = forms.CharField(
        label=_("为什么要看姓名"),
        max_length=200,
        help_text=_("原因、查看人和时间会一直留痕，启动令结束后也不删除。"),
    )


@declare_form("duty.alarm", _("社区"), BASIS, UNTIL)
class AlarmForm(forms.Form):
    """Say what was done about an alarm."""

    outcome = forms.CharField(
        label=_("怎么处理的"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不写姓名。例如：已送发热门诊，家属陪同。"),
    )


@declare_form("duty.settle", _("社区"), BASIS, UNTIL)
class SettleForm(forms.Form):
    """Decide on somebody who was not seen."""

    text = forms.CharField(
        label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@declare_form("duty.contest", _("本人"), BASIS, UNTIL)
class ContestForm(forms.Form):
    """Say that one was there, or had said so."""

    text = forms.CharField(
        label=_("您的说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


@declare_form("duty.thanks", _("社区"), BASIS, UNTIL)
class ThanksForm(forms.Form):
    """A word to those at the gate."""

    text = forms.CharField(
        label=_("想说的话"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
