"""Forms of the hall: a question to the speaker, what the broadcaster said."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.study.rules import hall as rules
from groundwork.web.declared import declare_form

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
