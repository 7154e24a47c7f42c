"""A deployment becomes a contact point: nothing typed again, no log taken along."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.duty.actions.entries import Sent, take_sending
from groundwork.duty.actions.lapse import lapse_orders
from groundwork.duty.actions.orders import end_order
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, phone_of, post_of, shift_of
from groundwork.registry.models import Person
from groundwork.service.models import ContactPoint


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


@pytest.fixture
def order(cast):
    """An order under which 海曙区教育局 stood at 澄浪社区 on a Tuesday and a Thursday."""
    made = order_of(cast)
    gate = gate_of(cast, made)
    tuesday, thursday = shift_of(gate), shift_of(gate, 2)
    post_of(cast, tuesday, "colleague", "lead", "stood")
    post_of(cast, tuesday, "staff", "general", "approved")
    post_of(cast, thursday, "staff", "general", "stood")
    post_of(cast, thursday, "clerk", "general", "declined")  # never came
    sent = [Sent("k1", "log", AT, {"who": "visitor", "name": "来访人"})]
    take_sending(phone_of(gate), sent, at=AT)
    return made


def page(cast, order, unit: str = "unit", place: str = "chenglang") -> str:
    keys = [order.public_id, cast.bodies[unit].public_id, cast.places[place].public_id]
    return reverse("desk:deployment_point", args=keys)


def as_filled_in(answer) -> dict[str, object]:
    """Send the form back as it came."""
    form = answer.context["form"]
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def test_after_the_end_the_unit_takes_it_over_in_one_tap_and_no_log_with_it(cast, order):
    end_order(order.public_id, by=BY, at=AT)
    lapse_orders(at=AT)
    client = cast.client("unit_secretary")
    assert "设为联系点" in client.get(reverse("duty:order", args=[order.public_id])).text
    with CaptureQueriesContext(
        connection,
    ) as seen:
        sent = client.post(page(cast, order), as_filled_in(client.get(page(cast, order))))
    point = ContactPoint.objects.get()
    assert sent.url == reverse("service:point", args=[point.public_id])
    assert (point.body, point.place) == (cast.bodies["unit"], cast.places["chenglang"])
    assert point.weekdays == [2, 4]
    squad = {(row.person.name, row.leads) for row in point.squad.select_related("person")}
    assert squad == {("毛建军", True), ("单晓芸", False)}
    log = ("duty_logentry", "duty_reveal", "duty_alarm", "duty_handover")
    assert not [q["sql"] for q in seen if any(name in q["sql"] for name in log)]
    told = Notice.objects.filter(kind="service.joined").values_list("account__person__name")
    assert {name for (name,) in told} == {"毛建军", "单晓芸"}


def test_twice_is_one_point_and_the_list_says_that_it_is_there(cast, order):
    client = cast.client("clerk")
    filled = as_filled_in(client.get(page(cast, order)))
    for _time in range(2):
        client.post(page(cast, order), filled)
    assert ContactPoint.objects.count() == 1
    listed = client.get(reverse("desk:deployments", args=[order.public_id]))
    assert "已是联系点" in listed.text


def test_who_left_the_unit_since_is_not_offered(cast, order):
    Person.objects.filter(pk=cast.people["staff"].pk).update(status=Person.Status.LEFT)
    people = cast.client("clerk").get(page(cast, order)).context["people"]
    assert [person.name for person in people] == ["毛建军"]


def test_nobody_leads_who_is_not_in_the_squad(cast, order):
    client = cast.client("clerk")
    filled = as_filled_in(client.get(page(cast, order)))
    filled["squad"] = [cast.people["staff"].public_id]
    assert client.post(page(cast, order), filled).status_code == 422
    assert not ContactPoint.objects.exists()


def test_the_community_asks_and_the_unit_hears_of_it_once(cast, order):
    client = cast.client("community_secretary")
    for _time in range(2):
        client.post(page(cast, order))
    asked = Notice.objects.filter(kind="service.point_asked")
    assert [one.account.person.name for one in asked] == ["周国平"]
    assert asked.get().url == page(cast, order)
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize("who", ["other_secretary", "other_community_secretary", "staff"])
def test_what_one_does_not_answer_for_is_not_there(cast, order, who):
    assert cast.client(who).get(page(cast, order)).status_code == 404


def test_the_list_takes_as_many_statements_for_one_deployment_as_for_many(cast, order):
    address, client = reverse("desk:deployments", args=[order.public_id]), cast.client("clerk")
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    post_of(cast, shift_of(gate_of(cast, order, "liujin")), "staff", "general", "stood")
    with CaptureQueriesContext(connection) as after:
        listed = client.get(address)
    assert len(listed.context["lines"]) == 2
    assert len(before) == len(after)
