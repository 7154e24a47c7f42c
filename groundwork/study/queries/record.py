"""The record: a person's own, and a unit's register of evenings; both also as xlsx."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.numbers import Rate
from groundwork.base.sheets import Cell, plain_sheet
from groundwork.registry.models import Body
from groundwork.study.models import (
    Absence,
    AbsenceCategory,
    RollConfirmation,
    RollEntry,
    RollSheet,
    Source,
)
from groundwork.study.policy import roll as policy
from groundwork.study.queries.roll import ROLLED, Line
from groundwork.study.rules import roll as rules


def term_name(period: str) -> str:
    """Say a period in the reader's language: 2026年下半年, 2026年11月."""
    year, _dash, rest = period.partition("-")
    if rest == "H1":
        return _("%(year)s年上半年") % {"year": year}
    if rest == "H2":
        return _("%(year)s年下半年") % {"year": year}
    return _("%(year)s年%(month)s月") % {"year": year, "month": int(rest)}


def term_of(moment: datetime) -> str:
    """Name the half-year a moment lies in."""
    return rules.term_of(moment.astimezone(clock.ZONE).date())


def known_term(asked: str, at: datetime) -> str:
    """Give the half-year asked for, the current one where it cannot be read."""
    try:
        rules.span_of(asked)
    except ValueError:
        return term_of(at)
    return asked if "H" in asked else term_of(at)


def _between(period: str) -> tuple[datetime, datetime]:
    first, after = rules.span_of(period)
    return clock.local(first, time()), clock.local(after, time())


# ---- one's own ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Studied:
    """One evening in a learning record: what, when, how."""

    entry: RollEntry
    confirmed: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        """Say by which source, and which others confirmed it."""
        named = [str(Source(s).label) for s in (self.entry.source, *self.confirmed)]
        return "、".join(named)


def own_record(by: Actor) -> list[tuple[str, list[Studied]]]:
    """Give the actor's own record by half-year, the latest first (two statements)."""
    entries = list(
        policy.own_entries(by)
        .filter(withdrawn=False)
        .exclude(evening__state="cancelled")
        .select_related("evening__host", "evening__topic")
        .order_by("-evening__starts_at", "-id")
    )
    confirmed = defaultdict(list)
    seconds = RollConfirmation.objects.filter(entry__person=by.person_id).order_by("id")
    for key, source in seconds.values_list("entry", "source"):
        confirmed[key].append(source)
    terms: dict[str, list[Studied]] = defaultdict(list)
    for entry in entries:
        terms[term_of(entry.evening.starts_at)].append(Studied(entry, tuple(confirmed[entry.pk])))
    return list(terms.items())


def record_workbook(by: Actor) -> bytes:
    """Write the actor's own record as xlsx."""
    rows: list[list[Cell]] = [
        [
            _day(studied.entry.evening.starts_at),
            studied.entry.evening.title,
            studied.entry.evening.get_theme_display(),
            str(studied.entry.evening.topic or ""),
            studied.entry.evening.get_form_display(),
            str(studied.entry.evening.host),
            studied.how,
        ]
        for _term, entries in own_record(by)
        for studied in entries
    ]
    host = pgettext("夜学", "主办")
    heads = [_("日期"), _("夜学"), _("主题"), _("专题"), _("形式"), host, _("参加方式")]
    return plain_sheet(_("学习记录"), heads, rows, widths=[12, 40, 12, 14, 12, 24, 24])


# ---- a unit's -------------------------------------------------------------------------------
@dataclass(frozen=True)
class RegisterLine:
    """One evening in a unit's register."""

    sheet: RollSheet
    here: int
    guests: int
    absences: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> Rate | None:
        """Give who took part of who was expected, once the sheet is closed."""
        if self.sheet.expected is None or self.sheet.took_part is None:
            return None
        return Rate(self.sheet.took_part, self.sheet.expected)

    @property
    def held(self) -> bool:
        """Tell whether the evening was held: somebody is on the roll."""
        return self.here > 0

    @property
    def named_absences(self) -> list[tuple[str, int]]:
        """List the absences by the category's name, in its order; what was not said comes last."""
        names = [*AbsenceCategory.choices, ("", _("未说明"))]
        return [(str(n), self.absences[value]) for value, n in names if self.absences[value]]

    @property
    def cancelled(self) -> bool:
        """Tell whether the evening was called off."""
        return self.sheet.evening.state == "cancelled"


@dataclass(frozen=True)
class Register:
    """A unit's evenings of a half-year, with the sums."""

    unit: Body
    term: str
    terms: list[str]
    lines: list[RegisterLine]
    categories: list[tuple[str, str]]

    @property
    def held(self) -> int:
        """How many evenings were held."""
        return sum(line.held for line in self.lines)

    @property
    def entries(self) -> int:
        """How many times somebody took part."""
        return sum(line.here for line in self.lines)

    @property
    def open(self) -> int:
        """How many sheets are not closed."""
        return sum(line.sheet.closed_at is None and not line.cancelled for line in self.lines)

    @property
    def absences(self) -> Counter[str]:
        """The absences by category."""
        total: Counter[str] = Counter()
        for line in self.lines:
            total.update(line.absences)
        return total


def register(unit: Body, term: str, at: datetime) -> Register:
    """Give a unit's register of a half-year up to now (four statements, whatever its size)."""
    start, end = _between(term)
    sheets = RollSheet.objects.filter(body=unit, evening__starts_at__lte=at)
    shown = list(
        sheets.filter(
            evening__starts_at__gte=start,
            evening__starts_at__lt=end,
            evening__state__in=(*ROLLED, "cancelled"),
        )
        .select_related("evening__topic", "evening__host")
        .order_by("evening__starts_at", "id")
    )
    evenings = [sheet.evening_id for sheet in shown]
    entries = RollEntry.objects.filter(body=unit, evening__in=evenings, withdrawn=False)
    here = dict(entries.order_by().values_list("evening").annotate(n=Count("id")))
    absences: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Absence.objects.filter(sheet__in=[sheet.pk for sheet in shown]).order_by()
    for sheet, category, n in rows.values_list("sheet", "category").annotate(n=Count("id")):
        absences[sheet][category] = n
    months = sheets.dates("evening__starts_at", "month")
    terms = {rules.term_of(day) for day in months} | {term, term_of(at)}
    return Register(
        unit=unit,
        term=term,
        terms=sorted(terms, reverse=True),
        lines=[_line(s, here.get(s.evening_id, 0), absences[s.pk]) for s in shown],
        categories=[*((v, str(label)) for v, label in AbsenceCategory.choices), ("", _("未说明"))],
    )


def _line(sheet: RollSheet, here: int, absences: Counter[str]) -> RegisterLine:
    took_part = sheet.took_part if sheet.took_part is not None else here
    return RegisterLine(sheet, here, max(0, here - took_part), absences)


def register_workbook(found: Register) -> bytes:
    """Write a register as xlsx; one row for each evening, no names."""
    heads = [
        _("日期"), _("夜学"), _("主题"), _("形式"), _("是否举行"), _("名册"), _("应到"), _("参加"),
        *(label for _value, label in found.categories),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for line in found.lines:
        sheet, evening = line.sheet, line.sheet.evening
        rows.append(
            [
                _day(evening.starts_at),
                evening.title,
                evening.get_theme_display(),
                evening.get_form_display(),
                _("已取消") if line.cancelled else _("已举行") if line.held else _("未举行"),
                _("已封存") if sheet.closed_at else _("未封存"),
                "" if sheet.expected is None else sheet.expected,
                line.here,
                *(line.absences[value] for value, _label in found.categories),
            ]
        )
    return plain_sheet(
        f"{found.unit} {term_name(found.term)}", heads, rows, widths=[12, 40, 12, 12]
    )


def _day(moment: datetime) -> date:
    return clock.day_of(moment)


def sheet_workbook(sheet: RollSheet, lines: list[Line]) -> bytes:
    """Write a unit's roll of one evening as xlsx: who, whether, how, why not."""
    reasons = dict(AbsenceCategory.choices)
    rows: list[list[Cell]] = [
        [
            line.person.work_number,
            line.person.name,
            str(line.person.office or ""),
            _("是") if line.here else _("否"),
            line.entry.get_source_display() if line.entry is not None and line.here else "",
            "" if line.here else str(reasons.get(line.why, "")),
        ]
        for line in lines
    ]
    heads = [_("工号"), _("姓名"), _("处（科）室"), _("参加"), _("方式"), _("缺席原因")]
    return plain_sheet(
        f"{sheet.body} {_day(sheet.evening.starts_at)}", heads, rows, [12, 12, 20, 8, 14, 14]
    )
