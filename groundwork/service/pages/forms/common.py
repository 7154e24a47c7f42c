"""Fields that several forms of service share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.text import line
from groundwork.matters.models import Category, Urgency
from groundwork.matters.queries.intake import grouped, offered_categories
from groundwork.registry.models import Body, Person
from groundwork.service.actions.visits import Problem
from groundwork.service.queries import choices
from groundwork.service.queries.suggesting import suggested

OWNER, AUTHORITY = _("市“三服务”活动办公室"), _("“三服务”活动实施方案")
UNTIL = date(2028, 12, 31)
LONGEST = 500
_NAMES = re.compile(r"[，,、；;\s]+")


class Spots(forms.RadioSelect):
    """Where people mostly go: large rows, one tap."""

    template_name = "web/widgets/ticks.html"


class ProblemsMixin:
    """Lines for problems found: words, and a category that is else suggested by the words."""

    lines: int
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    offered: list[Category]

    def add_lines(self, lines: int) -> None:
        """Add the fields of the lines."""
        self.lines = lines
        self.offered = offered_categories()
        groups = [("", _("按内容自动归类")), *grouped(self.offered)]
        for number in range(lines):
            self.fields[f"problem_{number}"] = forms.CharField(
                label=_("发现的问题"),
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"category_{number}"] = forms.ChoiceField(
                label=_("类别"), required=False, choices=groups
            )
            self.fields[f"urgency_{number}"] = forms.ChoiceField(
                label=_("急不急"), required=False, choices=Urgency.choices, initial=Urgency.NORMAL
            )

    def problems(self) -> tuple[Problem, ...]:
        """Give the problems of a valid form."""
        by_id = {row.public_id: row for row in self.offered}
        data = self.cleaned_data
        return tuple(
            Problem(
                words=words,
                category=by_id.get(data.get(f"category_{number}") or "")
                or suggested(words, self.offered),
                urgency=data.get(f"urgency_{number}") or Urgency.NORMAL,
            )
            for number in range(self.lines)
            if (words := (data.get(f"problem_{number}") or "").strip())
        )

    def rows(self) -> list[dict[str, Any]]:
        """Give the bound fields line by line for the template."""
        return [
            {
                "words": self[f"problem_{number}"],  # type: ignore[index]
                "category": self[f"category_{number}"],  # type: ignore[index]
                "urgency": self[f"urgency_{number}"],  # type: ignore[index]
                "number": number,
            }
            for number in range(self.lines)
        ]


def split_names(text: str) -> list[str]:
    """Cut names as people write them: 张三、李四，王五."""
    return [name for name in _NAMES.split(text.strip()) if name]


def one_person(body: Body, text: str) -> Person | None:
    """Find one of a body's people by name or number; "" is nobody. Raises ValidationError."""
    text = line(text)
    if not text:
        return None
    found = choices.people_exactly(body, text)
    if not found:
        raise forms.ValidationError(
            _("在%(body)s没有找到“%(name)s”。"), params={"name": text, "body": body}
        )
    if len(found) > 1:
        numbers = "、".join(one.work_number for one in found[:5])
        raise forms.ValidationError(
            _("“%(name)s”有好几位，请改填工号：%(numbers)s。"),
            params={"name": text, "numbers": numbers},
        )
    return found[0]


def pairs(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """Make choices of rows with a public id."""
    return [(row.public_id, str(row)) for row in rows]
