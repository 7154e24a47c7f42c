"""A document as it goes onto paper: its head, its paragraphs, its numbers in an appendix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from groundwork.base import clock
from groundwork.base.chart import Chart
from groundwork.figures.models import Briefing
from groundwork.figures.queries.briefings import Look, paragraphs
from groundwork.figures.queries.curves import Label, chart_of
from groundwork.figures.rules.briefing import Level
from groundwork.figures.rules.periods import Period


@dataclass(frozen=True)
class Entry:
    """One number of the appendix, with all that it takes to read it."""

    title: str
    number: str
    alone: str  # the number without what it is made of
    made_of: str
    unit: str
    where: str
    period: str
    n: int
    definition: str
    edition: str
    cutoff: str


@dataclass(frozen=True)
class Paper:
    """What stands on paper; `draft` is written across what is not published."""

    kind: str  # briefing | minutes | letter
    issuer: str
    number: str
    title: str
    addressed: str
    copied: str
    paragraphs: Sequence[tuple[Level, str]]
    entries: Sequence[Entry]
    day: date | None
    draft: bool
    correction: str  # what it corrects and why, "" where it corrects nothing
    corrected: str  # why it was corrected, "" where it was not
    charts: Mapping[str, Chart] = field(default_factory=dict)  # by the text of their paragraph


def paper_of(
    briefing: Briefing, found: Sequence[Look], say: Callable[[Period], str], label: Label
) -> Paper:
    """Lay a document out in Chinese; `say` names a period, `label` a step of a curve."""
    published = briefing.published_at
    correction = getattr(briefing, "correction", None)
    out = correction if correction and correction.published_at else None
    corrects = briefing.corrects
    text, charts = [], {}
    for part in paragraphs(briefing.text, found):
        words = part.text
        if part.drawn is not None:
            words = caption_of(part.drawn, say)
            charts[words] = chart_of(words, part.drawn.curve, label)
        text.append((part.level, words))
    return Paper(
        kind=briefing.kind,
        issuer=briefing.issuer,
        number=briefing.number,
        title=briefing.title,
        addressed=briefing.addressed,
        copied=briefing.copied,
        paragraphs=text,
        charts=charts,
        entries=[_entry(look, say) for look in found],
        day=clock.day_of(published) if published else None,
        draft=published is None,
        correction=f"本件更正{_named(corrects)}：{briefing.why}" if corrects else "",
        corrected=f"本件已由{_named(out)}更正：{out.why}" if out else "",
    )


def caption_of(look: Look, say: Callable[[Period], str]) -> str:
    """Say what a curve shows: 办结率（宁波市，2026年10月）."""
    unit = f"，{look.unit}" if look.unit else ""
    return f"{look.title}（{look.place}，{say(look.period)}{unit}）"


def _named(briefing: Briefing) -> str:
    day = f"（{chinese_day(clock.day_of(briefing.published_at))}）" if briefing.published_at else ""
    return f"《{briefing.title}》{day}"


def _entry(look: Look, say: Callable[[Period], str]) -> Entry:
    row = look.reference
    shown = look.now or None
    return Entry(
        title=look.title,
        number=look.whole,
        alone=look.alone,
        made_of=look.made_of,
        unit=look.unit,
        where=look.place,
        period=say(look.period),
        n=shown.n if shown else row.n,
        definition=shown.figure.definition if shown else row.definition,
        edition=shown.edition if shown else row.edition,
        cutoff=f"{(shown.cutoff if shown else row.cutoff).astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
    )


def chinese_day(day: date) -> str:
    """Write a day as documents do: 2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def as_text(paper: Paper) -> str:
    """Write a document for a message: no marks, each number's definition at the end."""
    head = [line for line in (paper.correction, paper.corrected) if line]
    day = [chinese_day(paper.day)] if paper.day else ["（草稿，未发布）"]
    body = [_in_words(text.strip(), paper.charts.get(text)) for _level, text in paper.paragraphs]
    addressed = [f"{paper.addressed}："] if paper.addressed else []
    notes = [
        f"{n}. {e.title}（{e.where}，{e.period}）：{e.number}。{e.definition}"
        f"截至{e.cutoff}，定义编号{e.edition}。"
        for n, e in enumerate(paper.entries, 1)
    ]
    number = [paper.number] if paper.number else []
    tail = [paper.issuer, *day]
    parts = [*head, paper.title, *number, *addressed, *body, *tail]
    return "\n".join([*parts, "", "附：数据说明", *notes] if notes else parts) + "\n"


def _in_words(text: str, chart: Chart | None) -> str:
    """Write a curve as its numbers; other paragraphs stay as they are."""
    if chart is None:
        return text
    return f"{text}：" + "；".join(f"{mark.name} {mark.text}" for mark in chart.marks) + "。"
