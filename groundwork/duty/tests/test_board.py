"""Every number of the board is the length of the list it opens onto."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.base.errors import Forbidden
from groundwork.duty.models import Post, Shift
from groundwork.duty.queries.board import board
from groundwork.duty.queries.shifts import LOOKS, Wanted, shifts, wanted_shifts
from groundwork.duty.queries.tonight import tonight
from groundwork.duty.tests.make import AT, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import call

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(cast, at):
    return order_of(cast)


@pytest.fixture
def city(cast, order):
    """Gates in two districts, with shifts of every sort around 18:20."""
    here = gate_of(cast, order)
    there = gate_of(cast, order, "dongsheng")
    west = gate_of(cast, order, name="西门")
    now = shift_of(here)
    post_of(cast, now, "staff", state="standing")
    shift_of(there)  # nobody there
    alone = shift_of(here, 1)
    post_of(cast, alone, "clerk", state="planned")
    early = shift_of(west)
    Shift.objects.filter(pk=early.pk).update(
        starts_at=AT - timedelta(hours=9), ends_at=AT - timedelta(hours=4)
    )
    post_of(cast, early, "unit_secretary", state="stood")
    late = shift_of(west, 2)
    Shift.objects.filter(pk=late.pk).update(
        starts_at=AT + timedelta(hours=4), ends_at=AT + timedelta(hours=9)
    )
    off = shift_of(west, 3)
    Shift.objects.filter(pk=off.pk).update(called_off_at=AT)
    return {"now": now, "alone": alone, "early": early, "late": late, "off": off}


def test_every_number_is_the_length_of_its_list(cast, order, city, at):
    for place in (order.place, cast.places["haishu"], cast.places["chenglang"]):
        page = board(order, place, AT)
        narrow = None if place == order.place else place
        for one in (*page.now, *page.next, *page.risk, page.resting):
            rows = wanted_shifts(order, Wanted(one.look.code, narrow), AT)
            assert one.n.n == rows.count(), one.look.code
        running = wanted_shifts(order, Wanted("now", narrow), AT)
        assert page.gates.whole == len({shift.gate_id for shift in running})
    page = board(order, order.place, AT)
    assert [one.n.n for one in page.now] == [2, 1, 1]
    assert [one.n.n for one in page.next] == [1, 1]
    assert [one.n.n for one in page.risk] == [1, 1, 2]  # unconfirmed, alone, without a lead
    assert page.people_resting.n == 1


def test_a_gate_whose_people_have_gone_is_covered_by_nobody(cast, order, city):
    def covered():
        page = board(order, order.place, AT)
        return page.gates.part, [one.n.n for one in page.now]

    assert covered() == (1, [2, 1, 1])
    Post.objects.filter(shift=city["now"]).update(state="stood")
    assert covered() == (0, [2, 0, 2])


def test_who_stood_two_shifts_rests_once(cast, order, city):
    again = shift_of(city["early"].gate, 4)
    Shift.objects.filter(pk=again.pk).update(
        starts_at=AT - timedelta(hours=4), ends_at=AT - timedelta(hours=2)
    )
    post_of(cast, again, "unit_secretary", state="approved")
    post_of(cast, again, "clerk", state="stood")
    page = board(order, order.place, AT)
    assert (page.resting.n.n, page.people_resting.n) == (2, 2)
    listed = cast.client("city_operator").get(
        reverse("duty:shifts", args=[order.public_id]), {"look": "resting"}
    )
    assert listed.context["resting"] == 2


def test_the_page_opens_each_number_onto_as_many_rows(cast, order, city):
    client = cast.client("city_operator")
    page = client.get(reverse("duty:board", args=[order.public_id])).content.decode()
    for look in ("uncovered", "next", "leaderless", "resting"):
        url = f"{reverse('duty:shifts', args=[order.public_id])}?look={look}"
        assert f'href="{url}"' in page
        listed = client.get(url).content.decode().count('class="item"')
        assert listed == wanted_shifts(order, Wanted(look), AT).count()


def test_the_table_of_places_opens_each_of_its_numbers(cast, order, city):
    client = cast.client("city_operator")
    page = client.get(reverse("duty:board", args=[order.public_id])).content.decode()
    lines = board(order, order.place, AT).places
    assert lines
    for line in lines:
        for look, n in (("ahead", line.shifts), ("lacking", line.short)):
            url = reverse("duty:shifts", args=[order.public_id])
            address = f"{url}?look={look}&amp;place={line.place.public_id}"
            assert page.count(f'href="{address}"') == (4 if look == "ahead" else 1)
            rows = wanted_shifts(order, Wanted(look, line.place), AT)
            assert sum(s.wanted - s.posted if look == "lacking" else 1 for s in rows) == n


def test_a_list_is_narrowed_by_place_and_day_and_pages_by_key(cast, order, city):
    yinzhou = Wanted(place=cast.places["yinzhou"])
    assert {one.place for one in wanted_shifts(order, yinzhou, AT)} == {cast.places["dongsheng"]}
    assert set(wanted_shifts(order, Wanted(day=city["alone"].day), AT)) == {city["alone"]}
    gate = city["now"].gate
    many = [
        Shift(order=order, gate=gate, place=gate.place, day=AT.date(), starts_at=start,
              ends_at=start + timedelta(hours=1))
        for start in (AT + timedelta(days=5, minutes=n) for n in range(70))
    ]  # fmt: skip
    Shift.objects.bulk_create(many)
    first = shifts(order, Wanted(), AT)
    second = shifts(order, Wanted(after=first.next), AT)
    keys = [one.pk for one in (*first.rows, *second.rows)]
    assert len(keys) == len(set(keys)) == wanted_shifts(order, Wanted(), AT).count()
    assert second.next == ""


@pytest.mark.parametrize("name", ["board", "shifts", "tonight"])
def test_the_pages_cost_the_same_statements_for_any_number_of_shifts(cast, order, city, name):
    client = cast.client("city_operator")
    about = cast.places["chenglang"] if name == "tonight" else order
    url = reverse(f"duty:{name}", args=[about.public_id])

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    client.get(url)
    few = statements()
    gate = city["now"].gate
    for days in range(4, 12):
        post_of(cast, shift_of(gate, days), "staff")
    post_of(cast, city["late"], "clerk")
    assert statements() == few


def test_every_look_says_what_it_means():
    assert len({look.code for look in LOOKS}) == len(LOOKS)
    assert all(str(look.label) and str(look.means).endswith("。") for look in LOOKS)


def test_the_community_sees_tonight_who_stands_who_is_lacking_and_who_reported(cast, order, city):
    call(cast, order, "staff")
    call(cast, order, "clerk")  # lives in the next community
    place = cast.places["chenglang"]
    page = tonight(cast.actor("community_secretary"), place.public_id, AT)
    assert {one.shift for one in page.shifts} == {city["now"], city["late"], city["alone"]}
    assert page.open == 2 + 3 + 2
    assert [one.person for one in page.people] == [cast.people["staff"]]
    assert page.registered.n == 1
    with pytest.raises(Forbidden):
        tonight(cast.actor("other_community_secretary"), place.public_id, AT)


def test_of_many_who_reported_some_are_named_and_all_are_counted(cast, order, at, monkeypatch):
    monkeypatch.setattr("groundwork.duty.queries.tonight.MOST_PEOPLE", 1)
    place, by = cast.places["chenglang"], cast.actor("community_secretary")
    call(cast, order, "staff")
    fits = tonight(by, place.public_id, AT)
    cast.people["clerk"].home_community = place
    cast.people["clerk"].save()
    call(cast, order, "clerk")
    more = tonight(by, place.public_id, AT)
    assert (len(fits.people), fits.registered.n) == (1, 1)
    assert (len(more.people), more.registered.n) == (1, 2)


def test_the_counts_beside_a_shift_are_those_of_its_rows(cast, order, city):
    for shift in Shift.objects.filter(order=order):
        posts = Post.objects.filter(shift=shift)
        assert shift.present == posts.filter(state__in=("standing", "stood")).count()
        assert shift.posted == posts.count()
