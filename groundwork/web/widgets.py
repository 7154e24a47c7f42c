"""Inputs that Django lacks: the phone's pickers, large ticks, search-as-you-type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """A day, with the device's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A time of day, with the device's own picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """A day and time, with the device's own picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Segments(forms.RadioSelect):
    """Two to four short answers side by side, one tap each."""

    template_name = "web/widgets/segments.html"


class Ticks(forms.CheckboxSelectMultiple):
    """A list of large rows to tick."""

    template_name = "web/widgets/ticks.html"


class Choice(NamedTuple):
    """One answer of a search: the public id, the name, and what tells it from its namesakes."""

    id: str
    label: str
    sub: str = ""


class Pick(forms.Widget):
    """Find one of many by typing; without a script the typed name itself is sent.

    Two inputs: `name` (hidden, the chosen public id) and `name_q` (what was typed).
    """

    template_name = "web/widgets/pick.html"
    use_fieldset = False

    def __init__(self, url_name: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = reverse_lazy(url_name)
        self.label_of: Callable[[str], str] = str
        self.namesakes: list[Choice] = []

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_q", "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_q" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        chosen, typed = value if isinstance(value, tuple) else (value or "", "")
        context = super().get_context(name, chosen, attrs)
        shown = typed or (self.label_of(chosen) if chosen else "")
        context["widget"].update(chosen=chosen, shown=shown, url=self.url, namesakes=self.namesakes)
        return context


class PickField(forms.Field):
    """Choose one thing by its public id, or by a name that only one thing bears.

    `find(text)` returns the choices a reader may see for a typed name, best first; `label_of(id)`
    names a chosen one. An ambiguous name is a choice: the form comes back with the namesakes.
    """

    default_error_messages = {
        "none": _("没有找到“%(text)s”，请换个写法，或输入编号。"),
        "many": _("“%(text)s”有好几个，请选一个。"),
    }
    widget: Pick

    def __init__(
        self,
        *,
        url_name: str,
        find: Callable[[str], Iterable[Choice]],
        label_of: Callable[[str], str] = str,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=Pick(url_name), **kwargs)
        self.find = find
        self.widget.label_of = label_of

    def clean(self, value: Any) -> str | None:
        chosen, typed = value if isinstance(value, tuple) else (value or "", "")
        if chosen:
            return str(chosen)
        if not typed:
            self.validate(None)
            return None
        return self._named(typed)

    def _named(self, typed: str) -> str:
        found = list(self.find(typed))
        exact = [choice for choice in found if choice.label == typed] or found
        if len(exact) == 1:
            return exact[0].id
        self.widget.namesakes = exact[:20]
        code = "many" if exact else "none"
        raise forms.ValidationError(self.error_messages[code], code=code, params={"text": typed})
