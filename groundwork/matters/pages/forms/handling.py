"""What the lead and its helpers send: words, an answer, more time; and the list's filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.matters.models import Door, Matter, State, Urgency
from groundwork.matters.pages.forms.vetting import _VettedBase
from groundwork.matters.queries import choices
from groundwork.registry.models import Priority
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateInput, PickField

OWNER, AUTHORITY = _("诉求受理和承办单位"), _("群众诉求办理工作规程")
UNTIL = date(2027, 12, 31)
LONGEST = 4000


def area(rows: int, **attrs: Any) -> forms.Textarea:
    """Make a text area of some rows."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


def words(
    label: Any, rows: int, help_text: Any = "", *, most: int = 500, **more: Any
) -> forms.CharField:
    """Make the field for what is said with an act."""
    return forms.CharField(
        label=label, max_length=most, widget=area(rows), help_text=help_text, **more
    )


@declare_form("matters.reply", OWNER, AUTHORITY, UNTIL)
class ReplyForm(forms.Form):
    """Tell the raiser first that somebody is at it."""

    text = words(
        _("首次回复"),
        5,
        _("提出人看得到。说清谁在办、打算怎么办、下一次什么时候答复。"),
        most=LONGEST,
    )


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; gives a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [single(one, initial) for one in given if one]


@declare_form("matters.answer", OWNER, AUTHORITY, UNTIL)
class AnswerForm(_VettedBase):
    """Answer a matter; a template's blanks must be filled."""

    text = words(
        _("答复"),
        9,
        _("提出人会逐字读到，公开的诉求大家都读得到。写清办了什么、结果怎样，不写人名和电话。"),
        most=LONGEST,
    )
    papers = FilesField(
        label=_("照片或文件"), required=False, help_text=_("办理前后的照片，可不传。")
    )


@declare_form("matters.answer_many", OWNER, AUTHORITY, UNTIL)
class AnswerManyForm(_VettedBase):
    """Answer several matters with the same words."""

    text = words(
        _("同一答复"), 9, _("选中的每一件都会收到这段答复。内容不同的请分开办。"), most=LONGEST
    )


@declare_form("matters.return", OWNER, AUTHORITY, UNTIL)
class ReturnForm(forms.Form):
    """Send a matter back to the dispatcher."""

    text = words(_("退单理由"), 4, _("派单员看得到。写清为什么不归本单位，最好写出该由谁办。"))


@declare_form("matters.dispute", OWNER, AUTHORITY, UNTIL)
class DisputeForm(forms.Form):
    """Tell the operator that the matter is not this unit's."""

    text = words(_("争议理由"), 4, _("交管理员裁定，只有这一次。裁定前请继续办理。"))


@declare_form("matters.note", OWNER, AUTHORITY, UNTIL)
class NoteForm(forms.Form):
    """Leave a note for colleagues."""

    text = words(_("内部备注"), 4, _("只有办理这件事的同志看得到，写上去就不能改。"), most=2000)


@declare_form("matters.contribute", OWNER, AUTHORITY, UNTIL)
class ContributeForm(forms.Form):
    """Tell the lead what the helping body found or did."""

    text = words(
        _("协办意见"), 5, _("给主办单位写答复用，提出人看到的是主办单位的一份答复。"), most=2000
    )


@declare_form("matters.extend", OWNER, AUTHORITY, UNTIL)
class ExtendForm(forms.Form):
    """Ask for more time."""

    until = forms.DateField(label=_("延到哪天"), widget=DateInput())
    text = words(_("延期理由"), 4, _("管理员批准后提出人会看到。"))


@declare_form("matters.hand_over", OWNER, AUTHORITY, UNTIL)
class HandOverForm(forms.Form):
    """Hand a matter to a colleague of the same lead."""

    person = PickField(
        url_name="matters:choices_people",
        find=lambda words: [],
        label_of=lambda key: str(choices.person_of(key) or ""),
        label=_("交给哪位同事"),
        help_text=_("输入姓名、拼音首字母或工号。"),
    )

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point(self.fields["person"], matter, lambda words: _people(matter, words))

    def clean_person(self) -> Any:
        """Give the person; only of the lead."""
        person = choices.person_of(self.cleaned_data["person"] or "")
        if person is None:
            raise forms.ValidationError(_("没有找到这位同事。"))
        return person


def _people(matter: Matter, words: str) -> list[Choice]:
    return [Choice(*row) for row in choices.people_of(matter.lead, words)] if matter.lead else []


def point(field: forms.Field, matter: Matter | None, find: Callable[[str], list[Choice]]) -> None:
    """Let a field look up choices of one matter."""
    assert isinstance(field, PickField)
    field.find = find
    if matter is not None:
        field.widget.url = format_lazy("{}?matter={}", field.widget.url, matter.public_id)


@declare_form("matters.remind", OWNER, AUTHORITY, UNTIL)
class RemindForm(forms.Form):
    """Remind the lead."""

    text = words(_("催办的话"), 3, initial=_("请尽快办理，并告诉提出人进展。"))


@declare_form("matters.supervise", OWNER, AUTHORITY, UNTIL)
class SuperviseForm(forms.Form):
    """Put a matter under supervision."""

    text = words(_("督办要求"), 4)


@declare_form("matters.end_supervision", OWNER, AUTHORITY, UNTIL)
class EndSupervisionForm(forms.Form):
    """Take a matter off supervision."""

    text = words(_("督办结果"), 3)


@declare_form("matters.take_back", OWNER, AUTHORITY, UNTIL)
class TakeBackForm(forms.Form):
    """Take a matter back from a body outside."""

    text = words(_("收回的情况"), 3)


@declare_form("matters.outside_answer", OWNER, AUTHORITY, UNTIL)
class OutsideAnswerForm(_VettedBase):
    """Write down what a body outside answered."""

    text = words(_("外单位的答复"), 7, _("照原文登记，提出人会看到并确认是否解决。"), most=LONGEST)


@declare_form("matters.decline", OWNER, AUTHORITY, UNTIL)
class DeclineForm(forms.Form):
    """Decline a matter; the raiser reads the reason."""

    text = words(
        _("不予受理的理由"), 4, _("提出人逐字看到，还可以请求再看一次。请写明依据和可以找谁。")
    )


@declare_form("matters.decide", OWNER, AUTHORITY, UNTIL)
class DecideForm(forms.Form):
    """Decide what a lead asks for."""

    decision = words(_("批复"), 3)


class ServingFilter(FilterForm):
    """Narrow a list to what serves a central task; there is no field where there are no tasks."""

    priority = forms.ChoiceField(label=_("服务中心工作"), required=False)

    def __init__(self, *args: Any, priorities: Iterable[Priority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.priorities = {row.public_id: row for row in priorities}
        named = [(key, row.name) for key, row in self.priorities.items()]
        offer(self.fields["priority"], [("", _("不限")), *named])
        if not named:
            del self.fields["priority"]

    def clean_priority(self) -> Priority | None:
        """Give the central task itself."""
        return self.priorities.get(self.cleaned_data["priority"])


class QueueFilter(ServingFilter):
    """Narrow the desk's list."""

    tab = forms.CharField(required=False)
    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("按上面的页签")), *State.choices]
    )
    category = forms.ChoiceField(label=_("类别"), required=False)
    place = forms.ChoiceField(label=_("地点"), required=False)
    light = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[
            ("", _("不限")),
            ("red", _("已超期")),
            ("amber", _("快到期")),
            ("green", _("还有时间")),
        ],
    )
    pressed = forms.ChoiceField(
        label=_("督办催办"),
        required=False,
        choices=[("", _("不限")), ("supervised", _("督办的")), ("reminded", _("催办过的"))],
    )
    urgency = forms.ChoiceField(
        label=_("紧急程度"), required=False, choices=[("", _("不限")), *Urgency.choices]
    )
    door = forms.ChoiceField(
        label=_("来源"), required=False, choices=[("", _("不限")), *Door.choices]
    )
    lead = forms.CharField(label=_("承办单位里的字"), required=False, max_length=40)
    mine = forms.BooleanField(label=_("只看我经办的"), required=False)

    def more(self) -> list[BoundField]:
        """Give the fields that stand one after another."""
        return [self[name] for name in ("pressed", "urgency", "door", "lead")]

    def __init__(self, *args: Any, categories: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = choices.filter_groups(categories)
        offer(self.fields["category"], [("", _("全部类别")), *groups])
        rows = [(place.public_id, str(place)) for place in places]
        offer(self.fields["place"], [("", _("全部地点")), *rows])


def offer(field: forms.Field, pairs: list[Any]) -> None:
    """Give a field its choices."""
    field.choices = pairs  # type: ignore[attr-defined]
