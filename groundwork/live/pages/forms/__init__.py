"""Forms of the area, declared with owner, authority and end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groundwork.base.errors import RuleBroken
from groundwork.live.rules import media as rules
from groundwork.web.declared import declare_form
from groundwork.web.errors import say

OWNER, AUTHORITY = _("夜学主办单位"), _("夜学直播与回看")
UNTIL = date(2028, 12, 31)
CLOCK = {"class": "mono", "placeholder": "0:00:00", "autocomplete": "off"}


class ClockField(forms.CharField):
    """A place in a recording: 0:03:20."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=12, widget=forms.TextInput(attrs=CLOCK), **more)

    def clean(self, value: Any) -> float | None:
        """Give seconds, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return rules.seconds_of(text)
        except RuleBroken as error:
            raise ValidationError(say(error)) from error


@declare_form("live.trim", OWNER, AUTHORITY, UNTIL)
class TrimForm(forms.Form):
    """Cut start and end off a replay."""

    start = ClockField(label=_("从这里开始"), required=False)
    end = ClockField(
        label=_("到这里结束"),
        required=False,
        help_text=_("时:分:秒，按未剪的录像计。留空表示不剪。"),
    )


@declare_form("live.upload", OWNER, AUTHORITY, UNTIL)
class UploadForm(forms.Form):
    """Upload a recording."""

    file = forms.FileField(
        label=_("录像文件"),
        allow_empty_file=True,  # the rule says so in its own words
        widget=forms.FileInput(attrs={"accept": "video/*,.mkv,.flv,.ts"}),
    )


@declare_form("live.captions", OWNER, AUTHORITY, UNTIL)
class CaptionsForm(forms.Form):
    """Upload captions."""

    file = forms.FileField(
        label=_("WebVTT 字幕"),
        help_text=_("时间按未剪的录像计；剪过开头，字幕会跟着移动。"),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )

    def clean_file(self) -> str:
        """Give the text."""
        file = self.cleaned_data["file"]
        if file.size > rules.MOST_CAPTIONS:
            raise ValidationError(_("字幕文件太大，最多 2 MB。"))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("字幕文件请用 UTF-8 编码保存。")) from error
