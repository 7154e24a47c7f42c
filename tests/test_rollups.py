"""After any acts at all a fill leaves every kept sum at what a recount says: not one day adrift.

The sums come from grouped statements over marked days, the recount here from the rows behind a
number, one by one in Python: two ways that must meet.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.db.models import Count as CountOf
from django.db.models import F

from config.cli.figures import figures_command
from groundwork.base import clock
from groundwork.base.models import Change, DayOverride
from groundwork.base.numbers import Count
from groundwork.figures.actions import fill as filling
from groundwork.figures.actions.fill import fill, read_log
from groundwork.figures.models import DayCell, Fill, Reading, Stale
from groundwork.figures.queries import counting, log, values
from groundwork.figures.queries.checking import differences
from groundwork.figures.queries.parts import by_district
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import (
    by_period,
    counted_values,
    values_of,
)
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.periods import Period, month_of, months_in, week_of, year_of
from groundwork.figures.rules.spring import ROWS
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import raise_one
from groundwork.service.tests.make import a_visit
from tests import cast as casting
from tests import world as worlds
from tests import world_heard
from tests.acts_counted import ACTS, Town, answer_and_hear, raise_backdated, visit
from tests.cast import EVENING
from tests.recount import PLACES, kept, recounted
from tests.world import World

pytestmark = pytest.mark.django_db

AT = EVENING + timedelta(hours=3)


class Undo(Exception):
    """Leave the world behind."""


class Stopped(Exception):
    """The process ends here."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One of everything, and its sums filled once."""
    with django_db_blocker.unblock(), clock.at(AT):
        try:
            with transaction.atomic():
                with clock.at(EVENING):
                    world = worlds.build(casting.build(), EVENING)
                    world_heard.build(world)
                fill(at=AT)
                yield world
                raise Undo
        except Undo:
            pass


@pytest.fixture
def world(built) -> Iterator[World]:
    """The same for every test: what one does is taken back."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def city(world: World) -> Scope:
    return Scope("place", world["place:city"].path)


# ---- the property ---------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(5))
def test_after_any_acts_every_kept_sum_is_what_a_recount_says(world, seed):
    town = Town(world, random.Random(seed), AT)
    acts = [*ACTS, *town.dice.choices(ACTS, k=8)]
    town.dice.shuffle(acts)
    for number, act in enumerate(acts):
        town.at += timedelta(hours=town.dice.randrange(1, 20))
        act(town)
        if number % 6 == 5:
            fill(at=town.at)
    town.at += timedelta(hours=1)
    fill(at=town.at)
    assert kept() == recounted(world, town.at)
    for source in SOURCES.values():
        assert not list(differences(source, town.at))
    for matter in Matter.objects.exclude(state="merged").annotate(n=CountOf("asked")):
        assert matter.n == matter.raisers_count, "whoever raised or joined is asked, once"


def test_who_said_something_was_asked_whatever_sums_stand(world, monkeypatch):
    """A share whose three numbers came of two sources said more than were asked, for a while."""
    share, year = FIGURES["matters.said_answered"], year_of(AT.date())
    honest = counting.count_days

    def broken(source, *rest):
        if source.key == "matters.matter":
            raise Stopped
        return honest(source, *rest)

    before = values_of([share], city(world), year, AT)[share.key].number
    town = Town(world, random.Random(3), AT)
    for _ in range(3):
        answer_and_hear(town)
    monkeypatch.setattr(counting, "count_days", broken)
    later = AT + timedelta(minutes=1)
    with pytest.raises(ExceptionGroup):
        fill(at=later)
    kept_now = values_of([share], city(world), year, later)[share.key].number
    assert kept_now == counted_values([share], city(world), year, later)[share.key].number
    assert (kept_now.said - before.said, kept_now.asked - before.asked) == (3, 3)


def test_a_lost_change_is_found_by_the_recount(world):
    """The mutation: somebody writes past the log."""
    matter = Matter.objects.filter(state="answered").first()
    assert matter is not None
    Matter.objects.filter(pk=matter.pk).update(state="solved", closed_at=AT)
    fill(at=AT + timedelta(minutes=1))
    found = list(differences(SOURCES["matters.matter"], AT + timedelta(minutes=1)))
    assert {row.series for row in found} >= {"matters.matter closed done"}
    assert all(row.kept != row.counted for row in found)


def test_the_console_names_a_wrong_sum_and_says_so_by_its_exit_status(world, monkeypatch):
    monkeypatch.setattr("config.cli.city.load_city", lambda: None)
    console = CliRunner()
    with clock.at(AT + timedelta(minutes=1)):
        right = console.invoke(figures_command, ["verify"])
        assert right.exit_code == 0, right.output
        DayCell.objects.filter(series="matters.matter raised").update(n=777)
        wrong = console.invoke(figures_command, ["verify", "--source", "matters.matter"])
        assert wrong.exit_code == 1
        assert "matters.matter raised · " in wrong.output
        assert "777" in wrong.output
        filled = console.invoke(figures_command, ["fill", "--source", "matters.matter", "--anew"])
        assert filled.exit_code == 0, filled.output
        assert console.invoke(figures_command, ["verify"]).exit_code == 0
        assert console.invoke(figures_command, ["verify", "--source", "no.such"]).exit_code == 2


def test_the_console_holds_the_records_against_what_was_printed(world, monkeypatch):
    monkeypatch.setattr("config.cli.city.load_city", lambda: None)
    console = CliRunner()
    with clock.at(AT):
        other = console.invoke(figures_command, ["spring"])
        assert other.exit_code == 1
        assert re.search(r"service\.visits\.to_may +144,105 .* empty", other.output)
        assert re.search(r"study\.minutes_min +at least 90 .* same", other.output)
        kept = ("study.minutes_min",)
        agreeing = tuple(row if row.key in kept else replace(row, goal=None) for row in ROWS)
        monkeypatch.setattr("groundwork.figures.queries.spring.ROWS", agreeing)
        same = console.invoke(figures_command, ["spring"])
        assert same.exit_code == 0, same.output


def test_only_marked_days_are_counted_again(world, monkeypatch):
    seen: list[Period] = []
    honest = counting.count_days

    def watched(source, moment, series, run, at):
        seen.append(run)
        return honest(source, moment, series, run, at)

    monkeypatch.setattr(counting, "count_days", watched)
    fill(at=AT)
    assert not seen, "nothing changed, nothing is counted"
    raise_one(world.cast, at=AT)
    fill(at=AT + timedelta(minutes=1))
    today = Period(AT.date(), AT.date() + timedelta(days=1))
    assert seen == [today, today], "matters, and the words on matters raised that day"


# ---- what may happen to a fill --------------------------------------------------------------
def stop_after(monkeypatch, portions: int) -> None:
    """Let the process end in the middle of a portion, after its sums were taken away."""
    honest, left = counting.count_days, [portions]

    def stopping(source, moment, series, run, at):
        left[0] -= 1
        if left[0] < 0:
            raise Stopped
        return honest(source, moment, series, run, at)

    monkeypatch.setattr(counting, "count_days", stopping)


@pytest.mark.parametrize("portions", [0, 1, 3])
def test_a_fill_stopped_in_the_middle_is_taken_up_with_the_same_result(
    world, monkeypatch, portions
):
    dice = random.Random(7)
    town = Town(world, dice, AT)
    for _ in range(6):
        raise_backdated(town)
        visit(town)
    stop_after(monkeypatch, portions)
    with pytest.raises(ExceptionGroup):
        fill(at=AT + timedelta(minutes=1))
    failed = Fill.objects.filter(state="failed")
    assert {row.reason for row in failed} == {"Stopped"}
    assert Stale.objects.exists()
    monkeypatch.undo()
    fill(at=AT + timedelta(minutes=2))
    assert kept() == recounted(world, AT + timedelta(minutes=2))
    assert not Fill.objects.exclude(state="standing", reason="").exists()


def test_one_source_that_fails_does_not_keep_the_others_waiting(world, monkeypatch):
    honest = counting.count_days

    def broken(source, *rest):
        if source.key == "matters.matter":
            raise Stopped
        return honest(source, *rest)

    raise_one(world.cast, at=AT)
    a_visit(world.cast)
    monkeypatch.setattr(counting, "count_days", broken)
    with pytest.raises(ExceptionGroup) as raised:
        fill(at=AT + timedelta(minutes=1))
    assert len(raised.value.exceptions) == 1
    states = dict(Fill.objects.values_list("source", "state"))
    assert states.pop("matters.matter") == "failed"
    assert set(states.values()) == {"standing"}


def gaps_after(last: int) -> list[list[object]]:
    """Give the gaps behind a change; before it stand numbers that other tests drew and gave up."""
    return [gap for gap in Reading.objects.get(name="changes").gaps if gap[1] > last]


def test_a_change_that_commits_after_a_later_one_is_not_lost(world):
    """Numbers of the log are drawn before the commit; on PostgreSQL two transactions may cross."""
    last = log.last_change()
    day = AT.date() - timedelta(days=90)
    dims = {"raised": day.isoformat(), "closed": None}
    Change.objects.create(pk=last + 2, at=AT, kind="unknown", object_id="later")
    read_log(at=AT)
    assert gaps_after(last) == [[last + 1, last + 1, AT.isoformat()]]
    assert not Stale.objects.filter(first=day).exists()
    Change.objects.create(pk=last + 1, at=AT, kind="matters.matter", object_id="late", after=dims)
    read_log(at=AT + timedelta(minutes=1))
    assert Stale.objects.filter(source="matters.matter", moment="raised", first=day).exists()
    assert gaps_after(last) == []


def test_a_number_that_never_comes_is_not_waited_for_forever(world):
    Change.objects.create(pk=log.last_change() + 3, at=AT, kind="unknown", object_id="later")
    read_log(at=AT)
    assert Reading.objects.get(name="changes").gaps
    read_log(at=AT + filling.LATE)
    assert not Reading.objects.get(name="changes").gaps


def test_a_changed_definition_has_everything_counted_anew_and_is_not_read_before(
    world, monkeypatch
):
    figure = CATALOGUE[0]
    period = month_of(AT.date())
    assert (
        values_of([figure], city(world), period, AT + timedelta(hours=1))[figure.key].cutoff == AT
    )
    old = log.edition_of(SOURCES["matters.matter"])
    monkeypatch.setattr(log, "edition_of", lambda source: f"new {source.key}"[:12])
    later = AT + timedelta(hours=1)
    value = values_of([figure], city(world), period, later)[figure.key]
    assert value.cutoff == later, "sums of another definition are not read"
    DayCell.objects.update(n=999)
    fill(at=later)
    assert kept() == recounted(world, later)
    assert Fill.objects.get(source="matters.matter").edition != old


def test_what_the_clock_alone_lets_count_is_counted_when_its_hour_comes(world):
    figure, period = CATALOGUE[0], year_of(AT.date())
    hour = world["filmed"].withheld_until
    fill(at=hour - timedelta(seconds=1))
    before = values_of([figure], city(world), period, hour)[figure.key]
    fill(at=hour)
    after = values_of([figure], city(world), period, hour)[figure.key]
    assert after.n == before.n + 1


def test_another_calendar_has_working_days_counted_anew(world):
    figure, year, later = (
        FIGURES["matters.office_days"],
        year_of(AT.date()),
        AT + timedelta(hours=1),
    )
    closed = Matter.objects.filter(closed_at__isnull=False)
    closed.update(raised_at=F("closed_at") - timedelta(days=20))
    filling.forget(SOURCES["matters.matter"], at=AT)
    fill(at=AT)
    before = values_of([figure], city(world), year, later)[figure.key].number
    days = [AT.date() - timedelta(days=n) for n in range(60)]
    DayOverride.objects.bulk_create([DayOverride(day=day, working=True) for day in days])
    fill(at=later)
    assert kept() == recounted(world, later)
    after = values_of([figure], city(world), year, later)[figure.key].number
    assert after.twice > before.twice, "more of the days between were worked"


# ---- what is read ---------------------------------------------------------------------------
def test_kept_sums_say_what_counting_says_for_every_figure_place_and_period(world):
    later = AT + timedelta(hours=1)
    day = AT.date()
    periods = (week_of(day), month_of(day), year_of(day), Period(day, day + timedelta(days=2)))
    for key in PLACES:
        scope = Scope("place", world[f"place:{key}"].path)
        for period in periods:
            shown = values_of(CATALOGUE, scope, period, later)
            counted = counted_values(CATALOGUE, scope, period, AT)
            for figure in CATALOGUE:
                mine, theirs = shown[figure.key], counted[figure.key]
                assert (mine.number, mine.n, mine.edition) == (
                    theirs.number, theirs.n, theirs.edition,
                )  # fmt: skip


def test_a_value_says_up_to_when_its_sums_hold_and_an_earlier_moment_is_counted(world):
    figure = CATALOGUE[0]
    period = month_of(AT.date())
    later = AT + timedelta(minutes=9)
    assert values_of([figure], city(world), period, later)[figure.key].cutoff == AT
    before = AT - timedelta(minutes=1)
    assert values_of([figure], city(world), period, before)[figure.key].cutoff == before


def test_a_township_and_a_body_are_counted_from_the_records(world):
    figure, period = CATALOGUE[0], month_of(AT.date())
    for scope in (
        Scope("place", world["place:nanmen"].path),
        Scope("body", world["body:unit"].path),
        Scope(),
    ):
        value = values_of([figure], scope, period, AT + timedelta(hours=1))[figure.key]
        assert value.cutoff == AT + timedelta(hours=1)
        assert isinstance(value.number, Count)


def test_months_and_districts_come_from_the_sums_too(world, monkeypatch):
    later, year = AT + timedelta(hours=1), year_of(AT.date())
    records = CATALOGUE[0].kind.opens
    place = world["place:city"]
    months = months_in(year)
    kept_months = by_period(records, city(world), months, later)
    kept_places = by_district(CATALOGUE[0], city(world), place, year, later)
    monkeypatch.setattr(values.rollups, "standing", lambda *arguments: None)
    assert kept_months == by_period(records, city(world), months, AT)
    counted = by_district(CATALOGUE[0], city(world), place, year, AT)
    assert [(there, value.number) for there, value in kept_places] == [
        (there, value.number) for there, value in counted
    ]
    assert {value.cutoff for _there, value in kept_places} == {AT}


def test_the_city_s_page_costs_three_statements_however_many_records(
    world, django_assert_num_queries
):
    later = AT + timedelta(hours=1)
    with django_assert_num_queries(3):  # how the sums stand, those of days, those of periods
        values_of(CATALOGUE, city(world), year_of(AT.date()), later)
