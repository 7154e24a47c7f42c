"""What is pinned on everyone's home, and finding evenings and materials by words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.study.actions.evening import add_room, cancel_evening
from groundwork.study.actions.library import add_material
from groundwork.study.queries import evening as queries
from groundwork.study.queries import library
from groundwork.study.tests.make import CITY, MADE, NEXT, a_draft, an_evening

pytestmark = pytest.mark.django_db


def test_tonights_evening_is_pinned_with_the_room_of_the_own_unit(cast, at):
    city = an_evening(
        cast.bodies["party"], starts_at=at.replace(minute=15), live_url="https://x.cn/"
    )
    for key, name in (("party", "礼堂"), ("unit", "三楼会议室")):
        body = cast.bodies[key].public_id
        add_room(city.public_id, body_id=body, name=name, by=CITY, at=MADE)
    pinned = queries.tonight(cast.actor("staff"), at)
    assert pinned is not None
    assert (pinned.evening, pinned.today, pinned.live) == (city, True, True)
    assert pinned.room is not None
    assert pinned.room.name == "三楼会议室"
    assert pinned.own.can_sign_in
    neighbour = queries.tonight(cast.actor("outsider"), at)
    assert neighbour is not None
    assert neighbour.room is not None
    assert neighbour.room.name == "礼堂"


def test_a_units_own_evening_is_pinned_in_place_of_the_citys(cast, at):
    city = an_evening(cast.bodies["party"], starts_at=at)
    own = an_evening(cast.bodies["unit"], parent=city, starts_at=at)
    staff, outsider = (queries.tonight(cast.actor(w), at) for w in ("staff", "outsider"))
    assert staff is not None
    assert outsider is not None
    assert (staff.evening, outsider.evening) == (own, city)


def test_the_next_evening_is_pinned_when_there_is_none_tonight(cast, at):
    coming = an_evening(cast.bodies["unit"])
    by = cast.actor("staff")
    assert queries.tonight(by, at) is None
    ahead = queries.tonight(by, at, ahead=timedelta(days=8))
    assert ahead is not None
    assert (ahead.evening, ahead.today) == (coming, False)
    cancel_evening(coming.public_id, reason="台风", by=CITY, at=MADE)
    assert queries.tonight(by, at, ahead=timedelta(days=8)) is None


@pytest.mark.parametrize("who", ["outsider", "enterprise", "resident"])
def test_nothing_is_pinned_for_those_who_are_not_expected(cast, at, who):
    an_evening(cast.bodies["unit"], starts_at=at)
    assert queries.tonight(cast.actor(who), at) is None


def test_evenings_are_found_by_the_words_of_title_and_speakers(cast, at):
    shown = an_evening(cast.bodies["unit"], title="数字经济专题")
    a_draft(cast.bodies["unit"], title="数字经济草稿", starts_at=NEXT + timedelta(days=2))
    found = queries.search(cast.actor("staff"), "数字经济", 8)
    assert [hit.title for hit in found] == [shown.title]
    assert len(queries.search(cast.actor("clerk"), "数字经济", 8)) == 2
    assert queries.search(cast.actor("resident"), "数字经济", 8) == []


def test_materials_are_found_by_everybody_signed_in(cast, at):
    add_material(
        title="防汛手册", theme="professional", host=cast.bodies["unit"], summary="预案", by=CITY
    )
    assert [hit.title for hit in library.search(cast.actor("staff"), "预案", 8)] == ["防汛手册"]
    assert library.search(cast.actor("resident"), "预案", 8) == []
