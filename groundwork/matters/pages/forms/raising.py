"""Raise a matter: at the portal, for an enterprise, on behalf of somebody, over the phone.

What somebody typed is never thrown away: texts carry no maxlength (a browser would cut what is
pasted in without a word); too long a text comes back whole and is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from groundwork.matters.actions.raising import Teller
from groundwork.matters.models import Category, Kind, Urgency
from groundwork.matters.queries import intake as queries
from groundwork.matters.rules import intake as rules
from groundwork.matters.rules import words as rules_words
from groundwork.registry.models import Body, Place
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, PickField, Segments

OWNER, AUTHORITY = _("受理派单部门"), _("信访工作条例；政务服务便民热线管理办法")
UNTIL = date(2028, 12, 31)
STEPS: tuple[tuple[str, ...], ...] = (
    ("place", "words"),
    ("kind", "concerns", "category"),
    ("name", "phone", "email", "enterprise", "confidential"),
)
LAST = len(STEPS)
_KEY = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")


def _choices(found: Sequence[tuple[str, str, str]]) -> list[Choice]:
    return [Choice(*row) for row in found]


def _chosen_before(chosen: str, typed: str) -> bool:
    """Tell whether another name was typed after the choice; without a script the choice stays."""
    if not chosen or not typed:
        return False
    label = queries.label_of_place(chosen)
    if typed in label or label in typed:
        return False
    return chosen not in {found[0] for found in queries.find_places(typed)}


class _TellingForm(forms.Form):
    """What every door asks: where, what, and if one likes, who."""

    use_required_attribute = False
    audiences: tuple[str, ...] = (Category.Audience.PEOPLE,)
    place = PickField(
        url_name="matters:portal_places",
        find=lambda text: _choices(queries.find_places(text)),
        label_of=queries.label_of_place,
        label=_("在哪个社区（村）"),
        help_text=_("写名字就行，例如“澄浪”。重名的会让您选。"),
    )
    words = forms.CharField(
        label=_("什么事"),
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
        help_text=_("像跟邻居说话那样写：哪里、什么时候、怎么了、希望怎么办。"),
    )
    kind = forms.ChoiceField(
        label=_("您是想"), choices=Kind.choices, initial=Kind.HELP, widget=Segments()
    )
    concerns = PickField(
        url_name="matters:portal_units",
        find=lambda text: _choices(queries.find_units(text)),
        label_of=queries.label_of_unit,
        label=_("投诉哪个单位"),
        required=False,
        help_text=_("投诉时可以写明单位。这件事不会交给它自己办，它也看不到。"),
    )
    category = forms.ChoiceField(label=_("属于哪一类"))
    name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("有进展时会写信告诉您。")
    )
    confidential = forms.BooleanField(
        label=_("不让承办单位知道我是谁"),
        required=False,
        help_text=_("承办单位只看到事情，看不到姓名、电话和邮箱；受理派单员看得到，以便联系您。"),
    )

    client_key: str

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        if data is not None:
            data = data.copy()
            # Kept as it will be sent, so that a masked number is masked in the form too.
            self.typed = data.get("words", "")
            data["words"] = rules_words.masked(rules_words.cleaned(self.typed))
            data.setdefault("kind", Kind.HELP)  # a bound form shows no initial; most ask for help
            if _chosen_before(data.get("place", ""), data.get("place_q", "").strip()):
                data["place"] = ""
            if not _KEY.fullmatch(data.get("client_key", "")):
                data["client_key"] = str(uuid4())
        super().__init__(data, **kwargs)
        self.client_key = str(data["client_key"]) if data is not None else str(uuid4())
        self.offered = queries.offered_categories(*self.audiences)
        choices: list[Any] = [("", _("请选择")), *queries.grouped(self.offered)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    @property
    def was_masked(self) -> bool:
        """Tell whether numbers of cards were blanked out of what came in."""
        return (
            self.is_bound
            and "*" in self.data["words"]
            and (rules_words.masked(self.typed) != self.typed or self.data.get("masked") == "1")
        )

    def clean_place(self) -> Place:
        place = queries.place_of(self.cleaned_data["place"])
        if place is None:
            raise forms.ValidationError(_("没有找到这个地方，请再选一次。"))
        return place

    def clean_words(self) -> str:
        text = str(self.cleaned_data["words"])
        if len(re.sub(r"[\W_]+", "", text)) < rules.SHORTEST_WORDS:
            raise forms.ValidationError(_("请再多写几个字，让人看得明白是什么事。"))
        if len(text) > rules.LONGEST_WORDS:
            raise forms.ValidationError(
                _("写了%(n)s个字，最多%(most)s个字。都还在下面，请删短一些，或分成几件来提。")
                % {"n": len(text), "most": rules.LONGEST_WORDS}
            )
        return text

    def clean_category(self) -> Category:
        chosen = self.cleaned_data["category"]
        return next(row for row in self.offered if row.public_id == chosen)

    def clean_concerns(self) -> Body | None:
        chosen = self.cleaned_data["concerns"]
        unit = queries.unit_of(chosen) if chosen else None
        if chosen and unit is None:
            raise forms.ValidationError(_("没有找到这个单位，请再选一次。"))
        return unit

    def clean_name(self) -> str:
        return rules_words.masked(rules_words.cleaned(self.cleaned_data["name"]))

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        number = rules.phone_of(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("这不像是电话号码，请看一看，或留空。"))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") != Kind.COMPLAINT:
            data["concerns"] = None
        return data

    def telling_fields(self) -> dict[str, Any]:
        """Give what the form says of the matter, as `Telling` takes it."""
        data = self.cleaned_data
        names = ("words", "category", "place", "kind", "concerns")
        return {name: data[name] for name in names if name in data}

    def teller(self, **known: Any) -> Teller:
        """Give who tells it."""
        data = self.cleaned_data
        names = ("name", "phone", "email", "confidential")
        return Teller(**{name: data[name] for name in names}, **known)


class _SteppedForm(_TellingForm):
    """The same in three short steps; what another step asks travels along unseen."""

    step = 1  # which step the page shows
    website = forms.CharField(  # for robots: people do not see it
        label=_("这一栏请不要填"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def first_fault(self, upto: int) -> int:
        """Give the first step up to `upto` in which something is wrong, 0 for none.

        What was not asked yet cannot be wrong: its errors go.
        """
        for late in (name for step in STEPS[upto:] for name in step):
            self.errors.pop(late, None)
        if self.joins:
            for name in STEPS[1]:
                self.errors.pop(name, None)
        for number, names in enumerate(STEPS[:upto], 1):
            if any(name in self.errors for name in names):
                return number
        return upto if self.non_field_errors() else 0

    @property
    def joins(self) -> str:
        """Give the matter to be joined instead of raising one."""
        return str(self.data.get("join", "")) if self.is_bound else ""

    def put(self, **values: str) -> None:
        """Fill in what the server found: a chosen place, a suggested category."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data

    def carried(self) -> list[tuple[str, str]]:
        """Give names and values of the fields that the other steps ask."""
        named = [n for i, names in enumerate(STEPS, 1) if i != self.step for n in names]
        pairs = [(key, self.data[key]) for n in named for key in (n, f"{n}_q") if key in self.data]
        return [(key, value) for key, value in pairs if value]


@declare_form("matters.raise", OWNER, AUTHORITY, UNTIL)
class PortalForm(_SteppedForm):
    """Raise a matter without an account; a shop that has none finds its own categories too."""

    audiences = (Category.Audience.PEOPLE, Category.Audience.ENTERPRISE)


@declare_form("matters.raise_enterprise", OWNER, AUTHORITY, UNTIL)
class EnterpriseForm(_SteppedForm):
    """Raise a matter of an enterprise."""

    audiences = (Category.Audience.ENTERPRISE,)


@declare_form("matters.raise_for", OWNER, AUTHORITY, UNTIL)
class BehalfForm(_SteppedForm):
    """Raise a matter on behalf of somebody met, or of an enterprise, which finds it as its own."""

    audiences = ()
    enterprise = forms.CharField(
        label=_("替哪家企业提的"),
        required=False,
        max_length=120,
        help_text=_("写企业全称、简称或信用代码，它登录后就看得到；替个人提的留空。"),
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["name"].label = _("怎么称呼本人")
        self.fields["phone"].label = _("本人电话")
        self.fields["email"].label = _("本人电子邮箱")
        self.fields["kind"].label = _("本人想")
        self.fields["confidential"].label = _("本人不愿让承办单位知道是谁")

    def clean_enterprise(self) -> Body | None:
        """Find the enterprise in the directory."""
        typed = self.cleaned_data["enterprise"].strip()
        body = queries.enterprise_called(typed) if typed else None
        if typed and body is None:
            raise forms.ValidationError(_("名录里没有找到这家企业，或有几家同名，请写全称。"))
        return body

    def teller(self, **known: Any) -> Teller:
        """Give who tells it: the person met, and the enterprise they speak for."""
        return super().teller(**known | {"body": self.cleaned_data.get("enterprise")})


@declare_form("matters.phone", OWNER, AUTHORITY, UNTIL)
class PhoneForm(_TellingForm):
    """Write down a call on one screen; the category may be left to the words."""

    audiences = ()
    urgency = forms.ChoiceField(
        label=_("缓急"), choices=Urgency.choices, initial=Urgency.NORMAL, widget=Segments()
    )
    field_order = (
        "phone",
        "name",
        "place",
        "words",
        "kind",
        "concerns",
        "category",
        "urgency",
        "confidential",
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["email"]
        self.fields["phone"].label = _("来电号码")
        self.fields["name"].label = _("称呼")
        self.fields["kind"].label = _("来电人想")
        self.fields["confidential"].label = _("来电人不愿让承办单位知道是谁")
        self.fields["category"].required = False
        choices = [("", _("按内容自动归类")), *queries.grouped(self.offered)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]
        self.fields["words"].widget.attrs["rows"] = 5
        self.fields["confidential"].help_text = ""
        for name in ("place", "words"):
            self.fields[name].help_text = ""
        self.fields["phone"].widget.attrs["autofocus"] = True

    def clean_category(self) -> Category | None:  # type: ignore[override]
        chosen = self.cleaned_data["category"]
        return next((row for row in self.offered if row.public_id == chosen), None)

    def teller(self, **known: Any) -> Teller:
        """Give who called."""
        data = self.cleaned_data
        names = ("name", "phone", "confidential")
        return Teller(**{name: data[name] for name in names}, **known)
