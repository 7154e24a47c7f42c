"""The ways onward: every one leads somewhere, and each role sees its own."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base.actor import NOBODY
from groundwork.desk.context import MOST_FLAT, WAYS, Group, navigation
from groundwork.matters.tests.make import raise_one


def nav(actor, path: str = "/"):
    request = RequestFactory().get(path)
    request.actor = actor  # type: ignore[attr-defined]
    return navigation(request)["nav"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_has_an_address(way):
    assert reverse(way.name)


def test_nobody_has_no_ways(db):
    assert nav(NOBODY) == []


def test_each_role_sees_its_own_ways(cast):
    names = {who: {item.url for item in nav(cast.actor(who))} for who in ("staff", "city_operator")}
    assert reverse("study:coverage") in names["city_operator"]
    assert reverse("study:coverage") not in names["staff"]
    assert reverse("study:record") in names["staff"]


@pytest.mark.parametrize("who", ["staff", "unit_secretary", "city_operator", "enterprise"])
def test_a_phone_shows_at_most_four_ways_and_the_way_to_all(cast, who):
    assert 3 <= sum(item.phone for item in nav(cast.actor(who))) <= 4


def test_the_section_of_the_page_is_marked_and_only_it(cast):
    on = [item.url for item in nav(cast.actor("staff"), reverse("study:record")) if item.on]
    assert on == [reverse("study:record")]


def test_the_badge_counts_unread_notices_with_one_statement_and_only_when_drawn(
    cast, django_assert_num_queries
):
    for key in ("a", "b"):
        notify([cast.accounts["staff"]], kind="test", key=key, text="请看")
    with django_assert_num_queries(0):
        items = nav(cast.actor("staff"))
    with django_assert_num_queries(1):
        assert [item.badge for item in items if item.badge] == ["2"]


def test_what_belongs_to_a_section_is_marked_there_though_its_address_begins_otherwise(cast):
    matter = raise_one(cast, "路灯不亮。").matter
    for who, page, section in (
        ("dispatcher", reverse("matters:matter", args=[matter.public_id]), "matters:queue"),
        ("dispatcher", reverse("matters:settings"), "matters:queue"),
        ("unit_secretary", reverse("matters:register", args=["x"]), "matters:queue"),
        ("dispatcher", reverse("matters:decide", args=["x"]), "matters:queue"),
        ("staff", reverse("matters:community", args=["x"]), "matters:board"),
        ("staff", reverse("matters:kept"), "matters:board"),
        ("dispatcher", reverse("matters:raise"), "matters:portal"),
        ("staff", reverse("service:points"), "service:visits"),
        ("staff", reverse("matters:satisfaction"), "matters:board"),
    ):
        assert [item.url for item in nav(cast.actor(who), page) if item.on] == [reverse(section)]


def test_many_ways_are_folded_by_job_and_the_page_shown_opens_its_own(cast):
    request = RequestFactory().get(reverse("desk:imports"))
    request.actor = cast.actor("city_operator")
    found = navigation(request)
    menu, groups = found["menu"], [one for one in found["menu"] if isinstance(one, Group)]
    assert len(menu) <= MOST_FLAT
    assert [str(group.label)[:1] for group in groups] == ["学", "在", "办", "数", "目"]
    assert [str(group.label) for group in groups if group.on] == ["目录和管理"]
    inside = [item.url for group in groups for item in group.items]
    outside = [one.url for one in menu if not isinstance(one, Group)]
    assert sorted(inside + outside) == sorted(item.url for item in found["nav"])
    assert outside == [reverse("desk:home"), reverse("access:me")]


def test_few_ways_stand_side_by_side(cast):
    request = RequestFactory().get("/")
    request.actor = cast.actor("enterprise")
    found = navigation(request)
    assert (found["menu"] == found["nav"]) == (len(found["nav"]) <= MOST_FLAT)
