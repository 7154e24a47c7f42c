"""Forms of the television inquiry: a season, an evening, a problem, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.campaigns.actions.inquiry_clips import ClipPlan
from groundwork.campaigns.actions.inquiry_items import ItemPlan, Look, Promise
from groundwork.campaigns.models import Clip, Episode, EpisodeItem, Revisit
from groundwork.campaigns.rules.inquiry import LONGEST_TITLE, LONGEST_WORDS
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.models import Category, Door, Kind
from groundwork.matters.queries import intake
from groundwork.registry.models import Body, Place
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Choice, DateInput, DateTimeInput, PickField, Segments, Ticks

OWNER, AUTHORITY = _("民生问政栏目组"), _("民生问政、服务问效电视问政工作办法")
UNTIL = date(2028, 12, 31)
MOST_SUBTITLES = 2 * 2**20


def _words(label: Any, rows: int, help_text: Any = "", **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, widget=area, help_text=help_text, max_length=LONGEST_WORDS, **more
    )


def _unit(label: Any, **more: Any) -> PickField:
    return PickField(
        url_name="matters:portal_units",
        find=lambda text: [Choice(*row) for row in intake.find_units(text)],
        label_of=intake.label_of_unit,
        label=label,
        **more,
    )


class _PlacedForm(forms.Form):
    """A form that asks for one of the editor's places."""

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.public_id: place for place in places}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, str(place)) for key, place in self.places.items()]

    def clean_place(self) -> Place:
        """Find the place chosen."""
        return self.places[self.cleaned_data["place"]]


@declare_form("campaigns.season", OWNER, AUTHORITY, UNTIL)
class SeasonForm(_PlacedForm):
    """Begin a season."""

    title = forms.CharField(label=_("叫什么"), max_length=LONGEST_TITLE)
    place = forms.ChoiceField(label=_("哪里的"))
    first_day = forms.DateField(label=_("从哪天"), widget=DateInput())
    last_day = forms.DateField(label=_("到哪天"), widget=DateInput())
    about = _words(_("说明（可以不写）"), 2, _("谁都看得到。"), required=False)


@declare_form("campaigns.episode", OWNER, AUTHORITY, UNTIL)
class EpisodeForm(_PlacedForm):
    """Plan an evening."""

    title = forms.CharField(
        label=_("这一期叫什么"), max_length=LONGEST_TITLE, help_text=_("播出以前谁也看不到。")
    )
    place = forms.ChoiceField(label=_("全市的还是哪个区县的"))
    airs_at = forms.DateTimeField(label=_("播出时间"), widget=DateTimeInput())


@declare_form("campaigns.hour", OWNER, AUTHORITY, UNTIL)
class HourForm(forms.Form):
    """Move the broadcast."""

    airs_at = forms.DateTimeField(label=_("改到什么时候播"), widget=DateTimeInput())
    text = _words(_("为什么改"), 2, _("记在每件诉求的办理经过里。"))


@declare_form("campaigns.off", OWNER, AUTHORITY, UNTIL)
class OffForm(forms.Form):
    """Call an evening off."""

    text = _words(_("为什么不播了"), 2, _("记在每件诉求的办理经过里。"))


class _ItemForm(forms.Form):
    """How a problem is put on the air."""

    title = forms.CharField(label=_("节目单上叫什么"), max_length=LONGEST_TITLE)
    question = _words(_("节目里怎么问"), 3, _("播出以后谁都看得到，不要写姓名、电话和门牌。"))
    body = _unit(_("问哪个单位"), required=False)
    phase = forms.ChoiceField(
        label=_("什么时候的"),
        choices=EpisodeItem.Phase.choices,
        initial=EpisodeItem.Phase.BEFORE,
        widget=Segments(),
    )

    def clean_body(self) -> Body | None:
        """Find the unit."""
        chosen = self.cleaned_data["body"]
        unit = intake.unit_of(chosen) if chosen else None
        if chosen and unit is None:
            raise forms.ValidationError(_("没有找到这个单位，请再选一次。"))
        return unit

    def plan(self) -> ItemPlan:
        """Give how it is put."""
        data = self.cleaned_data
        return ItemPlan(data["title"], data["question"], data["body"], data["phase"])


@declare_form("campaigns.item", OWNER, AUTHORITY, UNTIL)
class ItemForm(_ItemForm):
    """Put right how a problem is put."""


@declare_form("campaigns.matter", OWNER, AUTHORITY, UNTIL)
class MatterForm(_ItemForm):
    """Bring a matter on that stands in the ledger."""

    receipt = forms.CharField(
        label=_("诉求编号"),
        max_length=16,
        help_text=_("公开台账上的，或者登记了到时公开的，例如 261124-AB12CD。"),
    )
    field_order = ("receipt", "title", "question", "body", "phase")


@declare_form("campaigns.question", OWNER, AUTHORITY, UNTIL)
class QuestionForm(_ItemForm):
    """Write a problem into the ledger and onto an evening."""

    place = PickField(
        url_name="matters:portal_places",
        find=lambda text: [Choice(*row) for row in intake.find_places(text)],
        label_of=intake.label_of_place,
        label=_("在哪个社区（村）"),
    )
    words = _words(_("反映人的原话"), 4, _("受理和承办的人看，不公开；播出以前谁也看不到。"))
    category = forms.ChoiceField(label=_("属于哪一类"))
    kind = forms.ChoiceField(
        label=_("对方想"), choices=Kind.choices, initial=Kind.HELP, widget=Segments()
    )
    name = forms.CharField(label=_("谁反映的（可以不写）"), max_length=60, required=False)
    phone = forms.CharField(label=_("对方电话"), max_length=20, required=False)
    confidential = forms.BooleanField(label=_("对方不愿让承办单位知道是谁"), required=False)
    field_order = (
        *("title", "question", "body", "phase", "words", "place", "category", "kind"),
        *("name", "phone", "confidential"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = intake.offered_categories(Category.Audience.PEOPLE)
        choices: list[Any] = [("", _("请选择")), *intake.grouped(self.offered)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def clean_place(self) -> Place:
        """Find the place."""
        place = intake.place_of(self.cleaned_data["place"])
        if place is None:
            raise forms.ValidationError(_("没有找到这个地方，请再选一次。"))
        return place

    def clean_category(self) -> Category:
        """Find the category."""
        chosen = self.cleaned_data["category"]
        return next(row for row in self.offered if row.public_id == chosen)

    def clean(self) -> dict[str, Any]:
        """Ask which unit a complaint is about: the one that is questioned."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == Kind.COMPLAINT and not data.get("body") and not self.errors:
            self.add_error("body", _("投诉请写明是哪个单位。"))
        return data

    def telling(self, key: str) -> Telling:
        """Give what is said; a complaint is about the unit that is questioned."""
        data = self.cleaned_data
        return Telling(
            words=data["words"],
            category=data["category"],
            place=data["place"],
            door=Door.TELEVISION,
            kind=data["kind"],
            concerns=data["body"] if data["kind"] == Kind.COMPLAINT else None,
            client_key=f"tv.{key}"[:40] if key else "",
        )

    def teller(self) -> Teller:
        """Give who said it."""
        data = self.cleaned_data
        return Teller(data["name"], data["phone"], confidential=data["confidential"])


@declare_form("campaigns.promise", OWNER, AUTHORITY, UNTIL)
class PromiseForm(forms.Form):
    """Write down what was promised."""

    text = _words(_("答应了什么（原话）"), 3)
    on = forms.DateField(label=_("到哪天"), widget=DateInput())
    said_by = forms.CharField(
        label=_("谁答应的（写职务）"), max_length=LONGEST_TITLE, help_text=_("例如：局长。")
    )

    def promise(self) -> Promise:
        """Give what was promised."""
        return Promise(**self.cleaned_data)


@declare_form("campaigns.look", OWNER, AUTHORITY, UNTIL)
class LookForm(forms.Form):
    """Write down what was found."""

    kind = forms.ChoiceField(
        label=_("回访还是复查"),
        choices=Revisit.Kind.choices,
        initial=Revisit.Kind.REVISIT,
        widget=Segments(),
        help_text=_("办结满 90 天的那一次是复查。"),
    )
    day = forms.DateField(label=_("哪天去看的"), widget=DateInput())
    found = forms.ChoiceField(label=_("现在怎样"), choices=Revisit.Found.choices, widget=Segments())
    text = forms.CharField(
        label=_("看到了什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("谁都看得到。没有解决或又出现了的，退回单位重办。"),
    )

    def __init__(self, *args: Any, due: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = clock.today()
        if due:
            self.fields["kind"].initial = Revisit.Kind.RELAPSE
        else:
            del self.fields["kind"]

    def look(self) -> Look:
        """Give what was found."""
        return Look(**({"kind": Revisit.Kind.REVISIT} | self.cleaned_data))


@declare_form("campaigns.clip", OWNER, AUTHORITY, UNTIL)
class ClipForm(forms.Form):
    """Add a clip or a piece of evidence."""

    title = forms.CharField(label=_("叫什么"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(
        label=_("短片还是佐证"),
        choices=Clip.Kind.choices,
        initial=Clip.Kind.CLIP,
        widget=Segments(),
    )
    item = forms.ChoiceField(label=_("属于哪个问题"), required=False)
    url = forms.CharField(
        label=_("链接"), max_length=LONGEST_WORDS, required=False, help_text=_("以 https:// 开头。")
    )
    file = forms.FileField(
        label=_("或者上传"),
        required=False,
        help_text=_("视频（mp4）、照片、pdf、Word 文档，最多 20 MB；长的片子请用链接。"),
    )
    subtitles = forms.FileField(
        label=_("字幕（WebVTT，可以没有）"), required=False, help_text=_("听不清的人靠它。")
    )

    def __init__(self, *args: Any, items: Sequence[EpisodeItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {item.public_id: item for item in items}
        rows = [(key, item.title) for key, item in self.known.items()]
        self.fields["item"].choices = [("", _("整期节目")), *rows]  # type: ignore[attr-defined]

    def clean_subtitles(self) -> str:
        """Read the subtitles."""
        file = self.cleaned_data["subtitles"]
        if not file:
            return ""
        if file.size > MOST_SUBTITLES:
            raise forms.ValidationError(_("字幕文件太大，最多 2 MB。"))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("字幕请存成 UTF-8。")) from None

    def plan(self) -> ClipPlan:
        """Give the clip."""
        data = self.cleaned_data
        file = data["file"]
        return ClipPlan(
            title=data["title"],
            kind=data["kind"],
            item=self.known.get(data["item"]),
            url=data["url"],
            content=file.read() if file else b"",
            name=file.name if file else "",
            subtitles=data["subtitles"],
        )


@declare_form("campaigns.jurors", OWNER, AUTHORITY, UNTIL)
class JurorsForm(forms.Form):
    """Declare the jury."""

    jurors = forms.MultipleChoiceField(
        label=_("评议员"),
        required=False,
        widget=Ticks(),
        help_text=_("只列担任评议员的账号。评议开始以后不能再改。"),
    )

    def __init__(self, *args: Any, accounts: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(account.pk): account for account in accounts}
        rows = [(key, str(account.person or account)) for key, account in self.known.items()]
        self.fields["jurors"].choices = rows  # type: ignore[attr-defined]

    def accounts(self) -> list[Account]:
        """Give who was ticked."""
        return [self.known[key] for key in self.cleaned_data["jurors"]]


@declare_form("campaigns.links", OWNER, AUTHORITY, UNTIL)
class LinkForm(forms.Form):
    """Link an evening on the same problem, or part it again."""

    other = forms.ChoiceField(label=_("哪一期"), help_text=_("已经连着的，再选一次就分开。"))

    def __init__(self, *args: Any, others: Sequence[Episode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.public_id, f"{row.place} · {row.title}") for row in others]
        self.fields["other"].choices = rows  # type: ignore[attr-defined]
