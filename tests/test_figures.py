"""A figure is as long as what it opens onto: for every figure, reader, place and period.

The numbers come from one statement for each source (`values_of`), what they open onto from the
lists (`behind`), page by page: two ways through the records that must meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q

from groundwork.base import clock
from groundwork.base.numbers import Count, Rate, Ratio
from groundwork.figures.queries import values
from groundwork.figures.queries.records import behind
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import by_district, by_period, rows_of, values_of
from groundwork.figures.rules.catalogue import CATALOGUE
from groundwork.figures.rules.kinds import Distinct
from groundwork.figures.rules.periods import Period, half_of, month_of, months_in, week_of, year_of
from groundwork.matters.models import Matter
from tests import cast as casting
from tests import world as worlds
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
                yield built
                raise Undo
        except Undo:
            pass


def scope(world: World, name: str) -> Scope:
    return Scope("place", world[f"place:{name}"].path)


def opened(records, where, period, by) -> tuple[int, int]:
    """Walk all pages of a list; give how many lines there are and how many are withheld."""
    lines, cursor = 0, ""
    while True:
        page = behind(records, where, period, AT, by, cursor)
        lines += len(page.lines)
        if not page.next:
            return lines, page.withheld
        cursor = page.next


@pytest.mark.parametrize("who", ROLES)
def test_every_figure_is_as_long_as_what_it_opens_onto(world, who):
    """Pairwise: each reader meets each figure in turn at another place and period."""
    by = world.cast.actor(who)
    shift = ROLES.index(who)
    for number, figure in enumerate(CATALOGUE):
        where = scope(world, PLACES[(number + shift) % len(PLACES)])
        for period in (PERIODS[(number + shift) % len(PERIODS)], PERIODS[3]):
            value = values_of([figure], where, period, AT)[figure.key]
            lines, withheld = opened(figure.kind.opens, where, period, by)
            assert lines + withheld == value.n
            if isinstance(value.number, Rate):
                whole, hidden = opened(figure.kind.whole, where, period, by)
                assert (value.number.part, value.number.whole) == (value.n, whole + hidden)
            elif isinstance(value.number, Ratio):
                per, hidden = opened(figure.kind.per, where, period, by)
                assert (value.number.number, value.number.per) == (value.n, per + hidden)
            elif isinstance(figure.kind, Distinct):
                assert value.number.n <= value.n
            else:
                assert value.number == Count(lines + withheld)


def test_the_world_has_something_to_count_and_something_to_withhold(world):
    counted = values_of(CATALOGUE, scope(world, "city"), PERIODS[3], AT)
    assert counted["matters.raised"].n > 5
    assert counted["study.attendance"].n > 0
    resident = world.cast.actor("resident")
    lines, withheld = opened(CATALOGUE[0].kind.opens, scope(world, "city"), PERIODS[3], resident)
    assert lines
    assert withheld, "complaints and what was not cleared yet are counted, not shown"


def test_a_filter_that_one_of_the_two_ways_forgets_is_found(world, monkeypatch):
    """The mutation: the counting statement drops one condition of the resolution rate."""
    figure = next(f for f in CATALOGUE if f.key == "matters.resolution_rate")
    where, period, by = scope(world, "city"), PERIODS[3], world.cast.actor("city_operator")
    source = values.SOURCES["matters.matter"]
    honest = type(source).meaning
    rows = rows_of(figure.kind.part, where, period, AT)
    others = rows_of(figure.kind.whole, where, period, AT).count()
    assert rows.count() < others, "the world has a matter that is not done"
    monkeypatch.setattr(
        type(source),
        "meaning",
        lambda self, records: honest(self, records.__class__(records.source, records.when,
                                                            records.where - {"done"})),
    )  # fmt: skip
    wrong = values_of([figure], where, period, AT)[figure.key]
    monkeypatch.undo()
    lines, withheld = opened(figure.kind.opens, where, period, by)
    assert lines + withheld != wrong.n


def test_districts_and_months_add_up_to_the_city_and_the_year(world):
    year, city = PERIODS[3], world["place:city"]
    for figure in CATALOGUE:
        records = figure.kind.opens
        whole = rows_of(records, Scope("place", city.path), year, AT)
        months = by_period(records, Scope("place", city.path), months_in(year), AT)
        assert sum(months) == whole.count()
        source = values.SOURCES[records.source]
        below = whole.exclude(Q(**{source.place: city.path}))
        assert sum(n for _place, n in by_district(records, city, year, AT)) == below.count()


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
    # Five, one that asks whether rolls were corrected, one whether sums stand: here they do not.
    with django_assert_num_queries(7):
        values_of(CATALOGUE, scope(world, "city"), PERIODS[3], AT)
