"""Find whom, write a mark, say a word to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.registry.models import Place
from groundwork.voices.actions.marks import Happened
from groundwork.voices.models import Mark
from groundwork.voices.pages.forms.home import AUTHORITY, OWNER, UNTIL, KeptPlaceMixin
from groundwork.voices.queries.marks import Happening
from groundwork.voices.rules.marks import LONGEST, SHORTEST
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import DateInput, Segments, Ticks

BY_DAY = "day"


class WhomForm(KeptPlaceMixin, FilterForm):
    """Find who lives in the community."""

    place = forms.ChoiceField(label=_("哪个社区"))
    q = forms.CharField(label=_("姓名"), max_length=30)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(places)


class OneOf(forms.RadioSelect):
    """Large rows, one tap."""

    template_name = Ticks.template_name


@declare_form("voices.mark", OWNER, AUTHORITY, UNTIL)
class MarkForm(forms.Form):
    """Write down what was seen, tied to something that happened."""

    kind = forms.ChoiceField(label=_("点赞还是拍砖"), choices=Mark.Kind.choices, widget=Segments())
    happened = forms.ChoiceField(label=_("说的是哪件事"), widget=OneOf())
    day = forms.DateField(
        label=_("哪一天"), required=False, widget=DateInput(), help_text=_("选了上面的事就不用填。")
    )
    words = forms.CharField(
        label=_("什么事"), required=False, max_length=200, help_text=_("选了上面的事就不用填。")
    )
    text = forms.CharField(
        label=_("看到了什么，为什么这样说"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("署您的名。先请本人看、本人说明，单位再一并看到。"),
    )

    def __init__(self, *args: Any, happenings: Sequence[Happening], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.value: one for one in happenings}
        offered = [(one.value, f"{one.day:%m-%d} {one.words}") for one in happenings]
        field = self.fields["happened"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*offered, (BY_DAY, _("别的事，我来写"))]
        if not offered:
            field.initial = BY_DAY

    def clean(self) -> dict[str, Any]:
        """Ask for a day and words where nothing known was chosen."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("happened") == BY_DAY:
            for name in ("day", "words"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写。"))
        return data

    def thing(self) -> Happened:
        """Give what the mark is tied to."""
        data = self.cleaned_data
        one = self.known.get(data["happened"])
        if one is None:
            return Happened(day=data["day"], words=data["words"])
        return Happened(day=one.day, words=one.words, kind=one.kind, id=one.id)


@declare_form("voices.word", OWNER, AUTHORITY, UNTIL)
class WordForm(forms.Form):
    """Say a word to a mark: a reply, reasons, an appeal, a correction."""

    text = forms.CharField(
        label=_("要说的话"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
