"""Figures of television and discussion: what the season's page says, nothing before its hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from groundwork.base import clock
from groundwork.base.actor import NOBODY, system
from groundwork.base.models import Change
from groundwork.base.numbers import Count, Rate, Share
from groundwork.campaigns.actions import inquiry_items, rectify, talking
from groundwork.campaigns.queries.inquiry import season_page
from groundwork.campaigns.tests import make_inquiry as make
from groundwork.figures.actions.fill import fill
from groundwork.figures.queries.checking import differences
from groundwork.figures.queries.on_air import ON_AIR
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import counted_values, values_of
from groundwork.figures.rules.catalogue import CATALOGUE
from groundwork.figures.rules.periods import year_of
from groundwork.matters.actions import embargo
from groundwork.matters.actions.verdict import Said, rate_answer
from groundwork.matters.models import Category
from groundwork.matters.tests.make import receipt_at
from tests import cast as casting
from tests import world as worlds
from tests.cast import EVENING
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CITY = system("tests")
MINE = [figure for figure in CATALOGUE if figure.key.startswith("campaigns.")]
YEAR = year_of(EVENING.date())


class Undo(Exception):
    """Leave the world behind."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One of everything, its sums filled once."""
    with django_db_blocker.unblock(), clock.at(EVENING):
        try:
            with transaction.atomic():
                world = worlds.build(casting.build(), EVENING)
                fill(at=EVENING)
                yield world
                raise Undo
        except Undo:
            pass


@pytest.fixture
def world(built) -> Iterator[World]:
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def said(world: World, at, where: str = "city") -> dict[str, object]:
    scope = Scope("place", world[f"place:{where}"].path)
    kept, counted = (ask(MINE, scope, YEAR, at) for ask in (values_of, counted_values))
    assert {k: v.number for k, v in kept.items()} == {k: v.number for k, v in counted.items()}
    return {key.removeprefix("campaigns."): value.number for key, value in kept.items()}


def checked(at) -> None:
    """Fill, and hold every kept sum of the area against its records."""
    fill(at=at)
    for source in ON_AIR:
        assert not list(differences(source, at))


def test_the_figures_say_what_the_season_s_page_says(world):
    page = season_page(NOBODY, world["season"].public_id, EVENING)
    now = said(world, EVENING)
    assert (now["problems"], now["units"], now["solved"]) == (
        page.problems,
        page.units,
        page.solved,
    )
    assert now["satisfied"] == page.words.share("satisfied") == Share(1, 1, 1)
    assert now["evenings"] == Count(1)
    assert now["solved"] == Rate(1, 1)


def test_no_figure_and_no_change_tells_of_an_evening_before_its_hour(world):
    hour = world["episode:coming"].airs_at
    before = said(world, EVENING)
    changes = Change.objects.filter(kind__startswith="campaigns.").values_list("before", "after")
    assert str(clock.day_of(hour)) not in json.dumps(list(changes))
    just, then = hour - timedelta(seconds=1), hour + timedelta(seconds=1)
    checked(just)
    assert said(world, just) == before
    checked(then)  # nobody did anything: the clock let it count
    after = said(world, then)
    assert after["evenings"] == Count(2)
    assert after["problems"] == Count(3)


def test_a_problem_asked_on_two_evenings_counts_once_and_both_evenings_do(world):
    first, at = world["item"], EVENING
    cast, by = world.cast, world.cast.actor("editor")
    hour = at + timedelta(hours=1)
    again = make.an_episode(cast, world["season"], title="又问了一次", airs_at=hour, at=at)
    plan = inquiry_items.ItemPlan(make.TITLE, make.QUESTION, cast.bodies["other_unit"])
    inquiry_items.put_matter(again.public_id, first.matter.receipt, plan, by=by, at=at)
    checked(hour)
    now = said(world, hour)
    assert (now["problems"], now["evenings"], now["units"]) == (Count(1), Count(2), Count(2))
    receipt = receipt_at(cast, "answered", at=at, words="播后有人反映的。")
    inquiry_items.put_matter(
        again.public_id, receipt.matter.receipt, plan, by=CITY, at=hour + timedelta(minutes=5)
    )
    later = hour + timedelta(minutes=6)
    checked(later)
    assert said(world, later)["solved"] == Rate(1, 2)


def test_what_moves_a_matter_moves_the_day_of_its_broadcast(world):
    cast, item, at = world.cast, world["item"], EVENING + timedelta(minutes=1)
    look = inquiry_items.Look("relapse", "back", at.date(), "去看过，井盖又翻了。")
    inquiry_items.record_revisit(item.public_id, look, by=cast.actor("auditor"), at=at)
    checked(at)
    assert said(world, at)["solved"] == Rate(0, 1)
    embargo.withhold_matter(
        item.matter.public_id, at + timedelta(days=2), "再播以前不公开", by=CITY, at=at
    )
    checked(at)
    assert said(world, at)["problems"] == Count(0)
    embargo.lift_embargo(item.matter.public_id, "不再播了", by=CITY, at=at)
    checked(at)
    assert said(world, at)["problems"] == Count(1)


def test_what_a_raiser_says_moves_the_share_of_its_evening(world):
    cast, at = world.cast, EVENING + timedelta(minutes=1)
    receipt = receipt_at(cast, "answered", at=at - timedelta(days=9), words="路灯不亮。")
    plan = inquiry_items.ItemPlan(make.TITLE, make.QUESTION)
    inquiry_items.put_matter(
        world["episode"].public_id, receipt.matter.receipt, plan, by=CITY, at=at
    )
    checked(at)
    assert said(world, at)["satisfied"] == Share(1, 1, 2)
    rate_answer(receipt.secret, Said(satisfied=False), by=NOBODY, at=at)
    checked(at)
    assert said(world, at)["satisfied"] == Share(1, 2, 2)


def test_what_is_said_counts_once_it_is_shown_or_taken_up(world):
    at, by = EVENING + timedelta(minutes=1), world.cast.actor("city_operator")
    before = said(world, EVENING)
    assert (before["said"], before["taken_up"]) == (Count(2), Rate(0, 0))
    word = world["talk:word:waiting"].public_id
    talking.settle_word(word, "show", by=by, at=at)
    checked(at)
    assert (said(world, at)["said"], said(world, at)["taken_up"]) == (Count(3), Rate(0, 1))
    talking.take_up(word, Category.objects.get(code="roads"), by=by, at=at)
    checked(at)
    assert said(world, at)["taken_up"] == Rate(1, 1)


def test_a_finding_counts_as_it_stands_in_the_ledger(world):
    cast, key = world.cast, world["finding"].public_id
    at, by = EVENING + timedelta(minutes=1), cast.actor("district_operator")
    rectify.report_fixed(key, "留言当天回，值班表写明了谁回。", by=cast.actor("staff"), at=at)
    look = rectify.Look("fixed", at.date(), "抽看了登记，都在当天回了。")
    rectify.check_finding(key, look, by=by, at=at)
    checked(at)
    now = said(world, at, "haishu")
    assert (now["findings"], now["put_right"]) == (Count(1), Rate(1, 1))
    back = rectify.Look("back", at.date(), "又有三条没有回。")
    rectify.check_finding(key, back, by=by, at=at)
    checked(at)
    now = said(world, at, "haishu")
    assert (now["put_right"], now["came_back"]) == (Rate(0, 1), Rate(1, 1))
