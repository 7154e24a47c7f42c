"""Begin a document, write it, put a number into it, give it back, correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundwork.figures.actions.briefings import Wording
from groundwork.figures.models import Briefing
from groundwork.figures.pages.periods import name_of
from groundwork.figures.policy import figures_of
from groundwork.figures.rules import periods
from groundwork.figures.rules.briefing import LONGEST_TEXT, Token, pieces
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.marks import BadMark, Names, spoken, unspoken
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.templates import TEMPLATES
from groundwork.registry.models import Place
from groundwork.web.declared import declare_form
from groundwork.web.errors import say

OWNER, AUTHORITY = _("起草文稿的单位"), _("《党政机关公文处理工作条例》")
UNTIL = date(2028, 12, 31)


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def offered_periods(today: date) -> list[Period]:
    """List the periods that documents speak of, the last whole month first."""
    month = periods.before(periods.month_of(today))
    months = [month]
    for _n in range(11):
        months.append(periods.before(months[-1]))
    half = periods.half_of(today)
    year = periods.year_of(today)
    return [
        month,
        periods.month_of(today),
        periods.to_month_of(today),
        periods.to_month_of(month.first),
        half,
        periods.before(half),
        year,
        periods.before(year),
        *months[1:],
    ]


def _period_choices(today: date) -> list[tuple[str, str]]:
    found = {period.key: name_of(period) for period in offered_periods(today)}
    return list(found.items())


@declare_form("figures.briefing_new", OWNER, AUTHORITY, UNTIL)
class NewForm(forms.Form):
    """Begin a document from a template."""

    template = forms.ChoiceField(label=_("写什么"))
    place = forms.ChoiceField(label=_("哪里的数据"))
    period = forms.ChoiceField(label=_("哪个时段"))
    issuer = forms.CharField(
        label=_("版头"), max_length=60,
        help_text=_("印在最上面的红字，例如“宁波市机关效能简报”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[Place], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "template", [(t.key, gettext(t.name)) for t in TEMPLATES])
        _choices(self, "place", [(place.public_id, place.name) for place in places])
        _choices(self, "period", _period_choices(today))


@declare_form("figures.briefing", OWNER, AUTHORITY, UNTIL)
class WordingForm(forms.Form):
    """Write a document; its numbers stand in it as references."""

    title = forms.CharField(label=_("标题"), max_length=120)
    issuer = forms.CharField(label=_("版头"), max_length=60)
    number = forms.CharField(
        label=_("期号或发文字号"), max_length=40, required=False,
        help_text=_("例如：第3期；甬〔2026〕3号。"),
    )  # fmt: skip
    addressed = forms.CharField(label=_("主送"), max_length=200, required=False)
    text = forms.CharField(
        label=_("正文"), max_length=LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "lang": "zh-Hans"}),
        help_text=_("一行一段。【方头括号】里的是数，现在是多少看清单；可以整个移动或删去。"),
    )  # fmt: skip
    copied = forms.CharField(label=_("抄送"), max_length=200, required=False)
    public = forms.BooleanField(
        label=_("公开"), required=False, help_text=_("不勾，就只给登录的机关干部看。")
    )
    read = forms.CharField(widget=forms.HiddenInput(), required=False, strip=False)

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    @staticmethod
    def shown(briefing: Briefing, names: Names) -> dict[str, Any]:
        """Give what the form begins with."""
        same = ("title", "issuer", "number", "addressed", "copied", "public")
        texts = {"read": briefing.text, "text": spoken(briefing.text, names)}
        return {name: getattr(briefing, name) for name in same} | texts

    @classmethod
    def typed(cls, data: Mapping[str, str]) -> dict[str, Any]:
        """Give what was typed and is not to be kept yet."""
        return {name: data.get(name, "") for name in cls.base_fields} | {"public": "public" in data}

    def clean_text(self) -> str:
        """Give the text with references for marks."""
        try:
            return unspoken(self.cleaned_data["text"], self.names)
        except BadMark as error:
            raise forms.ValidationError(say(error)) from error

    def wording(self) -> Wording:
        """Make the wording of a valid form."""
        data = dict(self.cleaned_data)
        data.pop("read")
        return Wording(**data)


@declare_form("figures.number", OWNER, AUTHORITY, UNTIL)
class NumberForm(forms.Form):
    """Choose a number and where it goes."""

    figure = forms.ChoiceField(label=_("哪个数"))
    place = forms.ChoiceField(label=_("哪里的"))
    period = forms.ChoiceField(label=_("哪个时段"))
    whole = forms.BooleanField(
        label=_("写出分子和分母"), required=False, help_text=_("例如：96.8%（300 / 310）")
    )
    curve = forms.BooleanField(
        label=_("画成曲线"), required=False,
        help_text=_("一段一段地画，放在那一段的下面，数在图下的表里。"),
    )  # fmt: skip
    paragraph = forms.ChoiceField(label=_("放在哪一段的末尾"))

    def __init__(
        self, *args: Any, briefing: Briefing, places: Sequence[Place], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "figure", [(f.key, gettext(f.title)) for f in CATALOGUE])
        self.places = places
        _choices(self, "place", [(place.code, place.name) for place in places])
        _choices(self, "period", _period_choices(today))
        lines = [_plain(line) for line in briefing.text.split("\n")]
        said = [
            (str(n), f"“{line[:36]}”" if line else gettext("（空行）"))
            for n, line in enumerate(lines)
        ]
        _choices(self, "paragraph", said)
        self.fields["paragraph"].initial = str(len(lines) - 1)

    def clean(self) -> dict[str, Any]:
        """Refuse a number that the place has none of."""
        data: dict[str, Any] = super().clean() or {}
        place = next((p for p in self.places if p.code == data.get("place")), None)
        figure = FIGURES.get(data.get("figure", ""))
        if place and figure and figure not in figures_of(place):
            raise forms.ValidationError(_("这个数只有全市的，请选全市。"))
        return data

    def token(self) -> Token:
        """Make the reference of a valid form."""
        data = self.cleaned_data
        whole = data["whole"] and not data["curve"]
        return Token(data["figure"], data["period"], data["place"], whole, data["curve"])


def _plain(line: str) -> str:
    return "".join(piece if isinstance(piece, str) else "…" for piece in pieces(line))


@declare_form("figures.return", OWNER, AUTHORITY, UNTIL)
class ReturnForm(forms.Form):
    """Say what is to be mended."""

    note = forms.CharField(label=_("要改什么"), max_length=300)


@declare_form("figures.correct", OWNER, AUTHORITY, UNTIL)
class CorrectForm(forms.Form):
    """Say what was wrong."""

    why = forms.CharField(
        label=_("更正了什么"), max_length=300,
        help_text=_("这句话会和原文、更正件一起公开，一样醒目。"),
    )  # fmt: skip
