"""Plan, move and cancel an evening; give it a room; narrow the list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.registry.models import Body
from groundwork.study.actions.plan import EveningPlan, plan_of
from groundwork.study.models import Broadcast, Evening, Form, LedBy, Theme
from groundwork.study.pages.forms.lines import (
    BodiesField,
    SpeakersField,
    line_of,
    speaker_lines,
)
from groundwork.study.queries import choices
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Choice, DateInput, PickField, Segments, Ticks, TimeInput

OWNER, AUTHORITY, UNTIL = _("夜学主办单位"), _("周二夜学工作安排"), date(2027, 12, 31)
NONE = [("", _("不选"))]


@declare_form("study.evening", OWNER, AUTHORITY, UNTIL)
class EveningForm(forms.Form):
    """Plan an evening on one page; what is usual is filled in."""

    title = forms.CharField(label=_("题目"), max_length=120)
    day = forms.DateField(label=_("日期"), widget=DateInput())
    starts = forms.TimeField(label=_("开始"), widget=TimeInput())
    ends = forms.TimeField(label=_("结束"), widget=TimeInput())
    theme = forms.ChoiceField(label=_("主题"), choices=Theme.choices, widget=Segments())
    topic = forms.ChoiceField(label=_("专题"), required=False)
    form = forms.ChoiceField(label=_("形式"), choices=Form.choices)
    led_by = forms.ChoiceField(label=_("组织方式"), choices=LedBy.choices)
    host = PickField(
        url_name="study:choices_bodies",
        find=lambda words: [],
        label=pgettext_lazy("夜学", "主办单位"),
    )
    audience = BodiesField(
        label=_("参加范围"),
        rows=3,
        help_text=_("一行一个单位，可从表格里整列粘贴。不填就是主办单位及下属全部。"),
    )
    parent = forms.ChoiceField(
        label=_("属于上级夜学"),
        required=False,
        help_text=_("选了以后，本场人员只在本场应到，不用再去上级那一场。"),
    )
    room = forms.CharField(label=_("会场"), max_length=80, required=False)
    capacity = forms.IntegerField(label=_("座位数"), min_value=1, max_value=100000, required=False)
    broadcast = forms.ChoiceField(
        label=_("直播"),
        choices=Broadcast.choices,
        required=False,
        help_text=_("本市直播：发布后在直播页取推流密钥，用 OBS 等推流。"),
    )
    live_url = forms.URLField(
        label=_("直播链接"),
        required=False,
        assume_scheme="https",
        help_text=_("选“外部直播”时填。"),
    )
    public = forms.BooleanField(
        label=_("公开：没有账号的人也能进在线会场收看、提问"), required=False
    )
    speakers = SpeakersField(label=_("宣讲员"), rows=2, help_text=_("一行一位：姓名或工号，讲题。"))
    materials = forms.MultipleChoiceField(label=_("学习资料"), required=False, widget=Ticks())
    programme = forms.ChoiceField(label=_("学习计划"), required=False)
    priorities = forms.MultipleChoiceField(label=_("服务中心工作"), required=False, widget=Ticks())
    note = forms.CharField(
        label=_("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, by: Actor, evening: Evening | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.evening = by, evening
        host = evening.host if evening else choices.own_body(by)
        self._offer(host)
        if evening is not None:
            for name in ("room", "capacity"):
                del self.fields[name]
            if evening.state != Evening.State.DRAFT:
                for name in ("day", "starts", "ends"):
                    del self.fields[name]

    def _offer(self, host: Body | None) -> None:
        """Fill the choices with what the planner may see."""
        by, fields = self.by, self.fields
        now = clock.now()
        parents = {e.public_id: e for e in choices.parents(by, host, now)}
        if self.evening and self.evening.parent:
            parents.setdefault(self.evening.parent.public_id, self.evening.parent)
        kept = self.evening.materials.all() if self.evening else ()
        offers: dict[str, dict[str, Any]] = {
            "topic": {t.public_id: t for t in choices.topics()},
            "programme": {p.public_id: p for p in choices.programmes(by, clock.today())},
            "parent": parents,
            "priorities": {p.public_id: p for p in choices.priorities(clock.today())},
            "materials": choices.materials(by, kept, self.initial.get("materials", ())),
        }
        self.offers = offers
        pick, audience, speakers = fields["host"], fields["audience"], fields["speakers"]
        assert isinstance(pick, PickField)
        assert isinstance(audience, BodiesField)
        assert isinstance(speakers, SpeakersField)
        pick.find = lambda words: (Choice(*found) for found in choices.body_choices(by, words))
        pick.widget.label_of = lambda pk: choices.body_label(by, pk)
        audience.named = lambda lines: choices.bodies_named(by, lines)
        speakers.person = lambda number: choices.speaker_numbered(by, number)
        for name, rows in offers.items():
            none = NONE if name in ("topic", "programme", "parent") else []
            label = _dated if name == "parent" else str
            _set(fields[name], [*none, *((key, label(row)) for key, row in rows.items())])
            if not rows:
                del fields[name]

    def clean_host(self) -> Body:
        """Give the body itself."""
        body = choices.body(self.by, self.cleaned_data["host"])
        if body is None:
            raise forms.ValidationError(_("这个单位不归您安排。"))
        return body

    def clean(self) -> None:
        """An outside broadcast needs its address; an address alone makes one."""
        data = self.cleaned_data
        if data.get("live_url") and not data.get("broadcast"):
            data["broadcast"] = Broadcast.OUTSIDE
        if data.get("broadcast") == Broadcast.OUTSIDE and not data.get("live_url"):
            self.add_error("live_url", _("请填直播链接。"))

    def plan(self) -> EveningPlan:
        """Make the plan of a valid form."""
        data = self.cleaned_data
        starts_at, ends_at = self._times()
        rooms = [(data["host"], data["room"], data["capacity"])] if data.get("room") else []
        return EveningPlan(
            title=data["title"],
            host=data["host"],
            theme=data["theme"],
            topic=self._one("topic"),
            form=data["form"],
            led_by=data["led_by"],
            starts_at=starts_at,
            ends_at=ends_at,
            audience=data["audience"] or (data["host"],),
            parent=self._one("parent"),
            programme=self._one("programme"),
            series=self.evening.series if self.evening else None,
            broadcast=data["broadcast"],
            live_url=data["live_url"],
            public=data["public"],
            note=data["note"],
            speakers=data["speakers"],
            materials=tuple(self._many("materials")),
            priorities=tuple(self._many("priorities")),
            rooms=tuple(rooms),
        )

    def _one(self, name: str) -> Any:
        return self.offers[name].get(self.cleaned_data.get(name, ""))

    def _many(self, name: str) -> list[Any]:
        return [self.offers[name][key] for key in self.cleaned_data.get(name, ())]

    def _times(self) -> tuple[datetime, datetime]:
        if "day" not in self.fields:
            assert self.evening is not None
            return self.evening.starts_at, self.evening.ends_at
        day = self.cleaned_data["day"]
        return (
            clock.local(day, self.cleaned_data["starts"]),
            clock.local(day, self.cleaned_data["ends"]),
        )


def _set(field: forms.Field, pairs: list[tuple[str, Any]]) -> None:
    field.choices = pairs  # type: ignore[attr-defined]


def _dated(evening: Evening) -> str:
    return f"{evening.starts_at.astimezone(clock.ZONE):%Y-%m-%d} {evening.title}"


def fresh_initial(by: Actor, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Fill a new form with what is usual; under the evening from above of that night, if any."""
    host = choices.own_body(by)
    parent = choices.parent_at(by, host, starts_at) if host else None
    return {
        "day": starts_at.date(),
        "starts": starts_at.time(),
        "ends": ends_at.time(),
        "theme": Theme.POLITICAL,
        "form": Form.SYSTEMATIC,
        "led_by": LedBy.CENTRAL_GROUP if host and host.depth < 3 else LedBy.BRANCH,
        "host": host.public_id if host else "",
        "parent": parent.public_id if parent else "",
    }


def initial_under(by: Actor, parent: Evening) -> dict[str, Any]:
    """Fill a new form with a unit's own evening under one from above: same night, same theme."""
    start, end = (m.astimezone(clock.ZONE) for m in (parent.starts_at, parent.ends_at))
    return fresh_initial(by, start, end) | {
        "title": parent.title,
        "theme": parent.theme,
        "topic": parent.topic.public_id if parent.topic else "",
        "form": parent.form,
        "parent": parent.public_id,
        "materials": [material.public_id for material in parent.materials.all()],
    }


def initial_of(evening: Evening) -> dict[str, Any]:
    """Fill the form with an evening as it stands."""
    plan = plan_of(evening)
    start, end = (m.astimezone(clock.ZONE) for m in (plan.starts_at, plan.ends_at))
    whole = plan.audience == (plan.host,)
    return {
        "title": plan.title,
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "theme": plan.theme,
        "topic": plan.topic.public_id if plan.topic else "",
        "form": plan.form,
        "led_by": plan.led_by,
        "host": plan.host.public_id,
        "audience": [] if whole else [line_of(body) for body in plan.audience],
        "parent": plan.parent.public_id if plan.parent else "",
        "programme": plan.programme.public_id if plan.programme else "",
        "broadcast": plan.broadcast,
        "live_url": plan.live_url,
        "public": plan.public,
        "note": plan.note,
        "speakers": speaker_lines(plan.speakers),
        "materials": [m.public_id for m in plan.materials],
        "priorities": [p.public_id for p in plan.priorities],
    }


@declare_form("study.move", OWNER, AUTHORITY, UNTIL)
class MoveForm(forms.Form):
    """Move a published evening; the reason is told to everybody expected."""

    day = forms.DateField(label=_("改到哪天"), widget=DateInput())
    starts = forms.TimeField(label=_("开始"), widget=TimeInput())
    ends = forms.TimeField(label=_("结束"), widget=TimeInput())
    reason = forms.CharField(label=_("改期原因"), max_length=100)

    def times(self) -> tuple[datetime, datetime]:
        """Give the new start and end of a valid form."""
        data = self.cleaned_data
        return clock.local(data["day"], data["starts"]), clock.local(data["day"], data["ends"])


@declare_form("study.cancel", OWNER, AUTHORITY, UNTIL)
class CancelForm(forms.Form):
    """Cancel an evening; the reason is told to everybody expected."""

    reason = forms.CharField(label=_("取消原因"), max_length=100)


@declare_form("study.room", OWNER, AUTHORITY, UNTIL)
class RoomForm(forms.Form):
    """Give a body a room at an evening."""

    body = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(label=_("会场名称"), max_length=80)
    capacity = forms.IntegerField(label=_("座位数"), min_value=1, max_value=100000, required=False)

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self.fields["body"], [(body.public_id, body.name) for body in bodies])
        if len(bodies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.initial["body"] = bodies[0].public_id


class EveningFilter(FilterForm):
    """Narrow the list of evenings."""

    month = forms.DateField(
        label=_("月份"),
        required=False,
        input_formats=["%Y-%m"],
        # The months around the ends of time have no next one.
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 1))],
    )
    theme = forms.ChoiceField(
        label=_("主题"), required=False, choices=[("", _("全部主题")), *Theme.choices]
    )
    scope = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[("mine", _("与我有关")), ("all", _("全部已发布"))],
    )
    month.widget.input_type = "month"
