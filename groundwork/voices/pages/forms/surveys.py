"""Draft a survey, write a question, answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.matters.queries.intake import grouped, offered_categories
from groundwork.matters.rules.sampling import SEED_DIGITS
from groundwork.registry.models import Body
from groundwork.voices.actions.surveys import NewQuestion, SurveyPlan
from groundwork.voices.models import Question, Survey
from groundwork.voices.pages.forms.home import UNTIL, a_community, community_field
from groundwork.voices.queries import surveys as queries
from groundwork.voices.rules.surveys import BATCH, LONGEST_TEXT, MOST_WANTED
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import DateTimeInput, PickField, Segments, Ticks

OWNER, AUTHORITY = _("发起问卷的单位"), _("每份问卷自己写明的依据")


@declare_form("voices.survey", OWNER, AUTHORITY, UNTIL)
class SurveyForm(forms.Form):
    """Draft a survey."""

    body = forms.ChoiceField(label=_("哪个单位问"))
    title = forms.CharField(label=_("题目"), max_length=120)
    title_en = forms.CharField(label=_("题目（英文）"), max_length=200, required=False)
    why = forms.CharField(
        label=_("为什么问"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    why_en = forms.CharField(
        label=_("为什么问（英文）"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    authority = forms.CharField(label=_("依据"), max_length=200)
    place = PickField(
        url_name="voices:choices_communities", find=lambda text: [],
        label=_("问哪个社区（村）的事"),
        required=False, help_text=_("空着就是本单位所在的地方。"),
    )  # fmt: skip
    anonymous = forms.ChoiceField(
        label=_("记不记名"),
        choices=[("yes", _("不记名，谁也对不上")), ("no", _("记名"))],
        widget=Segments(),
        initial="yes",
    )
    way = forms.ChoiceField(
        label=_("谁来答"), choices=Survey.Way.choices, widget=Segments(), initial="open"
    )
    wanted = forms.IntegerField(
        label=_("抽多少人"), required=False, min_value=10,
        help_text=_("只用于一人一份；空着就请本单位范围里的所有人。"),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("抽签的种子"), required=False, max_length=40,
        help_text=_("比如某期公开摇奖的号码，至少六位数字；同样的名册和种子，谁抽都一样。"),
    )  # fmt: skip
    opens_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    closes_at = forms.DateTimeField(label=_("截止"), widget=DateTimeInput())

    def __init__(self, *args: Any, by: Actor, bodies: Sequence[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.bodies = by, {body.public_id: body for body in bodies}
        field = self.fields["body"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(body.public_id, str(body)) for body in bodies]
        place = self.fields["place"]
        assert isinstance(place, PickField)
        community_field(by, place)

    def clean(self) -> dict[str, Any]:
        """Ask for the seed where people are drawn."""
        data: dict[str, Any] = super().clean() or {}
        digits = sum(sign.isdigit() for sign in data.get("seed") or "")
        if data.get("wanted") and digits < SEED_DIGITS:
            self.add_error("seed", _("请写抽签的种子，至少六位数字。"))
        body = self.bodies.get(data.get("body") or "")
        if body is not None and not data.get("place") and body.place is None:
            self.add_error("place", _("请选一个社区或村。"))
        return data

    def plan(self) -> SurveyPlan:
        """Make the plan of a valid form."""
        data = dict(self.cleaned_data)
        body = self.bodies[data.pop("body")]
        place = data.pop("place")
        where = a_community(self.by, place) if place else body.place
        assert where is not None
        anonymous = data.pop("anonymous") == "yes"
        return SurveyPlan(body=body, place=where, anonymous=anonymous, audience=body, **data)


@declare_form("voices.question", OWNER, AUTHORITY, UNTIL)
class QuestionForm(forms.Form):
    """Write one question."""

    kind = forms.ChoiceField(label=_("怎么答"), choices=Question.Kind.choices, initial="single")
    text = forms.CharField(label=_("问题"), max_length=300)
    text_en = forms.CharField(label=_("问题（英文）"), max_length=500, required=False)
    options = forms.CharField(
        label=_("选项"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个；要英文就写成：满意 | Satisfied"),
    )  # fmt: skip
    rows = forms.CharField(
        label=_("矩阵的各行"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("一行一个，写法一样。"),
    )  # fmt: skip
    required = forms.BooleanField(label=_("必答"), required=False)
    groups = forms.BooleanField(
        label=_("按这一题分组看结果"), required=False,
        help_text=_("年龄、单位类型这样的题。少于五个人的组不显示。"),
    )  # fmt: skip
    branch = forms.MultipleChoiceField(
        label=_("只在前面这样答了才问"), required=False, widget=Ticks()
    )

    def __init__(self, *args: Any, earlier: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["branch"]
        assert isinstance(field, forms.MultipleChoiceField)
        choices = [
            (f"{row.key}:{key}", f"{row.text[:20]} — {label}")
            for row in earlier
            if row.kind in ("single", "several", "scale")
            for key, label in queries.options_of(row)
        ]
        field.choices = choices
        if not choices:
            del self.fields["branch"]

    def clean_branch(self) -> tuple[str, tuple[str, ...]] | None:
        """Let a branch hang on one question."""
        chosen = [one.split(":") for one in self.cleaned_data["branch"]]
        if len({key for key, _option in chosen}) > 1:
            raise forms.ValidationError(_("只能跟着前面的一道题。"))
        return (chosen[0][0], tuple(option for _key, option in chosen)) if chosen else None

    def new(self) -> NewQuestion:
        """Make the question of a valid form."""
        data = dict(self.cleaned_data)
        branch = data.pop("branch", None)
        data["options"], data["rows"] = _pairs(data["options"]), _pairs(data["rows"])
        return NewQuestion(**data, shown_if=branch)


@declare_form("voices.quotas", OWNER, AUTHORITY, UNTIL)
class QuotaForm(forms.Form):
    """Say how many one wishes to have behind each option of a question."""

    def __init__(
        self, *args: Any, options: Sequence[tuple[str, str, int | None]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for key, label, wanted in options:
            self.fields[key] = forms.IntegerField(
                label=label, required=False, min_value=BATCH, max_value=MOST_WANTED, initial=wanted
            )

    def wanted(self) -> dict[str, int]:
        """Give the numbers that were filled in, by option."""
        return {key: least for key, least in self.cleaned_data.items() if least}


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    lines = [line.replace("｜", "|").partition("|") for line in text.splitlines() if line.strip()]
    return tuple((zh.strip()[:120], en.strip()[:160]) for zh, _bar, en in lines)


@declare_form("voices.answer", OWNER, AUTHORITY, UNTIL)
class AnswerForm(forms.Form):
    """Answer a survey."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for row in self.questions:
            for name, field in _fields(row):
                self.fields[name] = field

    def parts(self) -> list[dict[str, Any]]:
        """Give each question with its bound fields and its branch, for the template."""
        return [
            {
                "question": row,
                "text": queries.text_of(row),
                "fields": [self[name] for name, _field in _fields(row)],
                "branch": row.shown_if[0] if row.shown_if else "",
                "options": " ".join(row.shown_if[1]) if row.shown_if else "",
            }
            for row in self.questions
        ]

    def raw(self) -> dict[str, Any]:
        """Give what was answered, by question."""
        data = self.cleaned_data
        return {
            row.key: {key: data[f"{row.key}_{key}"] for key, _l in queries.rows_of(row)}
            if row.kind == "matrix"
            else data[row.key]
            for row in self.questions
        }


class One(forms.RadioSelect):
    """Large rows, one tap."""

    template_name = Ticks.template_name


def _fields(row: Question) -> list[tuple[str, forms.Field]]:
    """Make the fields of a question; what has to be answered is said by the rules."""
    text, options = queries.text_of(row), queries.options_of(row)
    if row.kind == "text":
        area = forms.Textarea(attrs={"rows": 3})
        return [
            (
                row.key,
                forms.CharField(label=text, required=False, max_length=LONGEST_TEXT, widget=area),
            )
        ]
    if row.kind == "several":
        many = forms.MultipleChoiceField(
            label=text, required=False, choices=options, widget=Ticks()
        )
        return [(row.key, many)]
    if row.kind == "matrix":
        return [
            (
                f"{row.key}_{key}",
                forms.ChoiceField(label=label, required=False, choices=options, widget=One()),
            )
            for key, label in queries.rows_of(row)
        ]
    widget = Segments() if row.kind == "scale" else One()
    return [
        (row.key, forms.ChoiceField(label=text, required=False, choices=options, widget=widget))
    ]


class TextFilter(FilterForm):
    """Find what was written."""

    q = forms.CharField(label=_("找文字"), required=False, max_length=40)


@declare_form("voices.take_up", OWNER, AUTHORITY, UNTIL)
class TakeUpForm(forms.Form):
    """Make a matter of what was written."""

    words = forms.CharField(
        label=_("要办的事"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    category = forms.ChoiceField(label=_("类别"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_categories()
        self.offered = {row.public_id: row for row in offered}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped(offered)

    def clean_category(self) -> Any:
        """Give the category itself."""
        return self.offered[self.cleaned_data["category"]]
