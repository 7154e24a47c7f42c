"""Lead a discussion, say something in it, settle what was said, report a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.campaigns.actions.discussion import CampaignPlan, PhasePlan
from groundwork.campaigns.actions.talking import Word
from groundwork.campaigns.models import Contribution, Phase
from groundwork.campaigns.pages.forms.bases import _OfCategory, _OfUnit
from groundwork.campaigns.pages.forms.projects import words
from groundwork.campaigns.queries import rectify as rectify_queries
from groundwork.campaigns.rules.discussion import KINDS, Span
from groundwork.matters.models import Category
from groundwork.registry.models import Body
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, Ticks

OWNER, AUTHORITY = _("市委组织部"), _("责任大讨论实施方案")
UNTIL = date(2028, 12, 31)
Kind = Contribution.Kind
ACT_NAMES = (
    ("gather", _("宣讲和沙龙")),
    ("opinion", _("就问题发言")),
    ("suggestion", _("提意见建议")),
    ("practice", _("交流好做法")),
    ("finding", _("对照检查，填整改台账")),
)


def day_field(label: Any) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(label=label, widget=DateInput())


@declare_form("campaigns.discussion", OWNER, AUTHORITY, UNTIL)
class CampaignForm(_OfUnit):
    """Draft a discussion."""

    title = forms.CharField(label=_("名称"), max_length=80)
    about = words(_("说明"), 1000, 3)
    mobilise_first = day_field(_("宣传发动：从哪天"))
    mobilise_last = day_field(_("宣传发动：到哪天"))
    discuss_first = day_field(_("学习讨论：从哪天"))
    discuss_last = day_field(_("学习讨论：到哪天"))
    rectify_first = day_field(_("对照整改：从哪天"))
    rectify_last = day_field(_("对照整改：到哪天"))
    field_order = ["title", "body", "about"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].required = False
        self.fields["body"].label = _("哪个党组织（单位）牵头")

    def plan(self) -> CampaignPlan:
        """Make the plan of a valid form."""
        said = self.cleaned_data
        spans = tuple(Span(k, said[f"{k}_first"], said[f"{k}_last"]) for k in KINDS)
        return CampaignPlan(said["title"], said["body"], spans, said["about"])


@declare_form("campaigns.discussion_edit", OWNER, AUTHORITY, UNTIL)
class TitleForm(forms.Form):
    """Put title and description right."""

    title = forms.CharField(label=_("名称"), max_length=80)
    about = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


@declare_form("campaigns.discussion_copy", OWNER, AUTHORITY, UNTIL)
class CopyForm(_OfUnit):
    """Copy a discussion for a body below."""


@declare_form("campaigns.phase", OWNER, AUTHORITY, UNTIL)
class PhaseForm(forms.Form):
    """Set a phase."""

    first_day = day_field(_("从哪天"))
    last_day = day_field(_("到哪天"))
    allows = forms.MultipleChoiceField(
        label=_("这个阶段可以做什么"), choices=ACT_NAMES, widget=Ticks(), required=False
    )
    before = forms.CharField(
        label=_("开始以前看到的话"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("开始以前，大家只看到日期和这段话。"),
    )
    about = forms.CharField(
        label=_("做些什么"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    after = forms.CharField(
        label=_("结束以后看到的话"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("结束以后，说过的话还看得到，不能再写。"),
    )

    def plan(self) -> PhasePlan:
        """Make the plan of a valid form."""
        return PhasePlan(**self.cleaned_data)


@declare_form("campaigns.phase_task", OWNER, AUTHORITY, UNTIL)
class TaskForm(forms.Form):
    """Ask every unit to do something, or put a point on the self-check list."""

    kind = forms.ChoiceField(label=_("哪个阶段"), choices=Phase.Kind.choices)
    what = words(_("要做什么，或对照检查什么"), 200, 2)
    due_on = day_field(_("到哪天"))
    category = forms.ChoiceField(
        label=_("问题类别"), required=False, help_text=_("选了类别，就是对照检查清单里的一条。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {row.public_id: row for row in rectify_queries.problem_categories()}
        named = [(key, row.name) for key, row in self.offered.items()]
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("不是检查，是一般任务")), *named]

    def clean_category(self) -> Category | None:
        """Give the category itself."""
        return self.offered.get(self.cleaned_data["category"])


@declare_form("campaigns.discussion_question", OWNER, AUTHORITY, UNTIL)
class QuestionForm(forms.Form):
    """Put a question up."""

    text = words(_("讨论什么"), 200, 2, _("如：我们怎样让群众少跑一趟？"))


@declare_form("campaigns.task_report", OWNER, AUTHORITY, UNTIL)
class ReportForm(_OfUnit):
    """Say that a unit did a task."""

    words = words(_("怎么做的"), 1000, 4, _("写几句就行，不用另报材料。上下级看的是同一份。"))


@declare_form("campaigns.word", OWNER, AUTHORITY, UNTIL)
class WordForm(forms.Form):
    """Say something, for oneself or for a unit."""

    title = forms.CharField(label=_("做法叫什么"), max_length=80)
    text = words(_("写下来"), 2000, 6)
    url = forms.CharField(
        label=_("录音或录像的链接（可以不填）"),
        max_length=500,
        required=False,
        help_text=_("以 https:// 开头。"),
    )
    recording = forms.FileField(
        label=_("录音或录像（可以不传）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/mpeg,audio/mp4,video/mp4,.mp3,.m4a,.mp4"}),
        help_text=_(
            "MP3、M4A 或 MP4，最多 20 MB。手机写进去的地点会抹掉；声音听得出是谁，不想署名就别传。"
        ),
    )
    as_unit = forms.BooleanField(label=_("代表本单位说"), required=False)
    named = forms.BooleanField(
        label=_("署上我的名字"), required=False, help_text=_("不署名，别人看不到是谁说的。")
    )

    def __init__(
        self, *args: Any, kind: str, unit: Body | None, fresh: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.unit = kind, unit
        gone: Sequence[str] = ()
        if kind != Kind.PRACTICE:
            gone = (*gone, "title")
        if kind == Kind.PRACTICE or unit is None or not fresh:
            gone = (*gone, "as_unit")
        if kind == Kind.PRACTICE or not fresh:
            gone = (*gone, "named")
        for name in gone:
            del self.fields[name]
        if "as_unit" in self.fields:
            self.fields["as_unit"].label = _("代表%(unit)s说") % {"unit": unit}

    def word(self, client_key: str = "", question: str = "") -> Word:
        """Make what is said of a valid form."""
        said = self.cleaned_data
        for_unit = self.kind == Kind.PRACTICE or said.get("as_unit", False)
        return Word(
            kind=self.kind,
            text=said["text"],
            question=question,
            title=said.get("title", ""),
            url=said["url"],
            body=self.unit if for_unit else None,
            named=said.get("named", True),
            recording=said["recording"].read() if said["recording"] else b"",
            client_key=client_key,
        )


@declare_form("campaigns.word_refuse", OWNER, AUTHORITY, UNTIL)
class RefuseForm(forms.Form):
    """Say why it is not shown."""

    reason = words(_("为什么不展示"), 300, 3, _("本人会看到这段话，改好可以再发。"))


@declare_form("campaigns.word_take_up", OWNER, AUTHORITY, UNTIL)
class TakeUpForm(_OfCategory):
    """Make a matter of a suggestion."""


@declare_form("campaigns.adoption", OWNER, AUTHORITY, UNTIL)
class AdoptForm(_OfUnit):
    """Do as another does."""

    words = words(_("我们学什么、怎么做"), 500, 4)


@declare_form("campaigns.gathering", OWNER, AUTHORITY, UNTIL)
class GatheringForm(forms.Form):
    """Lay an evening or a visit beside the discussion."""

    of = forms.CharField(
        label=_("夜学或走访的页面地址"),
        max_length=300,
        help_text=_("打开那场夜学或那次走访，把地址复制过来。"),
    )

    def clean_of(self) -> tuple[str, str]:
        """Read which evening or visit the address opens."""
        parts = [part for part in self.cleaned_data["of"].split("?")[0].split("/") if part]
        for kind, name in (("evening", "evenings"), ("visit", "visits")):
            if name in parts[:-1]:
                return kind, parts[parts.index(name) + 1]
        raise forms.ValidationError(_("这不是夜学或走访的页面地址。"))
