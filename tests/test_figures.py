"""A figure is as long as what it opens onto: for every figure, reader, place and period.

The numbers come from one statement for each source (`values_of`), what they open onto from the
lists (`behind`), page by page: two ways through the records that must meet.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from statistics import median

import pytest
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from groundwork.base import clock
from groundwork.base.actor import system
from groundwork.base.errors import NotFound
from groundwork.base.numbers import SMALLEST_WHOLE, Count, Median, Rate, Ratio, Share
from groundwork.figures import policy
from groundwork.figures.policy import figure_for, figures_of
from groundwork.figures.queries import values
from groundwork.figures.queries.counting import sum_of
from groundwork.figures.queries.parts import by_body, by_district, by_split, elsewhere, splits_of
from groundwork.figures.queries.records import behind, measured
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.tails import unsettled
from groundwork.figures.queries.values import by_period, rows_of, values_of
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.kinds import Distinct
from groundwork.figures.rules.periods import (
    Period,
    half_of,
    month_of,
    months_in,
    quarter_of,
    week_of,
    year_of,
)
from groundwork.figures.rules.rolling import Series
from groundwork.matters.models import Matter
from groundwork.matters.queries.satisfaction import Asked, satisfaction
from groundwork.matters.queries.terms import longest_in_force
from groundwork.matters.rules.deadlines import ASK_DAYS
from groundwork.service.queries.community import found_first
from groundwork.study.queries.coverage import count_all, sheets_at
from groundwork.study.queries.record import RegisterLine
from groundwork.web.queries import form_burdens, quarter_total
from tests import cast as casting
from tests import world as worlds
from tests import world_heard
from tests.cast import EVENING, ROLES
from tests.world import World

pytestmark = pytest.mark.django_db

PLACES = ("city", "haishu", "yinzhou", "nanmen")
DAY = EVENING.date()
PERIODS = (
    week_of(DAY),
    month_of(DAY),
    half_of(DAY),
    year_of(DAY),
    Period(DAY, DAY + timedelta(days=1)),
    Period(DAY - timedelta(days=60), DAY - timedelta(days=30)),
)
AT = EVENING + timedelta(hours=3)  # the evening is over, its roll counts


class Undo(Exception):
    """Leave the world behind."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), clock.at(AT):
        try:
            with transaction.atomic():
                with clock.at(EVENING):
                    built = worlds.build(casting.build(), EVENING)
                    world_heard.build(built)
                yield built
                raise Undo
        except Undo:
            pass


def scope(world: World, name: str) -> Scope:
    return Scope("place", world[f"place:{name}"].path)


EVERYTHING = system("tests")  # who may read every record


def listed(figure, records, where, period, by) -> tuple[list[Line], int]:
    """Walk all pages of a list; give its lines and how many records are withheld."""
    lines, cursor = [], ""
    while True:
        page = behind(figure, records, where, period, AT, by, cursor)
        lines += page.lines
        if not page.next:
            return lines, page.withheld
        cursor = page.next


def opened(records, where, period, by, figure=CATALOGUE[0]) -> tuple[int, int]:
    """Walk all pages of a list; give how many records it shows and how many are withheld."""
    lines, withheld = listed(figure, records, where, period, by)
    return sum(line.n for line in lines), withheld


def said_by(figure, records, where, period) -> int:
    """Add up what the records that a list opens onto say, read one by one."""
    lines, withheld = listed(figure, records, where, period, EVERYTHING)
    assert not withheld
    return round(sum(x.amount for x in lines)) if records.sums else sum(x.n for x in lines)


@pytest.mark.parametrize("who", ROLES)
def test_every_figure_is_as_long_as_what_it_opens_onto(world, who):
    """Pairwise: each reader meets each figure in turn at another place and period."""
    by = world.cast.actor(who)
    shift = ROLES.index(who)
    for number, figure in enumerate(CATALOGUE):
        where = scope(world, PLACES[(number + shift) % len(PLACES)])
        period = PERIODS[3 if (number + shift) % 2 else (number + shift) % len(PERIODS)]
        value = values_of([figure], where, period, AT)[figure.key]
        for records in figure.records:
            lines, withheld = opened(records, where, period, by, figure)
            opens = records == figure.kind.opens
            assert lines + withheld == (
                value.n if opens else rows_of(records, where, period, AT).count()
            )
            if isinstance(figure.kind, Distinct):
                assert value.number == Count(value.n), "the different ones, not who names them"


@pytest.mark.parametrize("figure", CATALOGUE, ids=lambda figure: figure.key)
def test_a_number_is_what_its_records_say_when_they_are_read_one_by_one(world, figure):
    """Whatever the kind: sums are added up here, the median is found here, from the lists."""
    for place, period in itertools.product(PLACES[:2], PERIODS[1:4]):
        where = scope(world, place)
        value = values_of([figure], where, period, AT)[figure.key]
        said = [said_by(figure, records, where, period) for records in figure.records]
        match value.number:
            case Rate(part, whole):
                assert [part, whole] == said
            case Ratio(number, per):
                assert [number, per] == said
            case Share(yes, spoke, asked):
                assert [yes, spoke, asked] == said
            case Median(n, twice):
                rows = measured(
                    rows_of(figure.kind.opens, where, period, AT), figure, figure.kind.opens
                )
                read = values.SOURCES[figure.source].reader(figure.kind.of)
                amounts = [read(row.measured) for row in rows]
                assert n == len(amounts) == value.n == said[0]
                if n >= SMALLEST_WHOLE:
                    assert twice == 2 * median(amounts)
                assert (twice is None) == (n < SMALLEST_WHOLE)
            case Count(n):
                assert n == said[0]


# ---- taken apart ----------------------------------------------------------------------------
def holds(value, where, period, by) -> None:
    """Hold a part to its own scope: the same number, and as long as what it opens onto."""
    figure = value.figure
    assert value.scope == where
    again = values_of([figure], where, period, AT)[figure.key]
    assert (again.number, again.n) == (value.number, value.n)
    lines, withheld = opened(figure.kind.opens, where, period, by, figure)
    assert lines + withheld == value.n


def test_every_part_by_door_category_priority_and_service_opens_onto_its_own_records(world):
    """The parts of all figures: each reader meets each part in turn, at another place."""
    year, met = PERIODS[3], set()
    for number, figure in enumerate(CATALOGUE):
        where = scope(world, PLACES[number % 2])
        whole = values_of([figure], where, year, AT)[figure.key]
        for name, split in splits_of(figure, inside=True).items():
            parts = by_split(figure, name, where, year, AT)
            for turn, part in enumerate(parts):
                met.add((name, figure.source))
                by = world.cast.actor(ROLES[(number + turn) % len(ROLES)])
                holds(part.value, where.cut(name, part.key), year, by)
            if isinstance(whole.number, Count) and not split.several and parts:
                assert sum(part.value.n for part in parts) == whole.n
    assert {name for name, _source in met} == {"category", "door", "priority", "service"}
    assert ("priority", "service.visit") in met


def test_every_unit_s_part_opens_onto_its_own_records_and_the_rest_is_counted(world):
    year, everything = PERIODS[3], EVERYTHING
    for number, figure in enumerate(policy.figures_of_bodies()):
        where = scope(world, PLACES[number % 2])
        page = by_body(figure, where, year, AT, policy.visible_bodies(everything))
        paths = [part.body.path for part in page.parts]
        assert paths == sorted(paths), "the order of the directory"
        for turn, part in enumerate(page.parts):
            by = world.cast.actor(ROLES[(number + turn) % len(ROLES)])
            holds(part.value, where.cut("body", part.body.path), year, by)
        secretary = world.cast.actor("unit_secretary")
        mine = by_body(figure, where, year, AT, policy.visible_bodies(secretary))
        assert {part.body.path for part in mine.parts} <= {world["body:unit"].path}
        rest = elsewhere(figure, where, year, AT, partial(policy.bodies_read, secretary))
        per = figure.key == "matters.per_visit"
        rows = rows_of(figure.records[0 if per else -1], where, year, AT)
        own = rows.filter(
            **{f"{values.SOURCES[figure.source].body}__startswith": world["body:unit"].path}
        ).count()
        assert rest + own == rows.count()


def test_the_world_has_something_to_count_and_something_to_withhold(world):
    counted = values_of(CATALOGUE, scope(world, "city"), PERIODS[3], AT)
    assert counted["matters.raised"].n > 5
    assert counted["study.attendance"].n > 0
    resident = world.cast.actor("resident")
    lines, withheld = opened(CATALOGUE[0].kind.opens, scope(world, "city"), PERIODS[3], resident)
    assert lines
    assert withheld, "complaints and what was not cleared yet are counted, not shown"


@pytest.mark.parametrize(
    ("key", "forgotten"),
    [
        ("matters.resolution_rate", "done"),
        ("matters.enterprise", "enterprise"),
        ("matters.said_satisfied", "satisfied_yes"),
        ("study.coverage", "closed"),
        ("service.found_rate", "found"),
    ],
)
def test_a_filter_that_one_of_the_two_ways_forgets_is_found(world, monkeypatch, key, forgotten):
    """The mutation, for each kind that has conditions: the counting statement drops one."""
    figure = FIGURES[key]
    where, period, by = scope(world, "city"), PERIODS[3], world.cast.actor("city_operator")
    records = figure.kind.opens
    source = values.SOURCES[records.source]
    honest = type(source).meaning
    wider = replace(records, where=records.where - {forgotten})
    rows, others = (rows_of(some, where, period, AT).count() for some in (records, wider))
    assert rows < others, "the world has a record that the filter keeps out"
    monkeypatch.setattr(
        type(source),
        "meaning",
        lambda self, some: honest(self, replace(some, where=some.where - {forgotten})),
    )
    wrong = values_of([figure], where, period, AT)[figure.key]
    monkeypatch.undo()
    lines, withheld = opened(records, where, period, by, figure)
    assert lines + withheld != wrong.n


def test_districts_and_months_add_up_to_the_city_and_the_year(world):
    year, city = PERIODS[3], world["place:city"]
    for figure in CATALOGUE:
        records = figure.kind.opens
        source = values.SOURCES[records.source]

        def counted(rows, records=records, source=source):
            return rows.aggregate(n=sum_of(Series(records), source))["n"]

        whole = rows_of(records, Scope("place", city.path), year, AT)
        months = by_period(records, Scope("place", city.path), months_in(year), AT)
        assert sum(months) == counted(whole)
        below = whole.exclude(Q(**{source.place: city.path}))
        parts = by_district(figure, Scope("place", city.path), city, year, AT)
        if not records.sums and not isinstance(figure.kind, Distinct):
            assert sum(value.n for _place, value in parts) == counted(below)
        for place, value in parts:
            assert value == values_of([figure], Scope("place", place.path), year, AT)[figure.key]


def test_what_still_moves_says_so_where_a_period_reaches_into_it(world):
    """The newest matters are being worked on; a past year has settled."""
    shown = figures_of(world["place:city"])
    now = unsettled(shown, PERIODS[3], DAY)
    assert now["matters.said_solved"] == ASK_DAYS
    assert now["matters.resolution_rate"] == longest_in_force(DAY) > ASK_DAYS
    assert set(now) == {figure.key for figure in shown if figure.until}
    assert unsettled(shown, year_of(date(DAY.year - 1, 5, 1)), DAY) == {}
    weeks = unsettled(shown, Period(DAY - timedelta(days=30), DAY - timedelta(days=14)), DAY)
    assert "matters.said_solved" not in weeks, "what was answered then is not asked about any more"
    assert "matters.resolution_rate" in weeks


def test_what_is_withheld_until_an_hour_is_not_even_counted_before_it(world):
    where, by = scope(world, "city"), world.cast.actor("city_operator")
    records = CATALOGUE[0].kind.opens
    before = opened(records, where, PERIODS[3], by)
    shown = Matter.objects.filter(withheld_until=None).exclude(state="merged").first()
    assert shown is not None
    with transaction.atomic():
        Matter.objects.filter(pk=shown.pk).update(withheld_until=AT + timedelta(hours=1))
        assert sum(opened(records, where, PERIODS[3], by)) == sum(before) - 1
        transaction.set_rollback(True)


def test_a_figure_of_the_city_costs_a_statement_for_each_source_and_time(
    world, django_assert_num_queries
):
    # Fifteen, one for each median, one for the office's calendar, one whether rolls were corrected,
    # one whether sums stand: here they do not.
    with django_assert_num_queries(21):
        values_of(CATALOGUE, scope(world, "city"), PERIODS[3], AT)


def test_what_forms_took_opens_onto_the_forms_and_onto_nobody_s_sending(world):
    where, figure = scope(world, "city"), FIGURES["forms.each"]
    lines, withheld = listed(figure, figure.kind.opens, where, PERIODS[3], EVERYTHING)
    assert [(line.title, line.n, withheld) for line in lines] == [
        ("matters.rate", 6, 0), ("study.evening", 3, 0),
    ]  # fmt: skip
    several, few = lines
    assert few.amount is None, "three say more about persons than about the form"
    reverse("web:declared_forms")  # forms are declared where their addresses are read
    with clock.at(AT):
        [burden] = [b for b in form_burdens() if b.declaration.key == "matters.rate"]
    assert several.amount == burden.each.value
    said = values_of([FIGURES["forms.minutes"]], where, quarter_of(DAY), AT)["forms.minutes"]
    with clock.at(AT):
        assert (said.number.n, said.n) == (quarter_total().minutes, quarter_total().sends)


def test_only_the_city_has_the_figures_that_belong_to_no_district(world):
    everybody = {f.key for f in CATALOGUE}
    assert {f.key for f in figures_of(world["place:city"])} == everybody
    only = everybody - {f.key for f in figures_of(world["place:haishu"])}
    assert only == {"forms.sends", "forms.minutes", "forms.each"}
    with pytest.raises(NotFound):
        figure_for("forms.each", world["place:haishu"])
    assert figure_for("forms.each", world["place:city"]).key == "forms.each"


def test_what_areas_show_by_themselves_is_what_the_figure_says(world):
    """Found by going there, the three rates, coverage: one condition, one number."""
    where, city, year = scope(world, "city"), world["place:city"], PERIODS[3]
    said = values_of(CATALOGUE, where, year, AT)
    start = clock.local(year.first, time())
    assert found_first(AT, since=start) == said["matters.found_rate"].number
    sheets = sheets_at(AT).filter(closed_at__isnull=False, evening__starts_at__gte=start)
    rates = [rate for sheet in sheets if (rate := RegisterLine(sheet, 0, 0).rate)]
    coverage = Rate(sum(rate.part for rate in rates), sum(rate.whole for rate in rates))
    assert coverage == said["study.coverage"].number
    answered = satisfaction(Asked(year.first, DAY), AT)
    for question in ("answered", "solved", "satisfied"):
        assert answered.share(question) == said[f"matters.said_{question}"].number
    [row] = [t for k, t in count_all(half_of(DAY).key, AT).items() if k == f"place:{city.path}"]
    half = values_of(CATALOGUE, where, half_of(DAY), AT)
    for name, key in (("entries", "attendance"), ("people", "people"), ("bodies", "bodies"),
                      ("evenings", "evenings")):  # fmt: skip
        assert row[name] == half[f"study.{key}"].number.n


def test_different_people_open_onto_people_named_to_who_may_know_them(world):
    where, year = scope(world, "city"), PERIODS[3]
    for key in ("study.people", "duty.people"):
        figure = FIGURES[key]
        lines, _ = listed(figure, figure.kind.opens, where, year, EVERYTHING)
        assert len({(line.title, line.sub) for line in lines}) == len(lines) > 0
        assert all(line.day is None for line in lines)
        number = values_of([figure], where, year, AT)[key].number
        assert number == Count(len(lines))
        none, withheld = listed(
            figure, figure.kind.opens, where, year, world.cast.actor("resident")
        )
        assert (none, withheld) == ([], len(lines))
    evenings = FIGURES["study.evenings"]
    lines, _ = listed(evenings, evenings.kind.opens, where, year, world.cast.actor("outsider"))
    assert lines
    assert all("/evenings/" in line.url for line in lines)
