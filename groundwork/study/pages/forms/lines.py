"""Fields for what planners paste from their sheets: units, speakers, stops, one on each line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock, text
from groundwork.registry.models import Body, Person
from groundwork.study.actions.plan import SpeakerPlan

MOST_LINES = 2000
_PARTS = re.compile(r"[，,]")
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})")
Name = Callable[[list[str]], "dict[str, list[Body]]"]


class LinesField(forms.CharField):
    """Several lines of text; empty ones do not count."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> Any:
        # A tab is a cell of the sheet it was pasted from.
        lines = [text.tidy(line.replace("\t", ",")) for line in str(value or "").splitlines()]
        return [line for line in lines if line][:MOST_LINES]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


class BodiesField(LinesField):
    """Bodies by name, short name or code; `named` finds them in the planner's scope."""

    named: Name

    def clean(self, value: Any) -> tuple[Body, ...]:
        lines = super().clean(value)
        found = self.named(lines)
        return tuple(dict.fromkeys(one_of(line, found.get(line, [])) for line in lines))


def one_of(line: str, bodies: list[Body]) -> Body:
    """Give the one body a line names. Raises ValidationError for none or several."""
    if not bodies:
        raise forms.ValidationError(
            _("“%(line)s”不在单位目录里，或不归您安排。"), params={"line": line}
        )
    if len(bodies) > 1:
        codes = "、".join(body.code for body in bodies[:5])
        raise forms.ValidationError(
            _("“%(line)s”有好几个，请改写代码：%(codes)s。"), params={"line": line, "codes": codes}
        )
    return bodies[0]


def line_of(body: Body) -> str:
    """Write a body so that it is found again: offices and branches repeat, so by code."""
    return body.code if body.kind in (Body.Kind.OFFICE, Body.Kind.BRANCH) else body.name


class SpeakersField(LinesField):
    """Speakers as "name or work number, subject"."""

    person: Callable[[str], Person | None]

    def clean(self, value: Any) -> tuple[SpeakerPlan, ...]:
        return tuple(self._speaker(line) for line in super().clean(value))

    def _speaker(self, line: str) -> SpeakerPlan:
        name, *subject = _PARTS.split(line, maxsplit=1)
        name = name.strip()
        person = self.person(name) if re.search(r"\d", name) else None
        return SpeakerPlan(
            name=(person.name if person else name)[:60],
            subject=(subject[0].strip() if subject else "")[:120],
            person=person,
        )


def speaker_lines(speakers: tuple[SpeakerPlan, ...]) -> list[str]:
    """Write speakers as the field reads them."""
    return [
        "，".join(filter(None, (s.person.work_number if s.person else s.name, s.subject)))
        for s in speakers
    ]


@dataclass(frozen=True)
class StopLine:
    """One line of a tour as typed."""

    body: Body
    starts_at: datetime
    room: str


class StopsField(LinesField):
    """Stops of a tour as "unit, day time, room"."""

    named: Name
    usual: time = time(18, 15)

    def clean(self, value: Any) -> tuple[StopLine, ...]:
        rows = [[p.strip() for p in _PARTS.split(line)] for line in super().clean(value)]
        found = self.named([row[0] for row in rows])
        return tuple(self._stop(row, found.get(row[0], [])) for row in rows)

    def _stop(self, row: list[str], bodies: list[Body]) -> StopLine:
        body = one_of(row[0], bodies)
        day = read_day(row[1]) if len(row) > 1 else None
        if day is None:
            raise forms.ValidationError(
                _("“%(line)s”看不出日期，请写成：单位，12月1日 18:15，会场。"),
                params={"line": "，".join(row)},
            )
        hour = _TIME.search(row[1])
        at = time(int(hour[1]) % 24, int(hour[2]) % 60) if hour else self.usual
        return StopLine(body, clock.local(day, at), row[2][:80] if len(row) > 2 else "")


def read_day(words: str) -> date | None:
    """Read 2026-12-01, 12月1日 or 12/1; without a year the next such day."""
    match = _DAY.search(words)
    if match is None:
        return None
    today = clock.today()
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if match[1] or day >= today else day.replace(year=day.year + 1)
