"""The gate: coming and going, the log, hand-over, pause, alarm, and hours afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import codes, vault
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.duty.actions import alarms, coming, entries, settling
from groundwork.duty.actions.entries import Sent, take_sending
from groundwork.duty.actions.orders import end_order
from groundwork.duty.actions.phones import close_phones, open_phone
from groundwork.duty.models import Alarm, HandOver, LogEntry, Pause, Reveal, Shift, Thanks
from groundwork.duty.policy.orders import Shut
from groundwork.duty.policy.phones import phone_for
from groundwork.duty.queries.at_gate import asked_of, note_for, people_of
from groundwork.duty.rules.posts import WrongState, purpose
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, phone_of, post_of, shift_of

SOON, LATER = timedelta(minutes=1), timedelta(hours=4)


@pytest.fixture
def gate(cast):
    return gate_of(cast, order_of(cast))


@pytest.fixture
def shift(gate):
    return shift_of(gate)


def log(key, who="resident", at=AT, **said):
    return Sent(key, "log", at, {"who": who, **said})


def act(key, kind, post, at=AT, **said):
    return Sent(key, kind, at, {"post": post.public_id, **said})


def errors(answers):
    return [type(answer.error).__name__ if answer.error else "" for answer in answers]


# ---- coming and going -----------------------------------------------------------------------
def test_a_scan_of_the_gate_s_code_is_a_coming_and_a_later_one_a_going(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    by = cast.actor("staff")
    for moment in (AT, AT + SOON, AT + LATER, AT + LATER + SOON):
        code = codes.token(gate.secret, purpose(gate.public_id), moment)
        coming.come_by_code(gate.public_id, code, by=by, at=moment)
    post.refresh_from_db()
    assert (post.state, post.came_at, post.went_at) == ("stood", AT, AT + LATER)
    assert Shift.objects.get(pk=shift.pk).present == 1


def test_a_scan_without_signal_counts_from_when_the_screen_showed_it_and_waits_for_the_lead(
    cast, gate, shift
):
    post = post_of(cast, shift, "staff")
    lead = post_of(cast, shift, "colleague", "lead")
    code = codes.token(gate.secret, purpose(gate.public_id), AT)
    coming.come_by_code(gate.public_id, code, by=cast.actor("staff"), at=AT + timedelta(hours=2))
    post.refresh_from_db()
    assert AT - timedelta(seconds=20) <= post.came_at <= AT
    assert not post.came_checked
    coming.mark_come(post.public_id, by=cast.actor("colleague"), at=AT + timedelta(hours=2))
    post.refresh_from_db()
    assert post.came_checked
    assert lead.kind == "lead"


def test_a_made_up_code_and_another_gate_s_are_refused(cast, gate, shift):
    post_of(cast, shift, "staff")
    other = gate_of(cast, gate.order, "liujin")
    foreign = codes.token(other.secret, purpose(other.public_id), AT)
    for code in ("zz", "1-00", foreign):
        with pytest.raises(coming.ForgedGateCode):
            coming.come_by_code(gate.public_id, code, by=cast.actor("staff"), at=AT)


def test_who_has_no_shift_here_is_told_so_and_an_hour_before_is_early_enough(cast, gate, shift):
    post_of(cast, shift, "staff")
    code = codes.token(gate.secret, purpose(gate.public_id), AT)
    with pytest.raises(coming.NoShiftHere):
        coming.come_by_code(gate.public_id, code, by=cast.actor("outsider"), at=AT)
    early = shift.starts_at - timedelta(minutes=61)
    code = codes.token(gate.secret, purpose(gate.public_id), early)
    with pytest.raises(coming.NoShiftHere):
        coming.come_by_code(gate.public_id, code, by=cast.actor("staff"), at=early)


def test_outside_the_order_nobody_can_check_in(cast, gate, shift):
    post_of(cast, shift, "staff")
    end_order(gate.order.public_id, by=BY, at=AT)
    code = codes.token(gate.secret, purpose(gate.public_id), AT + SOON)
    with pytest.raises(Shut):
        coming.come_by_code(gate.public_id, code, by=cast.actor("staff"), at=AT + SOON)


def test_who_forgot_to_sign_out_left_at_the_shift_s_end(cast, shift):
    post = post_of(cast, shift, "staff")
    coming.arrive(post, "lead", by=BY, seen=AT, at=AT)
    assert coming.close_standing(at=shift.ends_at + timedelta(hours=1)) == 0
    assert coming.close_standing(at=shift.ends_at + coming.AFTER) == 1
    post.refresh_from_db()
    assert (post.state, post.went_at, post.went_by) == ("stood", shift.ends_at, "rule")


# ---- the gate's phone -----------------------------------------------------------------------
def test_a_phone_is_opened_by_the_shift_s_lead_and_the_community_and_by_nobody_else(
    cast, gate, shift
):
    post_of(cast, shift, "colleague", "lead")
    post_of(cast, shift, "staff")
    for who in ("colleague", "community_secretary"):
        _phone, token = open_phone(gate.public_id, by=cast.actor(who), at=AT)
        assert phone_for(token, AT).gate == gate
    for who in ("staff", "outsider", "other_community_secretary"):
        with pytest.raises(Forbidden):
            open_phone(gate.public_id, by=cast.actor(who), at=AT)


def test_a_lost_phone_is_closed_and_an_ended_order_closes_all(cast, gate):
    _phone, token = open_phone(gate.public_id, by=BY, at=AT)
    close_phones(gate.public_id, by=BY, at=AT)
    with pytest.raises(NotFound):
        phone_for(token, AT)
    _phone, token = open_phone(gate.public_id, by=BY, at=AT)
    end_order(gate.order.public_id, by=BY, at=AT)
    with pytest.raises(Shut):
        phone_for(token, AT + SOON)


def test_entries_sent_twice_and_out_of_order_are_written_once(gate):
    phone = phone_of(gate)
    sent = [log(f"k{n}", at=AT + timedelta(minutes=n)) for n in range(30)]
    late = AT + timedelta(hours=1)
    assert not any(errors(take_sending(phone, list(reversed(sent[10:])), at=late)))
    assert not any(errors(take_sending(phone, sent, at=late)))
    assert LogEntry.objects.count() == 30
    assert LogEntry.objects.get(client_key="k29").at == AT + timedelta(minutes=29)


def test_one_bad_entry_holds_up_none_of_the_others(gate):
    phone = phone_of(gate)
    sent = [
        log("a"),
        log("b", "visitor", name=""),
        log("c", "visitor", name="王小明330203199001011234"),
        log("d", "vehicle", plate="浙B·1234"),
        log("e", "vehicle", plate="浙b·12345", fever="0"),
        Sent("f", "nonsense", AT, {}),
    ]
    assert errors(take_sending(phone, sent, at=AT)) == [
        "",
        "NoName",
        "TooMuch",
        "NoPlate",
        "",
        "Unreadable",
    ]
    assert set(LogEntry.objects.values_list("client_key", flat=True)) == {"a", "e"}


def test_a_phone_s_clock_that_runs_ahead_is_not_believed(gate):
    take_sending(phone_of(gate), [log("a", at=AT + timedelta(days=2))], at=AT)
    assert LogEntry.objects.get().at == AT


def test_temperature_is_kept_only_where_the_order_takes_it(cast):
    gate = gate_of(cast, order_of(cast, takes_temperature=False))
    take_sending(phone_of(gate), [log("a", fever="1")], at=AT)
    assert LogEntry.objects.get().fever is None


def test_names_are_sealed_and_opened_only_with_a_reason_that_stays(cast, gate):
    sent = [log("a", "visitor", name="王小明", place="柳锦社区", fever="1"), log("b")]
    take_sending(phone_of(gate), sent, at=AT)
    entry = LogEntry.objects.get(client_key="a")
    assert "王小明".encode() not in bytes(entry.sealed)
    by, span = cast.actor("community_secretary"), (AT - LATER, AT + LATER)
    with pytest.raises(entries.NoReason):
        entries.reveal_entries(gate.public_id, *span, " 查 ", by=by, at=AT)
    outsider = cast.actor("other_community_secretary")
    with pytest.raises(Forbidden):
        entries.reveal_entries(gate.public_id, *span, "疾控要求协查", by=outsider, at=AT)
    opened = entries.reveal_entries(gate.public_id, *span, "疾控要求协查", by=by, at=AT)
    assert [(row.named, row.place, row.fever) for row in opened] == [
        ("王小明", "柳锦社区", True),
        ("", "", None),
    ]
    assert Reveal.objects.get().reason == "疾控要求协查"
    assert TrailEntry.objects.filter(kind="duty.log", verb="reveal").count() == 1


def test_without_the_order_s_key_nobody_reads_a_name(cast, gate):
    take_sending(phone_of(gate), [log("a", "visitor", name="王小明")], at=AT)
    vault.destroy(entries.key_of(gate.order))
    with pytest.raises(vault.KeyGone):
        entries.reveal_entries(gate.public_id, AT - LATER, AT + LATER, "疾控要求协查", by=BY, at=AT)


def test_the_lead_s_list_works_from_the_gate_s_phone_and_only_for_its_own_gate(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    other = shift_of(gate_of(cast, gate.order, "liujin"))
    foreign = post_of(cast, other, "outsider")
    sent = [act("a", "come", post), act("b", "come", foreign), act("c", "come", post)]
    assert errors(take_sending(phone_of(gate), sent, at=AT)) == ["", "NotFound", ""]
    post.refresh_from_db()
    assert (post.state, post.came_by, post.came_checked) == ("standing", "lead", True)


def test_a_hand_over_bears_two_signatures_and_nobody_signs_both(cast, gate, shift):
    first = post_of(cast, shift, "staff", state="confirmed")
    second = post_of(cast, shift_of(gate, 1), "colleague")
    phone = phone_of(gate)
    take_sending(
        phone, [act("a", "come", first), act("n", "hand", first, note="少一支额温枪")], at=AT
    )
    taken = [act("x", "take", first, of="n"), act("y", "take", second, of="n")]
    assert errors(take_sending(phone, taken, at=AT)) == ["NotHere", "NotHere"]
    next_day = AT + timedelta(days=1)
    sent = [
        act("z", "come", second, at=next_day),
        act("w", "take", second, of="n", at=next_day),
        act("n", "hand", first, note="改过的", at=next_day),
    ]
    assert not any(errors(take_sending(phone, sent, at=next_day)))
    handed = HandOver.objects.get()
    assert (handed.note, handed.to_post, handed.taken_at) == ("少一支额温枪", second, next_day)


def test_a_note_that_nobody_took_is_shown_to_the_next_evening_and_then_no_more(cast, gate, shift):
    first = post_of(cast, shift, "staff", state="confirmed")
    sent = [act("a", "come", first), act("n", "hand", first, note="少一支额温枪")]
    take_sending(phone_of(gate), sent, at=AT)
    assert note_for(gate, AT + timedelta(days=1)).note == "少一支额温枪"
    assert note_for(gate, AT + timedelta(days=2)) is None


def test_who_steps_away_is_covered_by_the_neighbour_gate(cast, gate, shift):
    away = post_of(cast, shift, "staff")
    near = shift_of(gate_of(cast, gate.order, name="西门"))
    helpers = [post_of(cast, near, who) for who in ("colleague", "outsider")]
    phone = phone_of(gate)
    for post in (away, *helpers):
        coming.arrive(post, "lead", by=BY, seen=AT, at=AT)
    sent = [act("p", "pause", away), act("p", "pause", away)]
    assert not any(errors(take_sending(phone, sent, at=AT)))
    pause = Pause.objects.get()
    assert pause.asked_gate == near.gate
    told = Notice.objects.filter(kind="duty.cover").values_list("account", flat=True)
    assert set(told) == {cast.accounts[who].pk for who in ("colleague", "outsider")}
    other, [ask] = phone_of(near.gate), asked_of(near.gate, AT)
    assert ask["id"] == pause.public_id
    here = [act("c", "cover", away, of=pause.public_id)]  # this gate asked, it does not answer
    assert errors(take_sending(phone, here, at=AT)) == ["NotFound"]
    goes = [
        act(key, "cover", post, of=pause.public_id) for key, post in zip("de", helpers, strict=True)
    ]
    assert not any(errors(take_sending(other, goes, at=AT)))
    pause.refresh_from_db()
    assert pause.covered_by == helpers[0]  # who says it first goes
    assert asked_of(near.gate, AT) == []
    assert [row["cover"] for row in people_of(gate, AT)] == ["毛建军"]
    take_sending(phone, [act("q", "back", away, at=AT + SOON)], at=AT + SOON)
    pause.refresh_from_db()
    assert pause.ended_at == AT + SOON


def test_an_alarm_reaches_the_community_once_and_is_answered_with_words(cast, gate):
    phone = phone_of(gate)
    alarm = Sent("a", "alarm", AT, {"alarm": "fever"})
    assert not any(errors(take_sending(phone, [alarm, alarm], at=AT)))
    made = Alarm.objects.get()
    told = Notice.objects.filter(kind="duty.alarm.fever")
    assert [n.account_id for n in told] == [cast.accounts["community_secretary"].pk]
    assert gate.place.name in told[0].text
    by = cast.actor("community_secretary")
    with pytest.raises(alarms.NoOutcome):
        alarms.answer_alarm(made.public_id, " ", by=by, at=AT)
    alarms.answer_alarm(made.public_id, "已送发热门诊", by=by, at=AT)
    alarms.answer_alarm(made.public_id, "别的话", by=by, at=AT)
    made.refresh_from_db()
    assert made.outcome == "已送发热门诊"
    with pytest.raises(NotFound):
        alarms.answer_alarm(made.public_id, "x", by=cast.actor("staff"), at=AT)


# ---- afterwards -----------------------------------------------------------------------------
def test_an_absence_is_written_only_after_the_person_was_heard(cast, shift):
    post = post_of(cast, shift, "staff")
    lead, by = cast.actor("community_secretary"), cast.actor("community_secretary")
    with pytest.raises(WrongState):
        coming.mark_missed(post.public_id, by=lead, at=shift.starts_at)
    coming.mark_missed(post.public_id, by=lead, at=AT)
    assert Notice.objects.filter(account=cast.accounts["staff"], kind="duty.missed").exists()
    with pytest.raises(settling.StillToHear):
        settling.uphold_absence(post.public_id, "没有来", by=by, at=AT + LATER)
    settling.contest_absence(post.public_id, "我在西门", by=cast.actor("staff"), at=AT + LATER)
    settling.approve_post(post.public_id, "西门证实", by=by, at=AT + LATER)
    post.refresh_from_db()
    assert post.state == "approved"


def test_silence_of_three_days_lets_an_absence_stand_and_it_can_still_be_corrected(cast, shift):
    post = post_of(cast, shift, "staff")
    by = cast.actor("community_secretary")
    coming.mark_missed(post.public_id, by=by, at=AT)
    settling.uphold_absence(post.public_id, "没有来", by=by, at=AT + timedelta(days=3))
    settling.excuse_post(post.public_id, "住院，事后知道", by=by, at=AT + timedelta(days=9))
    post.refresh_from_db()
    assert post.state == "excused"


def test_the_community_thanks_whom_it_confirms_and_each_reads_it_at_their_shift(cast, shift):
    posts = [post_of(cast, shift, who, state="stood") for who in ("staff", "colleague")]
    client = cast.client("community_secretary")
    said = {"post": [post.public_id for post in posts], "thanks": "天冷，辛苦了"}
    for _time in range(2):
        client.post(reverse("duty:hours_approve"), said)
    assert Thanks.objects.get().resident is False
    page = cast.client("staff").get(reverse("duty:post", args=[posts[0].public_id]))
    assert "天冷，辛苦了" in page.text
    other = cast.client("other_community_secretary")
    other.post(reverse("duty:hours_approve"), {**said, "thanks": "别处的话"})
    assert Thanks.objects.count() == 1


def test_nobody_settles_their_own_shift(cast, shift):
    post = post_of(cast, shift, "community_secretary", state="stood")
    with pytest.raises(Forbidden):
        settling.approve_post(post.public_id, by=cast.actor("community_secretary"), at=AT)
