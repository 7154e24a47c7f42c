"""Forms of the hall: a question to the speaker, what the broadcaster said."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.live.models import OutsideFigure
from groundwork.study.rules import hall as rules
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput

OWNER, AUTHORITY, UNTIL = _("夜学主办单位"), _("周二夜学工作安排"), date(2027, 12, 31)


@declare_form("study.hall_question", OWNER, AUTHORITY, UNTIL)
class QuestionForm(forms.Form):
    """Ask the speaker. Nobody's name is asked."""

    text = forms.CharField(
        label=_("您想问宣讲员什么"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": str(rules.LONGEST)}),
        help_text=_("不署名，也不记是谁问的。主持人看过以后，合适的请宣讲员当场回答。"),
    )


@declare_form("study.outside_figure", OWNER, AUTHORITY, UNTIL)
class OutsideFigureForm(forms.Form):
    """What the broadcaster says of the audience: which figure, how many, who said it and when."""

    figure = forms.ChoiceField(label=_("哪个数字"), choices=OutsideFigure.Figure.choices)
    number = forms.IntegerField(label=_("数字"), min_value=0)
    source = forms.CharField(
        label=_("谁提供的"), max_length=120, help_text=_("例如：宁波广电集团新媒体中心。")
    )
    said_on = forms.DateField(label=_("哪天提供的"), widget=DateInput())
