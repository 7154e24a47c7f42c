"""Draft a round, answer it, take an answer up, publish what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.matters.models import Category, Kind
from groundwork.matters.queries.intake import grouped, offered_categories
from groundwork.matters.rules.intake import phone_of
from groundwork.registry.models import Body, Place
from groundwork.service.actions.replies import Answer
from groundwork.service.actions.rounds import RoundPlan
from groundwork.service.models import Round
from groundwork.service.pages.forms.common import UNTIL
from groundwork.service.pages.forms.points import _place_label, _unit_field, _UnitBase
from groundwork.service.queries import choices
from groundwork.service.queries.suggesting import suggested
from groundwork.service.rules.rounds import LONGEST_ANSWER, MOST_QUESTIONS
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateTimeInput, PickField, Segments

OWNER, AUTHORITY = _("发起征询的单位"), _("常态化征询群众和企业意见的工作制度")


@declare_form("service.round", OWNER, AUTHORITY, UNTIL)
class RoundForm(_UnitBase):
    """Draft a round of consultation."""

    title = forms.CharField(label=_("题目"), max_length=120)
    body = _unit_field()
    place = PickField(
        url_name="service:choices_areas",
        find=lambda text: [],
        label=_("问哪里的事"),
        help_text=_("市、区县、街道或社区。"),
    )
    audience = forms.ChoiceField(
        label=_("问谁"), choices=Round.Audience.choices, widget=Segments(), initial="all"
    )
    named = forms.CharField(
        label=_("指定的人或企业"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20000,
        help_text=_("一行一个：干部填工号，企业填名称。"),
    )
    why = forms.CharField(
        label=_("为什么问"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    questions = forms.CharField(
        label=_("问题"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2100,
        help_text=_("一行一个，最多十个。"),
    )
    opens_at = forms.DateTimeField(label=_("开始"), widget=DateTimeInput())
    closes_at = forms.DateTimeField(label=_("截止"), widget=DateTimeInput())

    def __init__(self, *args: Any, by: Actor, body: Body | None = None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, body=body, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, PickField)
        place.find = lambda text: [Choice(*row) for row in choices.any_places(by, text)]
        place.widget.label_of = _place_label

    def clean_questions(self) -> tuple[str, ...]:
        """Cut the lines into questions."""
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_QUESTIONS or any(len(line) > 200 for line in lines):
            raise forms.ValidationError(_("最多十个问题，每个不超过两百字。"))
        return tuple(lines)

    def clean_named(self) -> tuple[list[Any], list[Any]]:
        """Find the people and enterprises named."""
        lines = [line.strip() for line in self.cleaned_data["named"].splitlines() if line.strip()]
        people = choices.people_numbered(lines)
        firms = choices.enterprises_named(lines)
        for line in lines:
            if line not in people and line not in firms:
                raise forms.ValidationError(_("没有找到“%(line)s”。"), params={"line": line})
        return [people[n] for n in lines if n in people], [firms[n] for n in lines if n in firms]

    def plan(self) -> RoundPlan:
        """Make the plan of a valid form."""
        data = self.cleaned_data
        people, firms = data["named"]
        assert self.unit is not None
        return RoundPlan(
            title=data["title"],
            body=self.unit,
            place=data["place"],
            audience=data["audience"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            questions=data["questions"],
            why=data["why"],
            people=tuple(people),
            enterprises=tuple(firms),
        )


@declare_form("service.reply", OWNER, AUTHORITY, UNTIL)
class ReplyForm(forms.Form):
    """Answer a round; everything but one answer may be left out."""

    place = PickField(
        url_name="service:choices_places",
        find=lambda text: [],
        label=_("您说的是哪个社区（村）的事"),
        required=False,
    )
    name = forms.CharField(label=_("怎么称呼您"), required=False, max_length=60)
    phone = forms.CharField(label=_("您的电话"), required=False, max_length=20)
    confidential = forms.BooleanField(label=_("不让承办单位知道我是谁"), required=False)

    def __init__(self, *args: Any, by: Actor, asked: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(asked.questions.all())
        pick = self.fields["place"]
        assert isinstance(pick, PickField)
        pick.find = lambda text: [Choice(*row) for row in choices.place_choices(by, text)]
        pick.widget.label_of = _place_label
        for question in self.questions:
            self.fields[f"answer_{question.pk}"] = forms.CharField(
                label=question.text,
                required=False,
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"do_{question.pk}"] = forms.BooleanField(
                label=_("这件事要办，请转有关单位"), required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give each question with its answer and its tick."""
        return [
            {"answer": self[f"answer_{q.pk}"], "do": self[f"do_{q.pk}"]} for q in self.questions
        ]

    def clean_phone(self) -> str:
        """Keep a telephone number that can be rung."""
        said = self.cleaned_data["phone"]
        if said and phone_of(said) is None:
            raise forms.ValidationError(_("这个电话号码不对，请再看一看。"))
        return phone_of(said) or ""

    def answer(self, client_key: str) -> Answer:
        """Make the answer of a valid form."""
        data = self.cleaned_data
        keys = [str(question.pk) for question in self.questions]
        return Answer(
            answers={key: data[f"answer_{key}"] for key in keys},
            to_do=frozenset(key for key in keys if data[f"do_{key}"]),
            place=choices.place_of(data.get("place") or ""),
            name=data["name"],
            phone=data["phone"],
            confidential=data["confidential"],
            client_key=client_key[:40],
        )


@declare_form("service.take_up", OWNER, AUTHORITY, UNTIL)
class TakeUpForm(forms.Form):
    """Turn an answer into a matter."""

    question = forms.CharField(widget=forms.HiddenInput())
    words = forms.CharField(
        label=_("要办的事"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )
    kind = forms.ChoiceField(
        label=_("算什么"),
        choices=[
            (Kind.SUGGESTION.value, Kind.SUGGESTION.label),
            (Kind.HELP.value, Kind.HELP.label),
        ],
        widget=Segments(),
    )
    category = forms.ChoiceField(label=_("类别"))
    place = PickField(url_name="service:choices_areas", find=lambda text: [], label=_("地点"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_categories()
        self.offered = {row.public_id: row for row in offered}
        self.fields["category"].choices = grouped(offered)  # type: ignore[attr-defined]
        if self.initial.get("words"):
            self.initial["category"] = suggested(self.initial["words"], offered).public_id
        pick = self.fields["place"]
        assert isinstance(pick, PickField)
        pick.find = lambda text: [Choice(*row) for row in choices.any_places(by, text)]
        pick.widget.label_of = _place_label

    def clean_category(self) -> Category:
        """Give the category itself."""
        return self.offered[self.cleaned_data["category"]]

    def clean_place(self) -> Place:
        """Give the place itself."""
        found = choices.place_of(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_("没有找到这个地点。"))
        return found


@declare_form("service.outcome", OWNER, AUTHORITY, UNTIL)
class OutcomeForm(forms.Form):
    """Publish what came of a round."""

    outcome = forms.CharField(
        label=_("我们怎么做"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("所有人都能看到。请写清哪些做了、哪些还在做、哪些做不了和为什么。"),
    )
