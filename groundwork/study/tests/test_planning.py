"""Planning an evening: drafting, publishing, moving, cancelling, closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, OutboxMessage, TrailEntry
from groundwork.registry.models import Person
from groundwork.study.actions import evening as acts
from groundwork.study.actions.publishing import publish_evening, publish_evenings
from groundwork.study.models import Evening, RollEntry, RollSheet, Topic
from groundwork.study.policy.evening import evening_for, visible_evenings
from groundwork.study.queries.audience import expected_people, expecting, home_of
from groundwork.study.rules import evening as rules
from groundwork.study.tests.make import CITY, MADE, NEXT, a_draft, a_plan, an_evening

pytestmark = pytest.mark.django_db


def sheets(evening):
    return set(evening.sheets.values_list("body__code", flat=True))


# --- drafts and who may -----------------------------------------------------------------------


def test_the_city_plans_for_everybody_and_a_secretary_for_the_own_unit_only(cast):
    party, unit, other = (cast.bodies[k] for k in ("party", "unit", "other_unit"))
    assert a_draft(party, by=cast.actor("city_operator")).state == "draft"
    assert a_draft(unit, by=cast.actor("unit_secretary")).host == unit
    with pytest.raises(Forbidden):
        a_draft(other, by=cast.actor("unit_secretary"))
    with pytest.raises(Forbidden):
        a_draft(unit, other, by=cast.actor("unit_secretary"))
    with pytest.raises(Forbidden):
        a_draft(unit, by=cast.actor("staff"))


def test_rooms_and_the_evening_above_lie_in_the_planners_scope_too(cast):
    by, unit, other = cast.actor("unit_secretary"), cast.bodies["unit"], cast.bodies["other_unit"]
    own = a_draft(unit, by=by, rooms=((cast.bodies["branch"], "支部活动室", 20),))
    assert own.rooms.get().body == cast.bodies["branch"]
    with pytest.raises(Forbidden):
        a_draft(unit, by=by, rooms=((other, "别人的会议室", 20),))
    with pytest.raises(Forbidden):
        a_draft(unit, by=by, parent=a_draft(other))
    assert a_draft(unit, by=by, parent=an_evening(cast.bodies["party"])).parent is not None


def test_a_district_plans_in_the_district_and_a_branch_for_itself(cast):
    assert a_draft(cast.bodies["unit"], by=cast.actor("district_operator")).pk
    assert a_draft(cast.bodies["branch"], by=cast.actor("branch_secretary")).pk
    with pytest.raises(Forbidden):
        a_draft(cast.bodies["other_unit"], by=cast.actor("district_operator"))
    with pytest.raises(Forbidden):
        a_draft(cast.bodies["unit"], by=cast.actor("branch_secretary"))


def test_a_draft_is_seen_by_its_planners_and_a_published_evening_by_everybody(cast):
    draft = a_draft(cast.bodies["unit"])
    for who in ("city_operator", "district_operator", "unit_secretary", "clerk"):
        assert evening_for(cast.actor(who), draft.public_id) == draft
    for who in ("staff", "other_secretary", "branch_secretary", "handler", "resident"):
        with pytest.raises(NotFound):
            evening_for(cast.actor(who), draft.public_id)
    publish_evening(draft.public_id, by=CITY, at=MADE)
    for who in ("staff", "other_secretary", "enterprise"):
        assert evening_for(cast.actor(who), draft.public_id) == draft
        with pytest.raises(Forbidden):
            evening_for(cast.actor(who), draft.public_id, "edit")
    assert not visible_evenings(cast.actor("resident")).exists()


def test_a_topic_of_the_other_theme_is_refused(cast):
    law = Topic.objects.get(name="法律")
    with pytest.raises(rules.TopicOfOtherTheme):
        a_draft(cast.bodies["unit"], topic=law)
    assert a_draft(cast.bodies["unit"], topic=law, theme="professional").topic == law


# --- publishing -------------------------------------------------------------------------------


def test_publishing_lays_one_sheet_for_each_unit_with_people_expected(cast):
    evening = an_evening(cast.bodies["party"])
    assert evening.state == "published"
    assert sheets(evening) == {"NB-FGW", "HS", "HS-JYJ", "HS-NM", "YZ-SLJ"}
    assert expected_people(evening).count() == Person.objects.count()


def test_publishing_is_on_the_trail_the_change_log_and_in_the_outbox(cast):
    evening = an_evening(cast.bodies["unit"])
    trail = TrailEntry.objects.filter(object_id=evening.public_id).values_list("verb", flat=True)
    assert list(trail) == ["create", "publish"]
    (change,) = Change.objects.filter(kind="study.evening", object_id=evening.public_id)
    assert change.before is None
    assert change.after is not None
    assert change.after["day"] == "2026-12-01"
    assert OutboxMessage.objects.filter(kind="study.told").count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"minutes": 89}, rules.TooShort),
        ({"starts_at": MADE - timedelta(days=1)}, rules.InThePast),
        ({"minutes": 600}, rules.TooLong),
    ],
)
def test_an_odd_draft_stays_a_draft(cast, changes, error):
    draft = a_draft(cast.bodies["unit"], **changes)
    with pytest.raises(error):
        publish_evening(draft.public_id, by=CITY, at=MADE)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not RollSheet.objects.exists()


def test_an_audience_without_anybody_is_refused(cast):
    draft = a_draft(cast.bodies["enterprise_body"])
    with pytest.raises(rules.NobodyExpected):
        publish_evening(draft.public_id, by=CITY, at=MADE)


def test_a_planner_of_another_unit_cannot_publish(cast):
    draft = a_draft(cast.bodies["unit"])
    with pytest.raises(NotFound):
        publish_evening(draft.public_id, by=cast.actor("other_secretary"), at=MADE)
    an_evening(cast.bodies["other_unit"])
    with pytest.raises(Forbidden):
        publish_evenings(
            [Evening.objects.get(host=cast.bodies["other_unit"]).public_id],
            by=cast.actor("unit_secretary"),
            at=MADE,
        )


def test_who_is_retired_seconded_or_gone_is_not_expected(cast):
    evening = an_evening(cast.bodies["unit"])
    before = expected_people(evening).count()
    for who, status in (("staff", "retired"), ("colleague", "seconded"), ("clerk", "left")):
        Person.objects.filter(pk=cast.people[who].pk).update(status=status)
    assert expected_people(evening).count() == before - 3
    assert home_of(cast.people["staff"].pk) == ()


# --- nobody twice -----------------------------------------------------------------------------


def test_a_second_evening_for_the_same_people_at_the_same_time_is_refused_by_name(cast):
    city = an_evening(cast.bodies["party"], title="全市夜学")
    second = a_draft(cast.bodies["unit"], starts_at=NEXT + timedelta(minutes=30))
    with pytest.raises(rules.ExpectedTwice) as caught:
        publish_evening(second.public_id, by=CITY, at=MADE)
    assert caught.value.params == {"title": "全市夜学", "host": "宁波市委"}
    assert sheets(second) == set()
    later = an_evening(cast.bodies["unit"], starts_at=city.ends_at)
    assert later.state == "published"


def test_two_units_may_hold_evenings_at_the_same_time(cast):
    assert an_evening(cast.bodies["unit"]).pk != an_evening(cast.bodies["other_unit"]).pk


def test_a_person_of_a_branch_is_not_expected_by_branch_and_unit_at_once(cast):
    an_evening(cast.bodies["branch"])
    second = a_draft(cast.bodies["office_2"])  # the staff member sits there and is of the branch
    with pytest.raises(rules.ExpectedTwice):
        publish_evening(second.public_id, by=CITY, at=MADE)


def test_an_own_evening_releases_its_people_from_the_citys(cast):
    city = an_evening(cast.bodies["party"])
    own = an_evening(cast.bodies["unit"], parent=city, by=cast.actor("unit_secretary"))
    staff, outsider = (home_of(cast.people[k].pk) for k in ("staff", "outsider"))
    assert list(expecting(staff)) == [own]
    assert list(expecting(outsider)) == [city]
    assert "HS-JYJ" not in sheets(city)
    assert sheets(own) == {"HS-JYJ"}
    assert not expected_people(city).filter(unit=cast.bodies["unit"]).exists()


def test_an_own_evening_of_a_branch_leaves_the_rest_of_the_unit_with_the_city(cast):
    city = an_evening(cast.bodies["party"])
    own = an_evening(cast.bodies["branch"], parent=city, by=cast.actor("branch_secretary"))
    assert sheets(own) == {"HS-JYJ"}
    assert "HS-JYJ" in sheets(city)
    assert list(expecting(home_of(cast.people["colleague"].pk))) == [city]
    both = expected_people(city) & expected_people(own)
    assert not both.exists()


def test_an_own_evening_must_lie_inside_an_announced_one(cast):
    draft = a_draft(cast.bodies["party"])
    own = a_draft(cast.bodies["unit"], parent=draft)
    with pytest.raises(rules.ParentNotOpen):
        publish_evening(own.public_id, by=CITY, at=MADE)
    district = an_evening(cast.bodies["yinzhou_party"])
    stray = a_draft(cast.bodies["unit"], parent=district, starts_at=NEXT + timedelta(days=1))
    with pytest.raises(rules.OutsideParent):
        publish_evening(stray.public_id, by=CITY, at=MADE)


def test_cancelling_an_own_evening_sends_its_people_back(cast):
    city = an_evening(cast.bodies["party"])
    own = an_evening(cast.bodies["unit"], parent=city)
    acts.cancel_evening(own.public_id, reason="讲师生病", by=CITY, at=MADE)
    assert list(expecting(home_of(cast.people["staff"].pk)).exclude(pk=own.pk)) == [city]
    assert "HS-JYJ" in sheets(city)


def test_nobody_is_sent_back_into_a_time_that_is_taken(cast):
    city = an_evening(cast.bodies["party"])
    own = an_evening(cast.bodies["unit"], parent=city, starts_at=NEXT + timedelta(days=2))
    an_evening(
        cast.bodies["office"], title="办公室例会后自学"
    )  # free: the unit studies on Thursday
    with pytest.raises(rules.ReturnsTwice) as caught:
        acts.cancel_evening(own.public_id, reason="改为全市", by=CITY, at=MADE)
    assert caught.value.params["title"] == "办公室例会后自学"
    own.refresh_from_db()
    assert own.state == "published"


def test_a_sheet_on_which_somebody_signed_is_kept(cast):
    city = an_evening(cast.bodies["party"])
    RollEntry.objects.create(
        evening=city,
        person=cast.people["staff"],
        body=cast.bodies["unit"],
        source="qr",
        recorded_at=NEXT,
    )
    an_evening(cast.bodies["unit"], parent=city)
    assert "HS-JYJ" in sheets(city)


# --- changing ---------------------------------------------------------------------------------


def test_a_published_evening_moves_and_calendars_can_follow(cast):
    evening = an_evening(cast.bodies["unit"])
    to = NEXT + timedelta(days=1)
    moved = acts.move_evening(
        evening.public_id,
        starts_at=to,
        ends_at=to + timedelta(minutes=90),
        reason="会议室检修",
        by=cast.actor("unit_secretary"),
        at=MADE,
    )
    assert (moved.starts_at, moved.moved_from, moved.sequence) == (to, NEXT, 1)
    (first, second) = Change.objects.filter(object_id=evening.public_id).order_by("pk")
    assert first.after
    assert second.before
    assert second.after
    assert second.before["day"] == first.after["day"] == "2026-12-01"
    assert second.after["day"] == "2026-12-02"


def test_a_move_keeps_every_rule(cast):
    city = an_evening(cast.bodies["party"])
    unit = an_evening(cast.bodies["unit"], starts_at=NEXT + timedelta(days=1))

    def move(starts, minutes=95, at=MADE):
        acts.move_evening(
            unit.public_id,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=minutes),
            reason="改期",
            by=CITY,
            at=at,
        )

    with pytest.raises(rules.ExpectedTwice):
        move(city.starts_at)
    with pytest.raises(rules.TooShort):
        move(NEXT + timedelta(days=3), minutes=60)
    with pytest.raises(rules.InThePast):
        move(MADE - timedelta(days=3))
    with pytest.raises(rules.AlreadyBegun):
        move(NEXT + timedelta(days=9), at=unit.starts_at)
    unit.refresh_from_db()
    assert unit.sequence == 0


def test_an_edit_of_a_published_evening_keeps_its_times_and_renews_its_sheets(cast):
    evening = an_evening(cast.bodies["haishu_party"], cast.bodies["unit"])
    plan = a_plan(cast.bodies["haishu_party"], title="改题", starts_at=NEXT + timedelta(days=5))
    edited = acts.edit_evening(evening.public_id, plan, by=CITY, at=MADE)
    assert (edited.title, edited.starts_at) == ("改题", NEXT)
    assert sheets(edited) == {"HS", "HS-JYJ", "HS-NM"}
    acts.edit_evening(
        evening.public_id, replace(plan, audience=(cast.bodies["street"],)), by=CITY, at=MADE
    )
    assert sheets(edited) == {"HS-NM"}


def test_what_was_held_is_neither_edited_nor_cancelled(cast):
    evening = an_evening(cast.bodies["unit"])
    assert acts.hold_past_evenings(by=CITY, at=evening.ends_at - timedelta(seconds=1)) == 0
    assert acts.hold_past_evenings(by=CITY, at=evening.ends_at) == 1
    with pytest.raises(rules.WrongState):
        acts.edit_evening(evening.public_id, a_plan(cast.bodies["unit"]), by=CITY, at=NEXT)
    with pytest.raises(rules.WrongState):
        acts.cancel_evening(evening.public_id, reason="无", by=CITY, at=NEXT)


def test_only_the_worker_calls_evenings_held(cast):
    with pytest.raises(Forbidden):
        acts.hold_past_evenings(by=cast.actor("city_operator"), at=NEXT)


def test_closing_waits_for_the_rolls_or_for_ten_working_days(cast):
    evening = an_evening(cast.bodies["haishu_party"])
    acts.hold_past_evenings(by=CITY, at=evening.ends_at)
    with pytest.raises(rules.SheetsOpen) as caught:
        acts.close_evening(evening.public_id, by=CITY, at=evening.ends_at)
    assert caught.value.params["n"] == 3
    evening.sheets.update(closed_at=evening.ends_at)
    assert acts.close_evening(evening.public_id, by=CITY, at=evening.ends_at).state == "closed"


# --- copying ----------------------------------------------------------------------------------


def test_last_weeks_evening_is_copied_to_the_next_tuesday_with_its_rooms(cast):
    model = an_evening(cast.bodies["unit"], rooms=((cast.bodies["unit"], "三楼会议室", 60),))
    copy = acts.copy_evening(model.public_id, by=cast.actor("clerk"), at=NEXT)
    assert copy.starts_at == NEXT + timedelta(weeks=1)
    assert (copy.state, copy.title) == ("draft", model.title)
    assert [room.name for room in copy.rooms.all()] == ["三楼会议室"]
    assert copy.rooms.get().secret != model.rooms.get().secret


def test_a_copy_made_before_national_day_falls_behind_it():
    tuesday = datetime(2026, 9, 29, 18, 15, tzinfo=ZONE)
    start = acts.next_start(tuesday + timedelta(hours=3), tuesday)
    assert start == datetime(2026, 10, 8, 18, 15, tzinfo=ZONE)


def test_a_unit_copies_the_citys_evening_for_itself(cast):
    city = an_evening(cast.bodies["party"])
    by = cast.actor("unit_secretary")
    copy = acts.copy_evening(city.public_id, host=cast.bodies["unit"], by=by, at=NEXT)
    assert copy.host == cast.bodies["unit"]
    assert list(copy.audience.all()) == [cast.bodies["unit"]]
    with pytest.raises(Forbidden):
        acts.copy_evening(city.public_id, by=cast.actor("staff"), at=NEXT)


def test_an_evening_with_people_on_its_roll_is_not_moved_away_under_them(cast):
    evening = an_evening(cast.bodies["unit"])
    RollEntry.objects.create(
        evening=evening,
        person=cast.people["staff"],
        body=cast.bodies["unit"],
        source="qr",
        recorded_at=NEXT - timedelta(minutes=20),
    )
    with pytest.raises(rules.SomebodyIsThere):
        acts.move_evening(
            evening.public_id,
            starts_at=NEXT + timedelta(days=7),
            ends_at=NEXT + timedelta(days=7, minutes=95),
            reason="会议室检修",
            by=cast.actor("unit_secretary"),
            at=NEXT - timedelta(minutes=19),
        )


# --- rooms ------------------------------------------------------------------------------------


def test_a_unit_adds_its_own_room_to_the_citys_evening_and_nobody_elses(cast):
    city = an_evening(cast.bodies["party"])
    by, unit = cast.actor("unit_secretary"), cast.bodies["unit"]
    room = acts.add_room(
        city.public_id, body_id=unit.public_id, name=" 三楼　会议室 ", capacity=40, by=by, at=MADE
    )
    assert room.name == "三楼 会议室"
    with pytest.raises(rules.RoomTwice):
        acts.add_room(city.public_id, body_id=unit.public_id, name="三楼 会议室", by=by, at=MADE)
    other = cast.bodies["other_unit"].public_id
    with pytest.raises(NotFound):
        acts.add_room(city.public_id, body_id=other, name="大厅", by=by, at=MADE)
    with pytest.raises(NotFound):
        acts.remove_room(city.public_id, room.public_id, by=cast.actor("other_secretary"), at=MADE)
    acts.remove_room(city.public_id, room.public_id, by=by, at=MADE)
    assert not city.rooms.exists()


def test_a_unit_that_is_not_invited_sets_up_no_room_of_its_own(cast):
    evening = an_evening(cast.bodies["haishu_party"], by=CITY)
    other = cast.bodies["other_unit"].public_id
    with pytest.raises(rules.NotInvited):
        acts.add_room(
            evening.public_id, body_id=other, name="大厅", by=cast.actor("other_secretary"), at=MADE
        )
    acts.add_room(evening.public_id, body_id=other, name="分会场", by=CITY, at=MADE)
    assert evening.rooms.filter(name="分会场").exists()
