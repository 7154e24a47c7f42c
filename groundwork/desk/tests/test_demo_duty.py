"""The demo city's orders: the winter's people by their definition, every rule kept, desks alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from django.db import transaction

from groundwork.access.models import Account
from groundwork.access.queries import actor_of_account
from groundwork.base import clock, vault
from groundwork.base.actor import Actor
from groundwork.base.models import OutboxMessage
from groundwork.desk.demo import builder, calls, duty
from groundwork.desk.demo.cast import HOME, LEADS_AT
from groundwork.desk.demo.figures import CALLED, called
from groundwork.desk.demo.hands import account_of
from groundwork.desk.demo.renewal import renew_order
from groundwork.duty.actions.orders import key_of
from groundwork.duty.models import GatePhone, LogEntry, Need, Order, Post, Shift, Swap
from groundwork.duty.policy.orders import is_open
from groundwork.duty.queries.board import board
from groundwork.duty.queries.instance import question
from groundwork.duty.queries.mine import mine
from groundwork.duty.queries.stones import stones_of
from groundwork.duty.queries.tonight import tonight
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.solver.check import BOUND, COST, judge
from groundwork.registry.models import Place

SCALE = 0.004
UNTIL = date(2020, 3, 20)
WINTER, SMALL = "新冠肺炎疫情联防联控卡口值守", "海曙区局部聚集性疫情处置"
# On PostgreSQL the whole city is built once, for test_demo_ledger.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Undo(Exception):
    """Leave a city behind."""


def written(until: date, hour: int = 18) -> datetime:
    """Write the directory and its orders, nothing else of the city; give the moment."""
    now = clock.local(until, time(hour, 20))
    rng = Random("city 1")
    city = builder._directory(SCALE, until, rng, builder._quiet)
    ground = duty.Scene(city.bodies, city.places, city.people)
    duty.write_orders(ground, SCALE, 1, now, builder._quiet, by=builder.BY)
    return now


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker) -> Iterator[datetime]:
    """The spring of 2020, three weeks after the winter's order ended; taken back in the end."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield written(UNTIL)
                raise Undo
        except Undo:
            pass


def distinct(order: Order) -> int:
    """Count distinct people with a shift that they have or stood."""
    posts = Post.objects.filter(shift__order=order, state__in=HOLDS)
    return posts.values("person").distinct().count()


def breaches(order: Order, call: calls.Call) -> list[object]:
    """Judge all that was posted under an order as if it were still a plan."""
    with transaction.atomic():
        Post.objects.filter(shift__order=order).update(state="planned", source="plan")
        asked = question(order, call.first, call.days, {}, at=call.planned_at)
        rows = list(Post.objects.filter(shift__order=order).values_list("person", "shift", "kind"))
        verdict = judge(asked.instance, asked.plan_of(rows))
        transaction.set_rollback(False)
    assert len(rows) == verdict.slots - verdict.unfilled
    return [one for one in verdict.violations if one.rule not in (COST, BOUND)]


def as_card(key: str) -> Actor:
    """Act as who came in by one of the cards."""
    return actor_of_account(account_of(key))


# Before the city that the others share is there.
@pytest.mark.django_db
def test_in_the_middle_of_the_winter_its_order_is_the_one_in_force():
    now = written(date(2020, 2, 18))
    winter = Order.objects.get()
    assert is_open(winter, now, "keeps_log")
    assert distinct(winter) == called(SCALE)
    states = set(Post.objects.values_list("state", flat=True))
    assert {"approved", "standing", "confirmed", "planned"} <= states
    assert Account.objects.filter(demo=True).exists()


@pytest.mark.django_db
def test_another_year_remembers_its_typhoon_and_last_weeks_city_gets_an_order_anew():
    now = written(date(2026, 11, 22), hour=9)
    storm = Order.objects.exclude(title=SMALL).get()
    assert (storm.kind, clock.day_of(storm.ends_at)) == ("typhoon", date(2026, 8, 11))
    assert distinct(storm) == called(SCALE)
    small = Order.objects.get(title=SMALL)
    assert is_open(small, now, "checks_in")
    with clock.at(now):
        assert renew_order(now) is None
    later = now + timedelta(days=7)
    with clock.at(later):
        begun = renew_order(later)
        assert begun is not None
        assert is_open(begun, later, "checks_in")
        assert renew_order(later) is None
        small.refresh_from_db()
        assert small.state == Order.State.ENDED


def test_at_full_scale_it_is_the_winters_twenty_eight_thousand():
    assert called(1) == CALLED == 28_000
    assert called(SCALE) == 112
    assert called(0.02) == 560


def test_so_many_distinct_people_have_a_shift_as_the_figure_says(city):
    winter = Order.objects.get(title=WINTER)
    assert distinct(winter) == called(SCALE)
    assert Post.objects.filter(shift__order=winter).values("person").distinct().count() == 112


def test_the_winters_order_says_who_ordered_it_on_what_basis_and_when_it_ended(city):
    winter = Order.objects.select_related("body", "place").get(title=WINTER)
    assert winter.body.code == "3302-D"
    assert winter.place.code == "3302"
    assert "传染病防治法" in winter.basis
    assert clock.day_of(winter.starts_at) == date(2020, 2, 1)
    assert winter.ends_at == clock.local(date(2020, 3, 2), time(0))
    assert winter.state == Order.State.ENDED
    verbs = list(winter.steps.values_list("verb", flat=True))
    assert verbs == ["draft", "activate", "call", "end", "erase"]


def test_its_log_is_gone_with_its_key_and_a_tombstone_says_how_much(city):
    winter = Order.objects.get(title=WINTER)
    assert winter.erased_at is not None
    assert not LogEntry.objects.filter(order=winter).exists()
    assert not GatePhone.objects.filter(gate__order=winter, closed_at=None).exists()
    assert sum(stone.count for stone in stones_of(winter)) > 0
    with pytest.raises(vault.KeyGone):
        vault.seal(key_of(winter), b"")


def test_the_shifts_are_of_the_three_parts_of_the_day(city):
    hours = {
        (start.astimezone(clock.ZONE).hour, end.astimezone(clock.ZONE).hour)
        for start, end in Shift.objects.filter(order__title=WINTER).values_list(
            "starts_at", "ends_at"
        )
    }
    assert hours == {(8, 12), (12, 17), (17, 22)}


def test_the_independent_judge_finds_nothing_broken(city):
    for title, call in ((WINTER, calls.large(city)), (SMALL, calls.small(city))):
        assert breaches(Order.objects.get(title=title), call) == []


def test_the_judge_would_have_found_a_second_shift_of_the_same_evening(city):
    winter, call = Order.objects.get(title=WINTER), calls.large(city)
    first = Post.objects.filter(shift__order=winter).select_related("shift").latest("pk")
    same = Shift.objects.filter(order=winter, starts_at=first.shift.starts_at)
    other = same.exclude(pk=first.shift_id).exclude(posts__person=first.person_id).first()
    assert other is not None
    point = transaction.savepoint()
    Post.objects.filter(shift=other).delete()
    Post.objects.create(shift=other, person=first.person, kind="lead")
    rules = {one.rule for one in breaches(winter, call)}
    transaction.savepoint_rollback(point)
    assert "overlap" in rules


def test_counts_of_every_shift_are_those_of_its_needs_and_posts(city):
    posted = Counter(Post.objects.filter(state__in=HOLDS).values_list("shift", flat=True))
    wanted: Counter[int] = Counter()
    for shift, count in Need.objects.values_list("shift", "count"):
        wanted[shift] += count
    for shift in Shift.objects.all():
        assert (shift.wanted, shift.posted) == (wanted[shift.pk], posted[shift.pk])


def test_hours_are_confirmed_and_the_rest_is_told_as_it_was(city):
    posts = Post.objects.filter(shift__order__title=WINTER)
    states = Counter(posts.values_list("state", flat=True))
    assert states["approved"] > 0.9 * sum(states.values())
    assert not set(states) & {"planned", "confirmed", "standing", "stood", "missed", "contested"}
    approved = posts.filter(state="approved")
    came = approved.exclude(came_at=None).exclude(went_at=None).exclude(settled_at=None)
    assert came.count() + states["absent"] >= 0.98 * states["approved"]


def test_tonight_something_is_alive_for_every_desk(city):
    order = Order.objects.get(title=SMALL)
    assert all(is_open(order, city, door) for door in ("calls_up", "checks_in", "keeps_log"))
    seen = board(order, order.place, city)
    assert seen.gates.whole >= 5
    home = tonight(as_card("community-secretary"), Place.objects.get(code=HOME).public_id, city)
    assert home.shifts
    assert home.registered.n >= 1
    assert any(evening.posts for evening in home.shifts)
    assert LogEntry.objects.filter(order=order).exists()


def test_the_gate_lead_leads_tonight_and_the_staff_member_has_been_and_is_wanted(city):
    lead = mine(as_card("gate-lead"), city)
    assert lead.next is not None
    assert lead.next.post.shift.place.code == LEADS_AT
    assert lead.next.post.shift.starts_at <= city < lead.next.post.shift.ends_at
    assert lead.next.post.kind == "lead"
    staff = mine(as_card("staff"), city)
    assert staff.next is not None
    coming = Post.objects.filter(person=as_card("staff").person_id, shift__starts_at__gt=city)
    assert coming.filter(state__in=("planned", "confirmed")).exists()
    assert staff.past.rows[0].shift.place.code == HOME


def test_one_may_sign_up_tomorrow_take_over_a_shift_and_confirm_hours(city):
    tomorrow = Shift.objects.filter(
        order__title=SMALL, place__code=HOME, day=UNTIL + timedelta(days=1)
    )
    assert any(shift.posted < shift.wanted for shift in tomorrow)
    assert Swap.objects.filter(state="open").count() == 1
    stood = Post.objects.filter(state="stood", shift__place__code=HOME)
    assert stood.exists(), "hours for the community to confirm"


def test_nobody_is_written_to(city):
    assert not OutboxMessage.objects.filter(kind__startswith="duty.", done_at=None).exists()
