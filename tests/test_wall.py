"""A curve says what its figure says of each step; pages and walls show each what they may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.html import escape

from groundwork.base import clock
from groundwork.base.numbers import SMALLEST_WHOLE, Count
from groundwork.duty.models import Order
from groundwork.figures import policy
from groundwork.figures.actions.fill import fill
from groundwork.figures.queries.occasions import occasions
from groundwork.figures.queries.parts import by_split
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import rows_of, values_by_step, values_of
from groundwork.figures.queries.wall import Wall, audience, read_wall
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.periods import Period, month_of, to_month_of, week_of, year_of
from groundwork.figures.rules.steps import steps_in
from groundwork.matters.models import Category
from groundwork.study.models import Programme
from tests import cast as casting
from tests import world as worlds
from tests.cast import EVENING, ROLES
from tests.world import World

pytestmark = pytest.mark.django_db
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
    with django_assert_max_num_queries(22):
        values_by_step(CATALOGUE, scope, steps_in(year_of(DAY), DAY), AT)


def test_bars_hold_every_record_in_the_order_of_the_directory(world):
    figure, year = FIGURES["matters.raised"], year_of(DAY)
    scope = Scope("place", world["place:city"].path)
    category, door = (by_split(figure, by, scope, year, AT) for by in ("category", "door"))
    order = list(Category.objects.filter(parent=None).values_list("name", flat=True))
    listed = [part.name for part in category]
    assert listed == [name for name in order if name in listed]
    total = rows_of(figure.kind.opens, scope, year, AT).count()
    assert sum(part.value.n for part in category) == sum(part.value.n for part in door)
    assert sum(part.value.n for part in door) == total > 5


def test_the_page_shows_the_curve_with_its_table_and_no_bars_of_districts(world):
    page = world.cast.client("resident").get(
        reverse("figures:figure", args=["matters.raised"]), {"period": "2026"}
    )
    body = page.content.decode()
    curve = page.context["curve"]
    assert body.count('class="chart"') == 1
    assert f"最高 {curve.highest.text}" in body
    assert all(f'<th scope="row">{mark.name}</th>' in body for mark in curve.marks)
    assert [by for by, _bars, _table in page.context["splits"]] == ["类别", "渠道"]
    assert page.context["before"] is None, "a year without records is nothing to compare with"
    districts = body[body.index("按区县") :]
    assert "<svg viewBox" not in districts, "lengths beside each other would rank them"


def test_the_page_of_a_figure_says_what_the_period_before_was(world):
    url, now = reverse("figures:figure", args=["matters.raised"]), week_of(DAY)
    page = world.cast.client("resident").get(url, {"period": now.key})
    _name, before = page.context["before"]
    assert before.period.after == now.first
    assert before.number == Count(before.n)
    assert before.n > 0
    assert "上一时段" in page.content.decode()
    to_month = world.cast.client("resident").get(url, {"period": to_month_of(DAY).key})
    assert to_month.context["before"] is None, "the part of a year has none before it"


# ---- the wall -------------------------------------------------------------------------------
def reading(world: World, who: str, place: str = "city") -> Wall:
    by, where = world.cast.actor(who), world[f"place:{place}"]
    return read_wall(by, where, to_month_of(DAY), EVENING)


def seen(found: Wall) -> tuple[object, ...]:
    evenings = [evening.pk for evening in found.evenings], found.more_evenings
    orders = [order.pk for order in found.orders or []], found.more_orders, found.orders is None
    return found.values, found.tiles, evenings, orders


def test_who_is_said_to_see_alike_does_see_alike(world):
    """The kept reading is shown to a whole audience: it holds nothing that one of them lacks."""
    first: dict[str, Wall] = {}
    for who in ROLES:
        kind = audience(world.cast.actor(who))
        found = reading(world, who)
        assert seen(found) == seen(first.setdefault(kind, found)), who
    assert set(first) == {"staff", "known", "public"}
    assert first["staff"].orders
    assert first["known"].orders is first["public"].orders is None
    staff, public = ({e.pk for e in first[kind].evenings} for kind in ("staff", "public"))
    assert staff
    assert public <= staff


def test_a_tile_says_yes_or_no_of_a_district_in_the_order_of_their_codes(world):
    found = reading(world, "staff")
    assert [tile.place.code for tile in found.tiles] == ["330203", "330212"]
    orders = {order.place.code for order in found.orders or []}
    for tile in found.tiles:
        assert tile.order is any(
            code.startswith(tile.place.code) or tile.place.code.startswith(code) for code in orders
        )
        assert isinstance(tile.evening, bool)
    assert not any(tile.order for tile in reading(world, "resident").tiles)
    townships = reading(world, "staff", "haishu").tiles
    assert townships
    assert all(tile.place.code.startswith("330203") for tile in townships)


def test_a_thousand_walls_cost_one_reading_and_an_unchanged_one_is_not_sent_again(
    world, django_assert_num_queries
):
    client, url = world.cast.client("resident"), reverse("figures:wall_part")
    cache.clear()
    first = client.get(url)
    page = client.get(reverse("figures:wall"))
    assert not page.cookies
    assert "public" in page["Cache-Control"]
    assert f'data-tag="{escape(first["ETag"])}"' in page.content.decode()
    with django_assert_num_queries(1 * 20):  # the city's row, to know what is asked for
        answers = [client.get(url, headers={"If-None-Match": first["ETag"]}) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {304}
    assert {answer.content for answer in answers} == {b""}
    other = client.get(url, {"figure": "service.visits"})
    assert (other.status_code, other["ETag"] == first["ETag"]) == (200, False)
    assert client.get(url, {"figure": "no.such"}).status_code == 404


def test_what_staff_see_is_kept_for_staff_alone(world):
    url = reverse("figures:wall_part")
    cache.clear()
    staff = world.cast.client("staff").get(url)
    public = world.cast.client("resident").get(url)
    assert "生效的启动令" in staff.content.decode()
    assert "启动令" not in public.content.decode()
    assert staff["ETag"] != public["ETag"]
    assert "private" in staff["Cache-Control"]
    assert "/records/" in public.content.decode(), "each number opens onto its records"


def test_a_wall_costs_a_constant_number_of_statements(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        reading(world, "staff")


# ---- a unit's page --------------------------------------------------------------------------
def test_a_unit_has_a_page_like_the_city_s_for_those_who_answer_for_it(world):
    url, body = reverse("figures:figures"), world["body:unit"].public_id
    for who, status in (
        ("unit_secretary", 200), ("staff", 200), ("district_operator", 200), ("auditor", 200),
        ("other_secretary", 404), ("outsider", 404), ("enterprise", 404), ("resident", 404),
    ):  # fmt: skip
        page = world.cast.client(who).get(url, {"body": body, "period": "2026"})
        assert page.status_code == status, who
    page = world.cast.client("unit_secretary").get(url, {"body": body, "period": "2026"})
    shown = [card for card, _curve in page.context["chief"]]
    where = Scope("body", world["body:unit"].path)
    said = values_of(policy.figures_of_bodies(), where, year_of(DAY), AT)
    assert {card.value.figure.key: card.value.number for card in shown}.items() <= {
        key: value.number for key, value in said.items()
    }.items()
    assert len(shown) >= 10
    keys = {figure.key for figure in policy.figures_of_bodies()}
    assert not keys & {"live.viewers", "live.plays", "forms.sends"}, "who watched: of no unit"
    assert "没有去年的记录" in page.content.decode()
    assert "海曙区教育局" in page.content.decode()
    for thing in ("body:office", "body:outside"):
        page = world.cast.client("city_operator").get(url, {"body": world[thing].public_id})
        assert page.status_code == 404, "so few people, or not the city's own"


def test_a_unit_s_figure_leads_to_its_records_and_to_no_other_s(world):
    client, body = world.cast.client("unit_secretary"), world["body:unit"].public_id
    asked = {"body": body, "period": "2026"}
    page = client.get(reverse("figures:figure", args=["study.attendance"]), asked)
    card = page.context["card"]
    assert f"body={body}" in card.open
    records = client.get(card.open)
    assert records.context["listing"].n == card.value.n > 0
    assert "海曙区教育局" in records.content.decode()
    other = world["body:other_unit"].public_id
    for page in ("figures:figure", "figures:records", "figures:bodies_of"):
        url = reverse(page, args=["study.attendance"])
        assert client.get(url, {**asked, "body": other}).status_code == 404
    assert client.get(reverse("figures:figure", args=["live.viewers"]), asked).status_code == 404
    api = f"/api/v1/figures/study.attendance?period=2026&body={body}"
    assert client.get(api).json()["count"] == card.value.n
    assert client.get(f"{api}&place=330212").json()["count"] == 0
    assert world.cast.client("resident").get(api).status_code == 404


def test_a_table_by_unit_stands_in_directory_order_and_cannot_be_sorted(world):
    url = reverse("figures:bodies_of", args=["matters.resolution_rate"])
    asked = {"period": "2026"}
    page = world.cast.client("city_operator").get(url, asked)
    rows = page.context["table"].rows
    paths = [world["body:party"].path, world["body:unit"].path]
    assert [row.depth for row in rows][:1] == [len(paths[0]) // 4]
    assert page.context["table"].heads == ["分子", "分母", "占比"]
    for sort in ("sort", "order", "by", "o"):
        again = world.cast.client("city_operator").get(url, {**asked, sort: "-n"})
        assert [row.name for row in again.context["table"].rows] == [row.name for row in rows]
    small = [row.cells for row in rows if int(row.cells[1].replace(",", "")) < SMALLEST_WHOLE]
    assert all(cells[2] == "不足 5" for cells in small)
    mine = world.cast.client("unit_secretary").get(url, asked)
    assert {row.name for row in mine.context["table"].rows} <= {"海曙区教育局"}
    assert mine.context["elsewhere"] > 0, "counted, not named"


def test_a_part_of_a_figure_has_its_own_address_and_inner_directories_are_known_inside(world):
    url = reverse("figures:figure", args=["matters.raised"])
    staff, resident = world.cast.client("staff"), world.cast.client("resident")
    page = resident.get(url, {"period": "2026"})
    splits = {title: bars for title, bars, _table in page.context["splits"]}
    assert set(splits) == {"类别", "渠道"}
    mark = splits["渠道"].marks[0]
    part = resident.get(mark.url)
    assert part.context["card"].value.n == mark.value
    assert resident.get(part.context["card"].open).context["listing"].n == mark.value
    inner = staff.get(url, {"period": "2026"})
    assert "服务的中心工作" in {title for title, _bars, _table in inner.context["splits"]}
    assert staff.get(url, {"period": "2026", "priority": "none"}).status_code == 200
    assert resident.get(url, {"door": "nothing"}).status_code == 404
    rest = resident.get(part.context["cuts"][0][2])
    assert rest.context["card"].value.n == page.context["card"].value.n


def test_a_term_and_the_time_of_an_order_are_periods_for_who_may_know_of_them(world):
    named = occasions(world.cast.actor("staff"), AT)
    programme, order = Programme.objects.first(), Order.objects.exclude(state="draft").first()
    assert (programme.name, Period(programme.starts, programme.ends + timedelta(days=1))) in named
    found = dict(named)
    assert found[order.title].first == clock.day_of(order.starts_at)
    assert found[order.title].last == clock.day_of(order.ended_at or order.ends_at)
    assert occasions(world.cast.actor("resident"), AT) == []
    page = world.cast.client("staff").get(
        reverse("figures:figure", args=["duty.people"]), {"period": found[order.title].key}
    )
    assert page.context["period_name"].startswith(f"{order.title}（")
    assert (found[order.title].key, order.title) in page.context["periods"]
