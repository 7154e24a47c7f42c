"""The catalogue's sample form: nobody keeps what is typed there."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.web import widgets
from groundwork.web.declared import declare_form
from groundwork.web.pages.samples import find_place, place_label


@declare_form(
    "web.catalogue",
    _("软件维护人"),
    _("只作样例，不保存"),
    date(2036, 12, 31),
)
class SampleForm(forms.Form):
    """Every kind of field once."""

    title = forms.CharField(label=_("题目"), max_length=60, help_text=_("写群众看得懂的话。"))
    theme = forms.ChoiceField(
        label=_("主题"),
        choices=[("", _("请选择")), ("theory", _("政治理论")), ("work", _("业务知识"))],
    )
    day = forms.DateField(label=_("日期"), widget=widgets.DateInput)
    place = widgets.PickField(
        label=_("地点"),
        url_name="web:catalogue_choices",
        find=find_place,
        label_of=place_label,
        help_text=_("输入名称的一部分，再从列出的里面选。"),
    )
    answer = forms.ChoiceField(
        label=_("是否到场"),
        widget=widgets.Segments,
        choices=[("here", _("到场")), ("leave", _("请假")), ("away", _("缺席"))],
    )
    ways = forms.MultipleChoiceField(
        label=_("通知方式"),
        required=False,
        widget=widgets.Ticks,
        choices=[("inbox", _("站内")), ("mail", _("电子邮件"))],
    )
    sheet = forms.FileField(label=_("附件"), required=False)
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label=_("我已核对"))
