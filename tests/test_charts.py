"""A curve says what its figure says of each step; bars keep the directory's order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from groundwork.base import clock
from groundwork.base.chart import Chart, Mark, drawn, labels_of, lines_of, share_of
from groundwork.figures.actions.fill import fill
from groundwork.figures.queries.curves import splits_of
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import rows_of, values_by_step, values_of
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.periods import Period, half_of, month_of, week_of, year_of
from groundwork.figures.rules.steps import steps_in
from groundwork.matters.models import Category
from tests import cast as casting
from tests import world as worlds
from tests.cast import EVENING
from tests.world import World

AT = EVENING + timedelta(hours=3)
DAY = EVENING.date()


class Undo(Exception):
    """Leave the world behind."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), clock.at(AT):
        try:
            with transaction.atomic():
                with clock.at(EVENING):
                    built = worlds.build(casting.build(), EVENING)
                cache.clear()
                yield built
                raise Undo
        except Undo:
            cache.clear()


# ---- rules ----------------------------------------------------------------------------------
def test_a_period_is_drawn_by_day_by_week_or_by_month_and_never_ahead_of_today():
    assert [len(steps_in(p, date(2027, 1, 1))) for p in (week_of(DAY), month_of(DAY))] == [7, 6]
    assert len(steps_in(half_of(DAY), date(2027, 1, 1))) == 6
    assert len(steps_in(year_of(DAY), DAY)) == 11
    assert [step.kind for step in steps_in(month_of(DAY), DAY)][:2] == ["span", "week"]
    for period in (week_of(DAY), month_of(DAY), half_of(DAY), year_of(DAY)):
        steps = steps_in(period, date(2101, 1, 1))
        assert (steps[0].first, steps[-1].after) == (period.first, period.after)
        assert all(a.after == b.first for a, b in pairwise(steps))


def test_a_mark_without_a_number_interrupts_the_line_and_stays_in_the_table():
    chart = Chart("x", [Mark("1", 5), Mark("2", None), Mark("3", 10), Mark("4", 0)])
    assert lines_of(chart, 3, 10) == [[(0.0, 5.0)], [(2.0, 0.0), (3.0, 10.0)]]
    assert [mark.text for mark in chart.marks] == ["5", "—", "10", "0"]
    assert chart.highest == Mark("3", 10)
    assert not Chart("x", [Mark("1", 5)]).drawable, "one point is no curve"
    assert not Chart("x", [Mark("1", 0), Mark("2", 0)]).drawable


def test_a_share_is_drawn_against_a_hundred_and_not_against_its_highest():
    chart = Chart("x", [Mark("1", 96.0), Mark("2", 98.0)], most=100)
    assert lines_of(chart, 1, 100) == [[(0.0, 4.0), (1.0, 2.0)]]
    assert chart.top_shown == "100%"


def test_labels_stand_evenly_with_the_first_and_the_last():
    marks = [Mark(str(n), n) for n in range(11)]
    assert [i for i, _mark in labels_of(Chart("x", marks))] == [0, 2, 4, 6, 8, 10]
    assert [i for i, _mark in labels_of(Chart("x", marks[:8]))] == [0, 7]
    assert [i for i, _mark in labels_of(Chart("x", marks[:1]))] == [0]


@pytest.mark.parametrize("kind", ["curve", "bars"])
def test_a_picture_for_paper_holds_its_words_inside_its_edges(kind):
    marks = [Mark("公共设施和城市管理", 1200000), Mark("<其他>&", 3), Mark("末", 600000)]
    tree = ElementTree.fromstring(drawn(Chart("逐月", marks, kind=kind)))
    words = [(node.get("x"), node.text or "") for node in tree.iter() if node.tag.endswith("text")]
    assert "1,200,000" in [text for _x, text in words]
    assert "<其他>&" in [text for _x, text in words] or kind == "curve"
    assert all(0 <= float(x or -1) <= 720 for x, _text in words)
    if kind == "bars":
        assert share_of(Chart("x", marks), marks[2]) == 50


# ---- values ---------------------------------------------------------------------------------
@pytest.mark.parametrize("filled", [False, True], ids=["counted", "kept"])
def test_each_step_says_what_the_figure_says_of_that_period(world, filled):
    if filled:
        fill(at=AT)
    scope = Scope("place", world["place:haishu"].path)
    for period in (year_of(DAY), month_of(DAY), Period(DAY - timedelta(days=40), DAY)):
        steps = steps_in(period, DAY)
        found = values_by_step(CATALOGUE, scope, steps, AT)
        assert set(found) == set(FIGURES)
        for i, step in enumerate(steps):
            alone = values_of(CATALOGUE, scope, step, AT)
            for key, values in found.items():
                assert values[i].number == alone[key].number, (key, step)
                assert values[i].edition == alone[key].edition


def test_a_curve_of_all_figures_costs_a_statement_for_each_source_and_time(
    world, django_assert_max_num_queries
):
    scope = Scope("place", world["place:city"].path)
    with django_assert_max_num_queries(7):
        values_by_step(CATALOGUE, scope, steps_in(year_of(DAY), DAY), AT)


def test_bars_hold_every_record_in_the_order_of_the_directory(world):
    records, year = FIGURES["matters.raised"].kind.opens, year_of(DAY)
    scope = Scope("place", world["place:city"].path)
    category, door = splits_of(records, scope, year, AT)
    order = list(Category.objects.filter(parent=None).values_list("name", flat=True))
    listed = [mark.label for mark in category.marks]
    assert listed == [name for name in order if name in listed]
    total = rows_of(records, scope, year, AT).count()
    assert sum(m.value or 0 for m in category.marks) == sum(m.value or 0 for m in door.marks)
    assert sum(m.value or 0 for m in door.marks) == total > 5


def test_the_page_shows_the_curve_with_its_table_and_no_bars_of_districts(world):
    page = world.cast.client("resident").get(
        reverse("figures:figure", args=["matters.raised"]), {"period": "2026"}
    )
    body = page.content.decode()
    curve = page.context["curve"]
    assert body.count('class="chart"') == 1
    assert f"最高 {curve.highest.text}" in body
    assert all(f'<th scope="row">{mark.name}</th>' in body for mark in curve.marks)
    assert [str(chart.title) for chart in page.context["splits"][0]] == ["类别", "渠道"]
    districts = body[body.index("按区县") :]
    assert "<svg viewBox" not in districts, "lengths beside each other would rank them"
