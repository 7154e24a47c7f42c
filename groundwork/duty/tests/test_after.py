"""No hour is lost: who forgot to sign out, the last shift of an order, whom nobody wrote down."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock, schedule
from groundwork.duty.actions import coming, lapse, settling
from groundwork.duty.actions.orders import end_order
from groundwork.duty.actions.phones import close_phones
from groundwork.duty.models import LogEntry, Post
from groundwork.duty.policy.orders import Shut
from groundwork.duty.queries.after import waiting
from groundwork.duty.queries.keeping import keeping
from groundwork.duty.rules.posts import GOING, WrongState
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of

MINUTE = timedelta(minutes=1)
END = AT.replace(hour=22, minute=0, second=0, microsecond=0)  # of the shift and of the order


@pytest.fixture
def gate(cast):
    """A gate of an order that ends with tonight's shift."""
    return gate_of(cast, order_of(cast, ends_at=END))


@pytest.fixture
def shift(gate):
    return shift_of(gate)


def state_of(post: Post) -> str:
    return Post.objects.get(pk=post.pk).state


def test_the_worker_signs_out_who_forgot_also_after_the_order_s_end(cast, shift, monkeypatch):
    own = {
        name: job
        for name, job in schedule.JOBS.items()
        if name == "groundwork.duty.tasks.close_standing"
    }
    monkeypatch.setattr(schedule, "JOBS", own)
    post = post_of(cast, shift, "staff")
    coming.arrive(post, "lead", by=BY, seen=AT, at=AT)
    for late, state in ((GOING - MINUTE, "standing"), (GOING, "stood")):
        with clock.at(END + late):
            schedule.run_due(at=END + late + timedelta(days=late >= GOING))
        assert state_of(post) == state
    with clock.at(END + GOING):
        page = cast.client("community_secretary").get(reverse("duty:hours"))
    assert "没签退，按下班时间记" in page.text


def test_who_stood_the_order_s_last_shift_signs_out_after_its_end(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    by = cast.actor("staff")
    coming.come_by_poster(gate.poster, by=by, at=AT)
    lapse.lapse_orders(at=END + MINUTE)
    with pytest.raises(Shut):
        coming.come_by_poster(gate.poster, by=by, at=END + GOING)
    left = coming.come_by_poster(gate.poster, by=by, at=END + 2 * MINUTE)
    assert (left.pk, left.state, left.went_at) == (post.pk, "stood", END + 2 * MINUTE)


def test_a_tap_that_waited_for_signal_counts_after_the_end_and_one_made_after_it_does_not(
    cast, gate, shift
):
    late = END + 20 * MINUTE
    posts = {who: post_of(cast, shift, who) for who in ("staff", "colleague")}
    lapse.lapse_orders(at=END + MINUTE)
    coming.come_by_poster(gate.poster, by=cast.actor("staff"), said=AT, at=late)
    with pytest.raises(Shut):
        coming.come_by_poster(gate.poster, by=cast.actor("colleague"), said=END + MINUTE, at=late)
    assert [state_of(post) for post in posts.values()] == ["standing", "confirmed"]


def test_the_end_takes_back_no_shift_that_has_begun(cast):
    gate = gate_of(cast, order_of(cast))
    begun, ahead = shift_of(gate), shift_of(gate, 1)
    posts = [post_of(cast, one, "staff") for one in (begun, ahead)]
    end_order(gate.order.public_id, by=BY, at=AT + 60 * MINUTE)
    lapse.clear_ended(at=AT + 60 * MINUTE)
    assert [state_of(post) for post in posts] == ["confirmed", "released"]
    assert Notice.objects.filter(kind="duty.called_off").count() == 1
    assert waiting(cast.actor("community_secretary"), END + GOING).unseen == posts[:1]


def test_the_lead_writes_the_roll_up_after_the_order_s_end(cast, gate, shift):
    lead, staff = post_of(cast, shift, "colleague", "lead"), post_of(cast, shift, "staff")
    lapse.lapse_orders(at=END + MINUTE)
    with clock.at(END + 60 * MINUTE):
        page = cast.client("colleague").get(reverse("duty:shift", args=[shift.public_id]))
        assert reverse("duty:mark_come", args=[staff.public_id]) in page.text
        coming.mark_come(staff.public_id, by=cast.actor("colleague"))
    staff.refresh_from_db()
    assert (staff.state, staff.came_at) == ("standing", shift.starts_at)
    with pytest.raises(Shut):
        coming.mark_come(lead.public_id, by=BY, at=END + timedelta(hours=13))


# ---- the gate's phone ----------------------------------------------------------------------------
def sending(client, post, *kinds):
    acts = [
        {
            "key": f"k-{kind}",
            "kind": kind,
            "at": (AT + n * timedelta(hours=1)).timestamp(),
            "said": {"post": post.public_id, "who": "resident"},
        }
        for n, kind in enumerate(kinds)
    ]
    body = json.dumps({"acts": acts})
    return client.post(reverse("duty:phone_sync"), body, content_type="application/json")


@pytest.fixture
def phone(cast, gate, shift):
    client = cast.client("community_secretary")
    with clock.at(AT):
        client.post(reverse("duty:phone_open", args=[gate.public_id]))
    client.cookies.pop("gw_session", None)
    return client


def test_a_phone_that_finds_its_signal_after_the_end_tells_who_came_and_no_name(
    cast, gate, shift, phone
):
    post = post_of(cast, shift, "staff")
    lapse.lapse_orders(at=END + MINUTE)
    with clock.at(END + 60 * MINUTE):
        answers = sending(phone, post, "come", "log", "go", "alarm").json()["answers"]
        again = sending(phone, post, "come", "go").json()["answers"]
    assert [bool(answer["error"]) for answer in answers] == [False, True, False, True]
    assert not any(answer["error"] for answer in again)
    post.refresh_from_db()
    assert (post.state, post.came_at, post.went_at) == ("stood", AT, AT + timedelta(hours=2))
    assert not LogEntry.objects.exists()


def test_by_the_clock_alone_the_phone_s_doors_are_shut(cast, shift, phone):
    """No worker has run: the end is a matter of the clock."""
    post = post_of(cast, shift, "staff")
    with clock.at(END):
        assert phone.get(reverse("duty:phone")).status_code == 403
        assert phone.get(reverse("duty:phone_state")).json()["code"] == "duty.shut"
        answer = sending(phone, post, "log")
    assert (answer.status_code, answer.json()["code"]) == (403, "duty.shut")
    with clock.at(END + timedelta(days=3)):
        assert sending(phone, post, "come").status_code == 403
    assert state_of(post) == "confirmed"
    assert not LogEntry.objects.exists()


def test_a_phone_that_was_lost_before_the_end_tells_nothing_after_it(cast, gate, shift, phone):
    post = post_of(cast, shift, "staff")
    close_phones(gate.public_id, by=BY, at=AT)
    with clock.at(AT):
        assert sending(phone, post, "come").status_code == 404
    lapse.lapse_orders(at=END + MINUTE)
    with clock.at(END + 60 * MINUTE):
        assert sending(phone, post, "come").status_code == 404


# ---- nobody wrote it down ------------------------------------------------------------------------
@pytest.mark.parametrize("checks_in", [True, False])
def test_the_community_confirms_whom_nobody_wrote_down_and_the_hours_count(cast, checks_in):
    gate = gate_of(cast, order_of(cast, ends_at=END, checks_in=checks_in))
    post = post_of(cast, shift_of(gate), "staff", state="planned")
    by = cast.actor("community_secretary")
    with pytest.raises(WrongState):
        settling.approve_post(post.public_id, by=by, at=END - MINUTE)
    lapse.lapse_orders(at=END + MINUTE)
    assert waiting(by, END + MINUTE).unseen == []  # a late scan may still be under way
    later = END + timedelta(hours=20)
    assert waiting(by, later).unseen == [post]
    assert waiting(cast.actor("other_community_secretary"), later).unseen == []
    assert keeping(by, later).waiting == 1
    with clock.at(later):
        client = cast.client("community_secretary")
        page = client.get(reverse("duty:hours")).text
        ticked = f'value="{post.public_id}" checked' in page
        assert ticked is not checks_in  # where nobody could check in, the plan is what one knows
        client.post(reverse("duty:hours_approve"), {"post": [post.public_id]})
        address = reverse("duty:certificate", args=[gate.order.public_id])
        assert "共 1 班，5 小时" in cast.client("staff").get(address).text
    post.refresh_from_db()
    assert (post.came_by, post.came_at, post.went_at) == ("word", post.shift.starts_at, END)


def test_who_was_not_written_down_says_so_and_who_was_not_there_is_heard_first(cast, shift):
    mine, other = (post_of(cast, shift, who) for who in ("staff", "colleague"))
    with pytest.raises(WrongState):
        settling.contest_absence(mine.public_id, "我在", by=cast.actor("staff"), at=END - MINUTE)
    with clock.at(END + timedelta(hours=20)):
        page = cast.client("staff").get(reverse("duty:post", args=[mine.public_id])).text
        address = reverse("duty:contest", args=[mine.public_id])
        assert address in page
        cast.client("staff").post(address, {"text": "我在，手机没电"})
        community = cast.client("community_secretary")
        settle = reverse("duty:settle", args=[other.public_id])
        assert 'value="miss"' in community.get(settle).text
        community.post(settle, {"text": "没有来", "act": "miss"})
    assert [state_of(mine), state_of(other)] == ["contested", "missed"]
    assert Notice.objects.filter(kind="duty.missed").get().account == cast.accounts["colleague"]
    # The gate's phone finds its signal after all: that is a coming, whatever was said meanwhile.
    coming.arrive(Post.objects.get(pk=mine.pk), "lead", by=BY, seen=AT, at=END)
    assert state_of(mine) == "standing"
