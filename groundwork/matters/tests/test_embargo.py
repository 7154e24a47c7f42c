"""Kept back until its hour: who may, what nobody finds meanwhile, what the board counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import NOBODY
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.base.workdays import Calendar
from groundwork.matters.actions.dispatch import accept_matter
from groundwork.matters.actions.embargo import (
    lift_embargo,
    open_hours,
    raise_withheld,
    withhold_matter,
)
from groundwork.matters.actions.own import add_words
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.models import CoHandler, Matter, Step
from groundwork.matters.policy import public_matters, visible_matters
from groundwork.matters.policy.embargo import withheld_matters
from groundwork.matters.queries.board import Wanted, board
from groundwork.matters.rules.deadlines import moved
from groundwork.matters.rules.embargo import HourPast, HourTooFar, NotKeptBack
from groundwork.matters.rules.states import WrongState
from groundwork.matters.tests.make import at_state, raise_one, receipt_at, the_category
from tests.cast import EVENING

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHY = "周四晚节目播出。"
TUESDAY = datetime(2026, 11, 24, 17, 30, tzinfo=ZONE)


@pytest.fixture
def told(cast):
    """Read the notices of one of the cast about what is kept back, the oldest first."""

    def read(who: str) -> list[Notice]:
        mine = Notice.objects.filter(account=cast.accounts[who], kind__startswith="matters.")
        return list(mine.order_by("pk"))

    return read


def filmed(cast, until=EVENING + 2 * DAY, place="chenglang") -> Telling:
    """Tell what a crew brings."""
    return Telling(
        "排水口夜里排出黄水。",
        the_category("water"),
        cast.places[place],
        "television",
        withheld_until=until,
    )


@pytest.mark.parametrize("days", [0, 1, 4, 5, 13])
def test_a_deadline_moved_on_and_back_stands_where_it_stood(days):
    on = moved(Calendar(), TUESDAY, days)
    assert (on > TUESDAY) == (days > 0)
    assert moved(Calendar(), on, -days) == TUESDAY


def test_an_editor_writes_down_what_a_crew_brings_and_nobody_else_finds_it(cast, at):
    by = cast.actor("editor")
    matter = raise_withheld(filmed(cast), Teller(name="栏目组"), WHY, by=by, at=at).matter
    for who in ("city_operator", "dispatcher", "community_secretary", "auditor"):
        assert matter not in visible_matters(cast.actor(who), at)
        assert matter in visible_matters(cast.actor(who), at + 2 * DAY)
    assert list(withheld_matters(by, at)) == [matter]
    assert list(withheld_matters(cast.actor("district_operator"), at)) == [matter]
    assert not withheld_matters(cast.actor("dispatcher"), at).exists()
    assert not withheld_matters(by, at + 2 * DAY).exists()  # its hour has come
    row = TrailEntry.objects.filter(verb="withhold", object_id=matter.public_id).get()
    assert "withheld_until" in row.fields
    assert matter.steps.get(verb="withhold").audience == Step.Audience.STAFF
    with pytest.raises(Forbidden):
        raise_withheld(filmed(cast), Teller(), WHY, by=cast.actor("dispatcher"), at=at)
    there = filmed(cast, place="dongsheng")
    with pytest.raises(Forbidden):  # another district's
        raise_withheld(there, Teller(), WHY, by=cast.actor("district_operator"), at=at)


def test_an_editor_keeps_back_what_a_crew_brought_and_nothing_else(cast, at):
    plain = at_state(cast, "handling")
    with pytest.raises(NotFound):  # editors do not read the ledger
        withhold_matter(plain.public_id, at + DAY, WHY, by=cast.actor("editor"), at=at)
    with pytest.raises(Forbidden):  # who reads it may not keep it back
        withhold_matter(plain.public_id, at + DAY, WHY, by=cast.actor("dispatcher"), at=at)
    withhold_matter(plain.public_id, at + DAY, WHY, by=cast.actor("city_operator"), at=at)
    lead = cast.actor("unit_handler")
    assert plain not in visible_matters(lead, at)
    assert plain in visible_matters(lead, at + DAY)
    assert not public_matters(at).exists()


def test_the_office_owes_nothing_while_nobody_may_work_on_it(cast, at):
    matter = at_state(cast, "handling")
    before = (matter.reply_by, matter.solve_by, matter.due_at)
    by, key = cast.actor("city_operator"), matter.public_id
    withhold_matter(key, at + 3 * DAY, WHY, by=by, at=at)
    matter.refresh_from_db()
    assert matter.solve_by == moved(Calendar(), before[1], 3)
    withhold_matter(key, at + DAY, WHY, by=by, at=at)  # the programme comes sooner
    matter.refresh_from_db()
    assert matter.solve_by == moved(Calendar(), before[1], 1)
    lift_embargo(key, "已经播出。", by=by, at=at + HOUR)
    matter.refresh_from_db()
    assert (matter.reply_by, matter.solve_by, matter.due_at) == before
    assert matter.withheld_until is None
    assert [step.verb for step in matter.steps.all()][-3:] == ["withhold", "withhold", "release"]


def test_who_was_at_work_is_told_that_it_is_out_of_sight_until_an_hour_and_when_it_is_back(
    cast, at, told
):
    receipt = receipt_at(cast, "handling")
    matter, key = receipt.matter, receipt.matter.public_id
    CoHandler.objects.create(matter=matter, body=cast.bodies["street"], asked_at=at)
    by = cast.actor("city_operator")
    withhold_matter(key, at + 3 * DAY, WHY, by=by, at=at)
    [notice] = told("unit_handler")
    assert notice.kind == "matters.withhold"
    assert matter.receipt in notice.text
    assert "2026年11月27日 18:20" in notice.text
    for content in (matter.title, str(matter.category), str(matter.place), WHY, key):
        assert content not in notice.text + notice.url  # that it is kept back, not what it is
    assert cast.client("unit_handler").get(notice.url).status_code == 200
    # What the raiser says meanwhile waits, and so does all that names the matter.
    add_words(receipt.secret, "昨晚又排了。", by=NOBODY, at=at + HOUR)
    assert len(told("unit_handler")) == 1
    assert open_hours(at + 3 * DAY - HOUR) == 0
    assert (open_hours(at + 3 * DAY + HOUR), open_hours(at + 4 * DAY)) == (1, 0)
    back = told("unit_handler")[-1]
    assert back.kind == "matters.release"
    assert key in back.url
    assert [step.verb for step in matter.steps.all()][-1] == "hour"


def test_its_raiser_reads_until_when_nobody_works_on_it(cast, at):
    receipt = receipt_at(cast, "handling")
    page = reverse("matters:mine", args=[receipt.secret])
    until = at + 3 * DAY
    said = "到这个时间再接着办"
    assert said not in cast.client("resident").get(page).content.decode()
    withhold_matter(receipt.matter.public_id, until, WHY, by=cast.actor("city_operator"))
    shown = cast.client("resident").get(page).content.decode()
    assert said in shown
    assert WHY not in shown


def test_what_is_lifted_before_its_hour_is_told_at_once_and_not_again(cast, at, told):
    key = at_state(cast, "assigned").public_id
    by = cast.actor("city_operator")
    withhold_matter(key, at + DAY, WHY, by=by, at=at)
    withhold_matter(key, at + 2 * DAY, WHY, by=by, at=at + HOUR)
    lift_embargo(key, "播完了。", by=by, at=at + 2 * HOUR)
    kinds = ["matters.withhold", "matters.withhold", "matters.release"]
    assert [notice.kind for notice in told("unit_handler")] == kinds
    assert open_hours(at + 2 * DAY + HOUR) == 0


def test_what_no_unit_had_yet_is_told_to_none(cast, at):
    by = cast.actor("editor")
    raise_withheld(filmed(cast), Teller(), WHY, by=by, at=at)
    assert open_hours(at + 3 * DAY) == 0
    assert not Notice.objects.filter(kind__in=("matters.withhold", "matters.release")).exists()


def test_a_fresh_one_is_to_be_accepted_from_its_hour_on_and_from_now_where_it_is_lifted(cast, at):
    matter = raise_one(cast, withheld_until=at + 3 * DAY).matter
    far = matter.accept_by
    lift_embargo(matter.public_id, WHY, by=cast.actor("city_operator"), at=at)
    matter.refresh_from_db()
    assert at < matter.accept_by < far
    assert matter.due_at == matter.accept_by
    accept_matter(matter.public_id, by=cast.actor("dispatcher"), at=at)


def test_what_was_merged_into_it_waits_with_it(cast, at):
    into = at_state(cast, "handling")
    merged = at_state(cast, "merged")
    Matter.objects.filter(pk=merged.pk).update(merged_into=into)
    withhold_matter(into.public_id, at + DAY, WHY, by=cast.actor("city_operator"), at=at)
    assert not public_matters(at).filter(pk__in=(into.pk, merged.pk)).exists()


def test_an_hour_past_too_far_or_of_what_has_ended_is_refused(cast, at):
    by = cast.actor("city_operator")
    key = at_state(cast, "handling").public_id
    for until, error in ((at, HourPast), (at + 91 * DAY, HourTooFar)):
        with pytest.raises(error):
            withhold_matter(key, until, WHY, by=by, at=at)
    with pytest.raises(NotKeptBack):
        lift_embargo(key, WHY, by=by, at=at)
    ended = at_state(cast, "solved").public_id
    with pytest.raises(WrongState):
        withhold_matter(ended, at + DAY, WHY, by=by, at=at)


def test_a_complaint_of_the_editors_own_unit_is_not_the_editors_to_keep_back(cast, at):
    by = cast.actor("editor")
    named = {"kind": "complaint", "concerns": cast.bodies["bureau"], "door": "television"}
    matter = raise_one(cast, withheld_until=at + DAY, **named).matter
    assert not withheld_matters(by, at).exists()
    with pytest.raises(NotFound):
        lift_embargo(matter.public_id, WHY, by=by, at=at)


def test_the_board_counts_what_waits_in_the_whole_city_and_no_small_number(cast, at):
    raise_one(cast, withheld_until=at + DAY)
    waiting = board(Wanted(), at).waiting
    assert (waiting.few, waiting.number.n) == (True, 0)
    for _n in range(4):
        raise_one(cast, withheld_until=at + DAY)
    waiting = board(Wanted(), at).waiting
    assert (waiting.few, waiting.number.n) == (False, 5)
    assert board(Wanted(place=cast.places["chenglang"]), at).waiting is None  # where is not said
    assert board(Wanted(), at + DAY).waiting.number.n == 0


def test_the_pages_set_move_and_lift_the_hour(cast, at):
    client = cast.client("editor")
    page = client.post(
        reverse("matters:withheld_new"),
        {
            "place": cast.places["chenglang"].public_id,
            "words": "排水口夜里排出黄水，镜头拍到三次。",
            "category": the_category("water").public_id,
            "kind": "help",
            "until": "2026-11-26T20:30",
            "text": WHY,
            "name": "栏目组",
        },
    )
    matter = Matter.objects.get()
    assert (page.status_code, matter.door) == (302, "television")
    assert matter.withheld_until == datetime(2026, 11, 26, 20, 30, tzinfo=ZONE)
    assert matter.title in client.get(reverse("matters:withheld")).content.decode()
    own = reverse("matters:withhold", args=[matter.public_id])
    moved_to = {"until": "2026-11-27T20:30", "text": "改期。"}
    assert client.post(own, moved_to).status_code == 302
    assert client.post(own, {"until": "2020-01-01T08:00", "text": "改期。"}).status_code == 422
    assert client.post(own, {"release": "1", "release-text": ""}).status_code == 422
    assert client.post(own, {"release": "1", "release-text": "播完了。"}).status_code == 302
    matter.refresh_from_db()
    assert matter.withheld_until is None


def test_the_list_asks_the_same_of_the_database_however_long_it_is(cast, at):
    client = cast.client("city_operator")
    url = reverse("matters:withheld")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    assert "现在没有先不公开的" in client.get(url).content.decode()
    raise_one(cast, withheld_until=at + DAY)
    few = statements()
    for _n in range(35):
        raise_one(cast, withheld_until=at + DAY)
    assert statements() == few
    assert "after=" in client.get(url).content.decode()
    assert cast.client("dispatcher").get(url).status_code == 403
