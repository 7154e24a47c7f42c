"""Open a drive, tap, look at a spot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.registry.models import Place
from groundwork.voices.actions.drives import DrivePlan
from groundwork.voices.pages.forms.home import OWNER, UNTIL, KeptPlaceMixin
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, Segments

AUTHORITY = _("每项活动自己写明的依据")
PICTURES = forms.FileInput(attrs={"accept": "image/*"})


@declare_form("voices.drive", OWNER, AUTHORITY, UNTIL)
class DriveForm(KeptPlaceMixin, forms.Form):
    """Open a drive for a time."""

    place = forms.ChoiceField(label=_("哪个社区"))
    title = forms.CharField(label=_("什么活动"), max_length=60)
    statement = forms.CharField(
        label=_("点一下表示什么"), max_length=60, help_text=_("比如：我家今天起分好类再投放。")
    )
    authority = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("哪一级、哪份文件或哪次会议要求的。")
    )
    first_day = forms.DateField(label=_("第一天"), widget=DateInput())
    last_day = forms.DateField(
        label=_("最后一天"), widget=DateInput(), help_text=_("到期自动结束，照片和名字一并清除。")
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(places)

    def plan(self) -> DrivePlan:
        """Make the plan of a valid form."""
        return DrivePlan(**self.cleaned_data)


@declare_form("voices.tap", OWNER, AUTHORITY, UNTIL)
class TapForm(forms.Form):
    """One tap; a photo may be added."""

    picture = forms.FileField(label=_("照片（可以不拍）"), required=False, widget=PICTURES)


@declare_form("voices.spot", OWNER, AUTHORITY, UNTIL)
class SpotForm(forms.Form):
    """What the community saw at a spot."""

    spot = forms.CharField(
        label=_("哪个点位"), max_length=80, help_text=_("写投放点或楼道，不写哪一户。")
    )
    fine = forms.ChoiceField(
        label=_("怎么样"), choices=[("yes", _("做得好")), ("no", _("要帮一把"))], widget=Segments()
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=200)
    picture = forms.FileField(label=_("照片（可以不拍）"), required=False, widget=PICTURES)
