"""Forms whose text everybody may read: warned of what looks private, sent when looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundwork.matters.rules.private import KIND_NAMES, Found, private_parts


def private_said(parts: Sequence[Found]) -> str:
    """Say what in a text looks private, and what may be done."""
    named = "、".join(dict.fromkeys(part.text or _now(KIND_NAMES[part.kind]) for part in parts))
    said = _now("像是不宜公开的内容：%(parts)s。请改写；确实可以公开的，勾选下面的“已核对”。")
    return said % {"parts": named}


class _VettedBase(forms.Form):
    """A form with a `text` for everybody; the tick is there only where something is to check."""

    checked = forms.BooleanField(
        label=_("已核对，照这样发"),
        required=False,
        widget=forms.HiddenInput(),
        help_text=_("人名、门牌和手机号在公开台账上仍会隐去。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self._parts(str(self["text"].data or "")):
            self.fields["checked"].widget = forms.CheckboxInput()

    @staticmethod
    def _parts(text: str) -> list[Found]:
        """Find what to ask about; an office's own number may stand in its answer."""
        return [part for part in private_parts(text) if part.kind != "phone" or part.text[0] != "0"]

    def clean(self) -> dict[str, Any]:
        """Ask once more where the text still holds what looks private."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        parts = self._parts(data.get("text", ""))
        if parts and not data.get("checked"):
            self.add_error("text", private_said(parts))
        return data
