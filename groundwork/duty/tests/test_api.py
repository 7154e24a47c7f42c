"""Other programs may do what their actor may: needs, own posts, own times, coming and going."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundwork.access.actions import issue_token
from groundwork.base import clock, codes
from groundwork.duty.actions.orders import end_order
from groundwork.duty.models import Post, Volunteer
from groundwork.duty.rules.posts import purpose
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of

BASE = "/api/v1"


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


@pytest.fixture
def order(cast):
    return order_of(cast)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


class Program:
    """A program with somebody's key."""

    def __init__(self, cast, who: str) -> None:
        token = issue_token(name="t", by=cast.actor(who))
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **data: Any) -> Any:
        return Client().get(BASE + path, data, headers=self.headers)

    def send(self, path: str, method: str = "post", **data: Any) -> Any:
        act = getattr(Client(), method)
        return act(BASE + path, data, content_type="application/json", headers=self.headers)


def test_a_community_s_program_sets_up_a_gate_and_asks_for_a_shift_and_another_s_may_not(
    cast, order
):
    wish = {"place": "澄浪社区", "name": "西门"}
    path = f"/orders/{order.public_id}/gates"
    assert Program(cast, "other_community_secretary").send(path, **wish).status_code == 403
    ours = Program(cast, "community_secretary")
    made = ours.send(path, **wish)
    assert made.status_code == 201
    shift = {"day": "2026-11-25", "start": "22:00", "end": "06:00", "needs": {"general": 2}}
    asked = ours.send(f"/gates/{made.json()['id']}/shifts", **shift)
    assert asked.json()["wanted"] == 2
    assert asked.json()["ends_at"].startswith("2026-11-26T06:00")
    late = ours.send(f"/gates/{made.json()['id']}/shifts", **{**shift, "day": "9999-12-31"})
    assert late.json()["code"] == "duty.not_under_order"


def test_names_and_secrets_are_told_to_whom_the_pages_show_them(cast, order, gate):
    shift = shift_of(gate)
    post_of(cast, shift, "staff")
    for who, names in (("community_secretary", ["单晓芸"]), ("outsider", [])):
        told = Program(cast, who).get(f"/shifts/{shift.public_id}")
        slots = {slot["kind"]: slot for slot in told.json()["slots"]}
        assert slots["general"]["people"] == names
        assert slots["general"]["open"] == 1
    listed = Program(cast, "community_secretary").get(f"/orders/{order.public_id}/gates")
    assert gate.secret not in listed.text
    assert gate.poster not in listed.text


def test_somebody_says_when_they_can_takes_a_slot_and_says_no_again(cast, order, gate):
    shift, me = shift_of(gate, 1), Program(cast, "staff")
    times = {"week": {"3": [["17:00", "22:00"]]}, "days": {}}
    path = f"/orders/{order.public_id}/availability"
    said = me.send(path, "put", cap=2, skills=["driver"], times=times)
    assert said.json()["answered"]
    assert Volunteer.objects.get().times == times
    taken = me.send(f"/shifts/{shift.public_id}/posts", kind="general")
    assert taken.status_code == 201
    assert me.send(f"/shifts/{shift.public_id}/posts").status_code == 422
    answer = f"/posts/{taken.json()['id']}/answer"
    assert Program(cast, "colleague").send(answer, comes=False).status_code == 404
    assert me.send(answer, comes=False).json()["state"] == "declined"
    assert me.send(path, "put", excused=True).json()["excused"]


def test_one_comes_by_code_and_a_second_sending_is_no_going(cast, gate):
    post = post_of(cast, shift_of(gate), "staff")
    code = codes.token(gate.secret, purpose(gate.public_id), AT)
    me = Program(cast, "staff")
    for _time in range(2):
        came = me.send("/check-ins", gate=gate.public_id, code=code)
        assert came.status_code == 200
    assert Post.objects.get(pk=post.pk).state == "standing"
    assert me.send("/check-ins").json()["code"] == "duty.one_way"
    assert me.send("/check-ins", digits="123456").json()["code"] == "duty.forged_code"


def test_after_the_order_s_end_the_doors_are_shut(cast, order, gate):
    post_of(cast, shift_of(gate), "staff")
    end_order(order.public_id, by=BY, at=AT)
    me, code = Program(cast, "staff"), codes.token(gate.secret, purpose(gate.public_id), AT)
    assert me.send("/check-ins", gate=gate.public_id, code=code).json()["code"] == "duty.shut"
    path = f"/orders/{order.public_id}/availability"
    assert me.send(path, "put", excused=True).json()["code"] == "duty.shut"


def test_a_day_outside_the_order_has_no_shifts(cast, order, gate):
    shift_of(gate)
    path, me = f"/orders/{order.public_id}/shifts", Program(cast, "staff")
    assert len(me.get(path, day="2026-11-24").json()["items"]) == 1
    for day in ("0001-01-01", "9999-12-31"):
        assert me.get(path, day=day).json()["items"] == []
