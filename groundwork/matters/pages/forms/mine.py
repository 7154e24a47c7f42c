"""What a raiser says on the own page. Everything that can be left out may be."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.matters.actions.own import Details
from groundwork.matters.actions.verdict import Said
from groundwork.matters.models import Raiser
from groundwork.matters.pages.forms.raising import AUTHORITY, OWNER, UNTIL
from groundwork.matters.rules import intake
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Segments

LONGEST = 2000
YES_NO = [("yes", _("是")), ("no", _("否"))]
WORD = {"yes": True, "no": False}


def _words(label: Any, *, required: bool = False, rows: int = 3, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=area, **more)


@declare_form("matters.refuse", OWNER, AUTHORITY, UNTIL)
class RefuseForm(forms.Form):
    """Say what is still not solved."""

    words = _words(_("还差什么（可以不写）"))


@declare_form("matters.rate", OWNER, AUTHORITY, UNTIL)
class RateForm(forms.Form):
    """Answer the questions that are still open."""

    answered = forms.ChoiceField(
        label=_("单位给您答复了吗？"), choices=YES_NO, required=False, widget=Segments()
    )
    satisfied = forms.ChoiceField(
        label=_("您满意吗？"), choices=YES_NO, required=False, widget=Segments()
    )
    words = _words(_("想说的话（可以不写）"), rows=2)

    def __init__(self, *args: Any, open_questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"answered", "satisfied"} - set(open_questions):
            del self.fields[name]

    def said(self) -> Said:
        """Give what was answered."""
        data = self.cleaned_data
        return Said(
            answered=WORD.get(data.get("answered", "")),
            satisfied=WORD.get(data.get("satisfied", "")),
            words=data.get("words", ""),
        )


class Photos(forms.ClearableFileInput):
    """Several photos at once."""

    allow_multiple_selected = True


@declare_form("matters.add", OWNER, AUTHORITY, UNTIL)
class AddForm(forms.Form):
    """Add words and photos."""

    words = _words(_("补充的情况"))
    photos = forms.FileField(
        label=_("照片（最多6张）"),
        required=False,
        widget=Photos(attrs={"accept": "image/*", "multiple": True}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data = super().clean() or self.cleaned_data
        if not data.get("words", "").strip() and not self.files.getlist("photos"):
            raise forms.ValidationError(_("请写几个字，或选一张照片。"))
        if len(self.files.getlist("photos")) > intake.MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多6张照片。"))
        return data


@declare_form("matters.thank", OWNER, AUTHORITY, UNTIL)
class ThankForm(forms.Form):
    """Thank, with words or without."""

    words = _words(_("感谢的话（可以不写）"), rows=2)


@declare_form("matters.appeal", OWNER, AUTHORITY, UNTIL)
class AppealForm(forms.Form):
    """Ask once more after a decline."""

    words = _words(_("为什么请再看一次"), required=True)


@declare_form("matters.withdraw", OWNER, AUTHORITY, UNTIL)
class WithdrawForm(forms.Form):
    """Take a matter back."""

    words = _words(_("为什么撤回（可以不写）"), rows=2)


@declare_form("matters.details", OWNER, AUTHORITY, UNTIL)
class DetailsForm(forms.Form):
    """Correct how one may be reached."""

    name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    confidential = forms.BooleanField(
        label=_("不让承办单位知道我是谁"),
        required=False,
        help_text=_("从现在起；承办单位以前看到过的，收不回来。"),
    )

    def clean_phone(self) -> str:
        """Read a telephone number as the portal does."""
        typed = self.cleaned_data["phone"].strip()
        number = intake.phone_of(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("这不像是电话号码，请看一看，或留空。"))
        return number

    def details(self) -> Details:
        """Give what the action takes."""
        data = self.cleaned_data
        return Details(data["name"], data["phone"], data["email"], data["confidential"])


def details_of(raiser: Raiser) -> dict[str, Any]:
    """Fill the form with what is kept."""
    return asdict(Details(raiser.name, raiser.phone, raiser.email, raiser.confidential))
