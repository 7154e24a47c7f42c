"""What waits for whom, on the home page too."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from groundwork.matters.actions import pressing
from groundwork.matters.actions.dispatch import assign_matter
from groundwork.matters.actions.requests import ask_extension
from groundwork.matters.actions.verdict import refuse_matter
from groundwork.matters.queries.todo import raised, todo
from groundwork.matters.tests.make import RAISED, at_state, raise_one

HOUR = timedelta(hours=1)


def titles(cast, who, at):
    return [(line.title.split("：")[0], line.tone) for line in todo(cast.actor(who), at)]


def test_a_dispatcher_sees_what_is_to_accept_and_to_assign_by_deadline(cast, at):
    late, early = raise_one(cast, "后来的。", at=RAISED + HOUR), raise_one(cast, "先来的。")
    at_state(cast, "accepted", words="待派的。")
    lines = todo(cast.actor("dispatcher"), at)
    assert [line.title for line in lines] == [
        "受理诉求：后来的",
        "受理诉求：先来的",
        "派单：待派的",
    ]
    assert [line.tone for line in lines] == ["late", "late", ""]
    assert lines[0].url == reverse("matters:matter", args=[late.matter.public_id])
    assert early.matter.receipt in lines[1].sub


def test_a_handler_sees_what_is_new_and_what_presses_not_what_has_time(cast, at):
    at_state(cast, "assigned")
    calm = at_state(cast, "handling")
    at_state(cast, "assigned", lead="other_unit")
    assert titles(cast, "unit_handler", at) == [("办理诉求", "")]
    pressing = calm.due_at - HOUR
    assert titles(cast, "unit_handler", pressing) == [("办理诉求", "due"), ("办理诉求", "due")]
    assert titles(cast, "unit_secretary", calm.due_at + HOUR)[0] == ("办理诉求", "late")


def test_a_handler_sees_at_once_that_somebody_says_it_is_not_solved(cast, at):
    matter = at_state(cast, "answered", account_id=cast.accounts["staff"].pk)
    assert titles(cast, "unit_handler", at) == []
    refuse_matter(matter.public_id, by=cast.actor("staff"), at=at)
    assert titles(cast, "unit_handler", at) == [("办理诉求", "")]


def test_a_helper_sees_that_help_is_asked_for(cast, at):
    matter = at_state(cast, "accepted")
    co = [cast.bodies["other_unit"]]
    assign_matter(matter.public_id, cast.bodies["unit"], co=co, by=cast.actor("dispatcher"))
    assert titles(cast, "other_handler", at) == [("协办诉求", "")]


def test_who_decides_sees_the_request_but_not_that_of_the_own_unit(cast, at):
    matter = at_state(cast, "handling", lead="bureau")
    ask_extension(matter.public_id, date(2026, 12, 25), "设备。", by=cast.actor("handler"), at=at)
    assert ("裁定延期申请", "due") in titles(cast, "district_operator", at)
    assert ("裁定延期申请", "due") not in titles(cast, "city_operator", at)


def test_nothing_waits_for_those_who_have_no_part_in_it(cast, at):
    raise_one(cast)
    for who in ("staff", "auditor", "community_secretary", "enterprise", "resident", "outsider"):
        assert todo(cast.actor(who), at) == []


def test_the_statements_do_not_grow_with_the_ledger(cast, at, django_assert_num_queries):
    for n in range(7):
        raise_one(cast, f"第{n}件。")
        at_state(cast, "assigned", words=f"办第{n}件。")
    with django_assert_num_queries(5):  # own; calendar, places; to accept, to assign
        assert len(todo(cast.actor("dispatcher"), at)) == 5
    with django_assert_num_queries(5):  # own; calendar; own bodies; to answer, to help
        assert len(todo(cast.actor("unit_handler"), at)) == 5


def test_home_names_what_waits(cast, at):
    at_state(cast, "assigned")
    page = cast.client("unit_handler").get(reverse("desk:home"))
    assert "办理诉求：" in page.content.decode()


def test_who_raised_it_is_asked_at_home_whether_it_is_solved_until_that_is_said(cast, at):
    me = cast.accounts["staff"].pk
    matter = at_state(cast, "answered", lead="other_unit", account_id=me)
    staff = cast.actor("staff")
    [line] = todo(staff, at)
    assert line.title.startswith("解决了吗：")
    assert line.url == reverse("matters:mine", args=[matter.public_id])
    assert [line.url for line in raised(staff)] == [line.url]
    assert todo(cast.actor("colleague"), at) == []
    refuse_matter(matter.public_id, by=staff, at=at)
    assert todo(staff, at) == []


def test_what_is_supervised_waits_on_the_operators_page_and_what_presses_on_the_handlers(cast, at):
    calm, reminded, watched = (
        at_state(cast, "handling", words=f"第{n}件。", at=at - HOUR * 5) for n in range(3)
    )
    by = cast.actor("district_operator")
    assert ("督办中", "") not in titles(cast, "district_operator", at)
    assert titles(cast, "unit_handler", at) == []
    pressing.remind_matter(reminded.public_id, "请快些。", by=cast.actor("dispatcher"), at=at)
    pressing.supervise_matter(watched.public_id, "限期办好。", by=by, at=at)
    assert [line.title for line in todo(by, at) if line.title.startswith("督办中")] == [
        "督办中：第2件"
    ]
    assert {line.title for line in todo(cast.actor("unit_handler"), at)} == {
        "办理诉求：第1件",
        "办理诉求：第2件",
    }
    assert calm.title == "第0件"
    for who in ("dispatcher", "unit_secretary"):
        assert "督办中" not in {title for title, _tone in titles(cast, who, at)}
    pressing.end_supervision(watched.public_id, "办好了。", by=by, at=at)
    assert "督办中" not in {title for title, _tone in titles(cast, "district_operator", at)}
