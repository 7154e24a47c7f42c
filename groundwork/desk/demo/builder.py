"""Build the demo city, step by step, in one transaction: a city half built is none."""

from __future__ import annotations

import gc
import time as stopwatch
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from groundwork.base import clock, statistics
from groundwork.base.actor import system
from groundwork.base.days import calendar
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.models import OutboxMessage
from groundwork.desk.demo import (
    accounts,
    alliances,
    briefings,
    discussion,
    duty,
    layout,
    ledger,
    programme,
    projects,
    registry,
    rolls,
    roster,
    study,
    television,
    voices,
    watched,
)
from groundwork.desk.demo.cast import RSJ
from groundwork.desk.demo.enterprises import enterprises
from groundwork.desk.demo.programme import Planned
from groundwork.duty.models import Shift
from groundwork.matters.models import Matter
from groundwork.registry.models import Body, Person, Place
from groundwork.service.models import Visit
from groundwork.study.actions.coverage import refresh_coverage
from groundwork.study.actions.evening import close_evening, hold_past_evenings
from groundwork.study.actions.roll import record_rolls_many
from groundwork.study.actions.sheet import close_sheets_many
from groundwork.study.models import Evening, RollEntry
from groundwork.study.queries.audience import expected_people
from groundwork.study.rules.evening import SheetsOpen

Progress = Callable[[str, int, int], None]
BY = system("demo")
SILENT, SILENT_LATEST = 0.015, 0.12  # units without a roll; of the latest evening more are open
HISTORY = timedelta(days=510)  # the ledger looks at the same weeks of the year before
TRIED_OUT = 4  # units of the pilot half a year ago


class NotEmpty(RuleBroken):
    """Refuse to pour invented people into a city that has real ones."""

    code = "desk.not_empty"
    text = N_("数据库里已经有地点、单位或人员。演示城市只能建在空库里。")


@dataclass(frozen=True)
class Report:
    """What was built, and how long it took in seconds."""

    departments: int
    bodies: int
    people: int
    evenings: int
    entries: int
    visits: int
    matters: int
    shifts: int
    seconds: float


def _quiet(label: str, done: int, total: int) -> None:
    pass


def is_empty() -> bool:
    """Tell whether the database holds no place, body or person."""
    return not (Place.objects.exists() or Body.objects.exists() or Person.objects.exists())


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage less often: of millions of rows in memory hardly one is in a circle.

    Every look walks what is there; that is a quarter of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_seldom_collecting()
@transaction.atomic
def build(
    scale: float,
    seed: int,
    until: date,
    progress: Progress = _quiet,
    *,
    now: datetime | None = None,
    ledger_scale: float | None = None,
) -> Report:
    """Build the city as it stands on `until`. Raises NotEmpty.

    Scale 1 is 40,000 people in 1,040 departments and the ledger that `figures` defines, whose
    scale may be another one. `now` is when the evening to try out runs:
    the present moment if `until` is today, else that day's evening.
    """
    if not is_empty():
        raise NotEmpty
    started = stopwatch.perf_counter()
    now = now or (clock.now() if until == clock.today() else clock.local(until, time(18, 20)))
    rng = Random(f"city {seed}")  # noqa: S311 - a demo, not a secret
    city = _directory(scale, until, rng, progress)
    _year(city, scale, seed, until, now, rng, progress)
    scene = ledger.Scene({d.code for d in city.departments}, city.bodies, city.places, city.people)
    much = scale if ledger_scale is None else ledger_scale
    ledger.write_ledger(scene, much, seed, until, now, progress, by=BY)
    ground = duty.Scene(city.bodies, city.places, city.people)
    duty.write_orders(ground, scale, seed, now, progress, by=BY)
    _said(city, scale, seed, until, now, progress)
    briefings.write_briefings(Place.objects.order_by("path")[0], now, by=BY)
    statistics.learn()
    return Report(
        departments=len(city.departments),
        bodies=len(city.bodies),
        people=len(city.people),
        evenings=Evening.objects.count(),
        entries=RollEntry.objects.count(),
        visits=Visit.objects.count(),
        matters=Matter.objects.count(),
        shifts=Shift.objects.count(),
        seconds=round(stopwatch.perf_counter() - started, 1),
    )


def _said(
    city: City, scale: float, seed: int, until: date, now: datetime, progress: Progress
) -> None:
    """Write what people say back, and what follows in public."""
    own = next(d.code for d in city.departments if d.name == RSJ)
    label, said = N_("社区、联盟、问政"), Random(f"voices {seed}")  # noqa: S311 - a demo
    progress(label, 0, 3)
    voices.write_voices(city.bodies[own], city.people, scale, now, by=BY, rng=said)
    progress(label, 1, 3)
    met = Random(f"alliances {seed}")  # noqa: S311 - a demo
    alliances.write_alliances(city.bodies[own], [*city.bodies.values()], now, by=BY, rng=met)
    projects.write_projects(city.bodies[own], city.people, now, by=BY)
    tops = [city.bodies.get(layout.committee(code)) for code in ("3302", "330203")]
    if tops[0] is not None:
        discussion.write_discussion(tops[0], tops[1], city.bodies[own], city.people, now, by=BY)
    progress(label, 2, 3)
    codes, on_air = {d.code for d in city.departments}, Random(f"television {seed}")  # noqa: S311
    television.write_television(
        city.places, city.bodies, codes, scale, until, now, by=BY, rng=on_air
    )
    progress(label, 3, 3)


@dataclass(frozen=True)
class City:
    """The directory as it was written."""

    departments: list[layout.Department]
    bodies: dict[str, Body]
    places: dict[str, Place]
    people: list[Person]


def _directory(scale: float, until: date, rng: Random, progress: Progress) -> City:
    """Write places, bodies, people and accounts as they stood before all that follows."""
    at = clock.local(until - HISTORY, time(9))
    rows = registry.read_places()
    progress(N_("地点"), 0, len(rows))
    places = registry.write_places(rows, by=BY, at=at)
    progress(N_("地点"), len(rows), len(rows))
    chosen = layout.choose(layout.departments(rows), scale, rng)
    size = roster.sizes(chosen, scale, rng)
    body_rows = [
        *layout.bodies(rows, chosen, size),
        *enterprises(rows, scale, Random(f"enterprises {scale}")),  # noqa: S311 - a demo
    ]
    progress(N_("单位"), 0, len(body_rows))
    bodies = registry.write_bodies(body_rows, by=BY, at=at)
    progress(N_("单位"), len(body_rows), len(body_rows))
    someone = list(roster.people(chosen, size, rows, at.date(), rng))
    progress(N_("人员"), 0, len(someone))
    people = registry.write_people(someone, bodies, places, by=BY, at=at)
    progress(N_("人员"), len(someone), len(someone))
    accounts.write_accounts(someone, people, bodies, places, by=BY, at=at)
    progress(N_("账号"), len(someone), len(someone))
    return City(chosen, bodies, places, people)


def _year(
    city: City,
    scale: float,
    seed: int,
    until: date,
    now: datetime,
    rng: Random,
    progress: Progress,
) -> None:
    """Write the year's evenings with their rolls, next Tuesday, and one that runs now."""
    days = calendar()
    top = layout.committee("3302")
    units = [d.code for d in city.departments]
    past = list(programme.city_evenings(top, until, days))
    planned: list[Planned] = [
        *programme.pilot(rng.sample(units, TRIED_OUT), until, days),
        *past,
        *programme.own_evenings(past, units, rng),
        *programme.coming(top, now, days),
    ]
    own = next(d.code for d in city.departments if d.name == RSJ)
    planned.append(programme.running(own, now, planned))
    priorities = study.write_priorities(until, by=BY)
    term = study.write_programme(city.bodies[top], until, by=BY)
    library = study.write_library(city.bodies[top], until, by=BY)
    written = study.write_evenings(planned, city.bodies, term, priorities, library, by=BY, rng=rng)
    OutboxMessage.objects.filter(kind="study.told").update(done_at=now)  # nobody is written to
    held = [row for row in planned if row.state == "closed"]
    hold_past_evenings(by=BY, at=clock.local(until, time(0)))
    chance = rolls.inclination([person.pk for person in city.people], seed)
    latest = max((row.starts for row in held), default=now)
    for n, row in enumerate(held):
        progress(N_("名册"), n, len(held))
        share = SILENT_LATEST if row.starts == latest else SILENT
        share = 0.0 if row.viewers else share  # the night everybody talked about
        alone = city.bodies[row.audience[0]] if row.parent else None
        _roll(written[row.key], alone, chance, share, Random(f"{seed} {row.key}"), now)  # noqa: S311
    progress(N_("名册"), len(held), len(held))
    for row in held:
        if row.viewers:
            watched.write_audience(written[row.key], round(row.viewers * scale), seed, by=BY)
    refresh_coverage(at=now)
    refresh_coverage(at=now)  # the second round settles what the first one found
    progress(N_("覆盖情况"), len(held), len(held))


def _roll(
    evening: Evening,
    unit: Body | None,
    chance: dict[int, float],
    silent: float,
    rng: Random,
    now: datetime,
) -> None:
    """Write one evening's roll; `unit` where it is a unit's own evening."""
    evening.refresh_from_db()
    people = expected_people(evening, unit).order_by("pk")
    expected = list(people.values_list("pk", "unit_id"))
    units = sorted({unit for _person, unit in expected})
    mute = frozenset(unit for unit in units if len(units) > 1 and rng.random() < silent)
    came = rolls.turn_out(evening, expected, chance, mute, rng)
    at = min(evening.ends_at + timedelta(days=3), now)
    record_rolls_many(evening, came.rows, by=BY, at=at)
    spoken = [unit for unit in units if unit not in mute]
    close_sheets_many(evening, came.categories, bodies=spoken, by=BY, at=at)
    with suppress(SheetsOpen):  # it waits ten working days for the units that are silent
        close_evening(evening.public_id, by=BY, at=now)
