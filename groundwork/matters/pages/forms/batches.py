"""What the dispatcher sends for many at once: each with its wording, each to its own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundwork.matters.models import Matter, State
from groundwork.matters.pages.forms.dispatch import (
    _AssignBase,
    _bodies,
    _pick_body,
    wording_of,
)
from groundwork.matters.pages.forms.handling import AUTHORITY, LONGEST, OWNER, UNTIL, area, point
from groundwork.matters.pages.forms.vetting import private_said
from groundwork.matters.queries import choices
from groundwork.matters.rules.private import Found, private_parts
from groundwork.registry.models import Body
from groundwork.web.declared import declare_form


@dataclass(frozen=True)
class Wording:
    """The fields of one matter of a batch, and what in the words looks private."""

    words: BoundField
    checked: BoundField
    parts: Sequence[Found]


class _WordingsBase(forms.Form):
    """A batch in which each new matter has its own public wording, prefilled."""

    def __init__(self, *args: Any, rows: Sequence[Matter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fresh = [row.public_id for row in rows if row.state == State.RAISED]
        for row in rows:
            if row.state == State.RAISED:
                self.fields[f"words_{row.public_id}"] = forms.CharField(
                    label=_("公开的文字"),
                    required=False,
                    max_length=LONGEST,
                    initial=wording_of(row),
                    widget=area(3),
                )
                self.fields[f"checked_{row.public_id}"] = forms.BooleanField(
                    label=_("已核对，可以公开"), required=False
                )

    def clean(self) -> dict[str, Any]:
        """Ask once more of each wording that still holds what looks private."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for public_id in self.fresh:
            parts = private_parts(data.get(f"words_{public_id}", ""))
            if parts and not data.get(f"checked_{public_id}"):
                self.add_error(f"words_{public_id}", private_said(parts))
        return data

    def wordings(self) -> dict[str, str]:
        """Give the wording of each new matter of a valid form, by public id."""
        return {public_id: self.cleaned_data[f"words_{public_id}"] for public_id in self.fresh}

    def wording(self, row: Matter) -> Wording | None:
        """Give the fields of a new matter; one that was accepted before has its wording."""
        if row.public_id not in self.fresh:
            return None
        words = self[f"words_{row.public_id}"]
        parts = private_parts(str(words.value() or ""))
        return Wording(words, self[f"checked_{row.public_id}"], parts)


@declare_form("matters.accept_many", OWNER, AUTHORITY, UNTIL)
class AcceptManyForm(_WordingsBase):
    """Accept several matters, each with its public wording."""


def _label(body: Body, public_id: str) -> str:
    """Name the proposed body without reading it again."""
    known = public_id == body.public_id
    return choices.label_for(body) if known else choices.body_label(public_id)


@declare_form("matters.assign_many", OWNER, AUTHORITY, UNTIL)
class AssignManyForm(_WordingsBase, _AssignBase):
    """Give several matters each to its lead; the new ones are accepted with it.

    Each row begins with the lead proposed for it. `lead` is for the rows that name none.
    """

    lead = _pick_body(
        _("没有写单位的都派给"),
        required=False,
        help_text=_("上面每一件写了单位的，派给各自的单位。"),
    )

    def __init__(
        self,
        *args: Any,
        rows: Sequence[Matter],
        proposed: Mapping[int, Body] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, rows=rows, **kwargs)
        del self.fields["insist"]  # a matter once sent back is looked at by itself
        self.rows = rows
        for row in rows:
            body = (proposed or {}).get(row.pk)
            name = f"lead_{row.public_id}"
            self.fields[name] = _pick_body(
                _("派给"), required=False, initial=body.public_id if body else ""
            )
            pick = self.fields[name]
            point(pick, row, partial(_bodies, self.by, row))
            if body is not None:
                pick.widget.label_of = partial(_label, body)

    def clean(self) -> dict[str, Any]:
        """Find the lead of each row: its own, else the common one. Whether it may have it the act
        says of each, so that one refused stops none.
        """
        data = super().clean()
        named = choices.bodies_of(data.get(f"lead_{row.public_id}") or "" for row in self.rows)
        self.leads: dict[str, Body] = {}
        for row in self.rows:
            name = f"lead_{row.public_id}"
            if name in self.errors:
                continue
            own = data.get(name)
            body = named.get(own) if own else data.get("lead")
            if body is None:
                said = _now("没有找到这个单位。") if own else _now("请写派给哪个单位。")
                self.add_error(name, said)
            else:
                self.leads[row.public_id] = body
        return data

    def row_lead(self, row: Matter) -> BoundField:
        """Give the field of a row's lead."""
        return self[f"lead_{row.public_id}"]
