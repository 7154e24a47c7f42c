"""Plan a programme: its frame, a whole term in one act, a tour of speakers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from groundwork.base import clock, text, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.registry.models import Body
from groundwork.study.actions.evening import create_evenings
from groundwork.study.actions.plan import EveningPlan, SpeakerPlan
from groundwork.study.actions.publishing import publish_evenings
from groundwork.study.models import Evening, Form, LedBy, Programme, Series
from groundwork.study.policy.evening import programme_for, require_planner
from groundwork.study.queries.programme import term_days
from groundwork.study.rules import evening as rules
from groundwork.study.rules.programme import check_term

STARTS, ENDS = time(18, 15), time(19, 50)  # the usual evening
USUAL = timedelta(minutes=95)


@transaction.atomic
def create_programme(
    *,
    name: str,
    host: Body,
    starts: date,
    ends: date,
    aim: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Programme:
    """Announce a programme for a term or several years. Raises Forbidden, TermBackwards."""
    require_planner(by, host)
    check_term(starts, ends)
    programme = Programme.objects.create(
        name=text.line(name), host=host, starts=starts, ends=ends, aim=aim.strip()
    )
    trail.record(by, "create", "study.programme", programme.public_id, at=at)
    return programme


@transaction.atomic
def edit_programme(
    public_id: str,
    *,
    name: str,
    starts: date,
    ends: date,
    aim: str,
    by: Actor,
    at: datetime | None = None,
) -> Programme:
    """Change a programme's frame; its evenings stay where they are."""
    programme = programme_for(by, public_id, "edit", lock=True)
    check_term(starts, ends)
    values = {"name": text.line(name), "starts": starts, "ends": ends, "aim": aim.strip()}
    changed = [field for field, value in values.items() if getattr(programme, field) != value]
    for field in changed:
        setattr(programme, field, values[field])
    programme.save(update_fields=changed)
    trail.record(by, "edit", "study.programme", public_id, changed, at=at)
    return programme


@dataclass(frozen=True)
class TermPlan:
    """How the evenings of a term start out; each is then edited on its own."""

    first_theme: str = rules.THEMES[0]
    form: str = Form.SYSTEMATIC
    led_by: str = LedBy.CENTRAL_GROUP
    starts: time = STARTS
    ends: time = ENDS
    audience: tuple[Body, ...] = ()


@transaction.atomic
def plan_term(
    public_id: str,
    plan: TermPlan,
    *,
    days: Collection[date] | None = None,
    by: Actor,
    at: datetime | None = None,
) -> list[Evening]:
    """Draft the evenings of a programme on its default days, the two themes in turn.

    `days` narrows the default days; days that are past or have an evening already are left out,
    so that the act may be repeated.
    """
    at = at or clock.now()
    programme = programme_for(by, public_id, "edit", lock=True)
    free = [
        line.day.day
        for line in term_days(programme, calendar(), at)
        if line.free and line.day.day and (days is None or line.day.day in days)
    ]
    themes = rules.alternate(len(free), plan.first_theme)
    return create_evenings(
        [
            EveningPlan(
                title=f"{programme.name} · {day.month}月{day.day}日"[:120],
                host=programme.host,
                theme=theme,
                form=plan.form,
                led_by=plan.led_by,
                starts_at=clock.local(day, plan.starts),
                ends_at=clock.local(day, plan.ends),
                audience=plan.audience or (programme.host,),
                programme=programme,
            )
            for day, theme in zip(free, themes, strict=True)
        ],
        by=by,
        at=at,
    )


@dataclass(frozen=True)
class Stop:
    """One stop of a tour: where and when; `parent` where it replaces the city's evening."""

    body: Body
    starts_at: datetime
    room: str = ""
    parent: Evening | None = None


@transaction.atomic
def create_tour(
    *,
    name: str,
    host: Body,
    theme: str,
    speakers: Sequence[SpeakerPlan],
    stops: Sequence[Stop],
    length: timedelta,
    by: Actor,
    at: datetime | None = None,
) -> tuple[Series, list[Evening]]:
    """Draft a tour of speakers (巡回宣讲): one evening at each stop, the same speakers at all."""
    at = at or clock.now()
    require_planner(by, host)
    series = Series.objects.create(name=text.line(name), host=host, created_at=at)
    trail.record(by, "create", "study.series", series.public_id, at=at)
    evenings = create_evenings(
        [
            EveningPlan(
                title=f"{name}：{stop.body}"[:120],
                host=host,
                theme=theme,
                form=Form.CONVEYING,
                led_by=LedBy.CENTRAL_GROUP,
                starts_at=stop.starts_at,
                ends_at=stop.starts_at + length,
                audience=(stop.body,),
                series=series,
                parent=stop.parent,
                speakers=tuple(speakers),
                rooms=((stop.body, stop.room, None),) if stop.room else (),
            )
            for stop in stops
        ],
        by=by,
        at=at,
    )
    return series, evenings


@transaction.atomic
def add_evenings_many(
    plans: Sequence[EveningPlan], *, by: Actor, at: datetime | None = None
) -> list[Evening]:
    """Plan and publish many evenings under the very rules of one; for the demo city and imports.

    Own evenings need their parent's row: publish the city's first, then the units' in a second
    call.
    """
    drafts = create_evenings(plans, by=by, at=at)
    return publish_evenings([draft.public_id for draft in drafts], by=by, at=at)
