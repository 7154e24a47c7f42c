"""What people say of their shifts, who takes a slot that fell empty, and swaps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import OutboxMessage
from groundwork.duty.actions import answering, openings, swapping
from groundwork.duty.actions.answering import NotNow, SlotGone
from groundwork.duty.actions.orders import end_order
from groundwork.duty.actions.swapping import SwapGone, SwapThere
from groundwork.duty.models import Post, Shift, Swap, UnitPart
from groundwork.duty.models.need import GateContact
from groundwork.duty.policy.orders import Shut
from groundwork.duty.queries import fitting, mine
from groundwork.duty.queries.calendar import entries
from groundwork.duty.queries.fitting import Fitting, candidates
from groundwork.duty.queries.instance import question
from groundwork.duty.queries.shift import one_more, post_reasons, why_page
from groundwork.duty.queries.verdicts import settled
from groundwork.duty.rules.posts import WrongState
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import TOMORROW, call, call_all, chosen

pytestmark = pytest.mark.django_db
WORKER = system("worker")
PEOPLE = "staff dispatcher unit_secretary branch_secretary clerk community_secretary"


@pytest.fixture
def order(cast, at):
    return order_of(cast)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


@pytest.fixture
def shift(gate):
    return shift_of(gate, 1)


# ---- yes and no ----------------------------------------------------------------------------------
def test_a_person_says_yes_and_nobody_says_it_for_them(cast, shift):
    post = post_of(cast, shift, "staff", state="planned")
    answering.confirm_post(post.public_id, by=cast.actor("staff"), at=AT)
    answering.confirm_post(post.public_id, by=cast.actor("staff"), at=AT)
    shift.refresh_from_db()
    assert (shift.posted, shift.confirmed) == (1, 1)
    assert post.steps.count() == 1
    with pytest.raises(Forbidden):
        answering.confirm_post(post.public_id, by=cast.actor("community_secretary"), at=AT)
    with pytest.raises(NotFound):
        answering.confirm_post(post.public_id, by=cast.actor("outsider"), at=AT)


def test_whoever_cannot_come_gives_no_reason_and_the_nearest_who_fit_hear_of_it(cast, order, shift):
    call_all(cast, order, "staff clerk unit_secretary")
    call(cast, order, "branch_secretary", pattern="weekends")  # cannot on a Wednesday
    call(cast, order, "outsider")  # another district
    post = post_of(cast, shift, "staff", state="planned")
    answering.decline_post(post.public_id, by=cast.actor("staff"), at=AT)
    shift.refresh_from_db()
    assert shift.posted == 0
    payload = OutboxMessage.objects.get(kind=answering.FILL).payload
    told = (payload["shift"], payload["kind"], payload["post"])
    assert openings.offer_slot(*told, by=WORKER, at=AT) == 2
    assert openings.offer_slot(*told, by=WORKER, at=AT) == 0
    heard = set(Notice.objects.filter(kind="duty.open").values_list("account", flat=True))
    assert heard == {cast.accounts[who].pk for who in ("clerk", "unit_secretary")}


def test_a_slot_that_was_filled_meanwhile_is_offered_to_nobody(cast, order, gate):
    shift = shift_of(gate, 1, general=1)
    call_all(cast, order, "staff clerk")
    post = post_of(cast, shift, "staff")
    answering.decline_post(post.public_id, by=cast.actor("staff"), at=AT)
    chosen(cast, shift, "clerk")
    told = (shift.public_id, "general", post.public_id)
    assert openings.offer_slot(*told, by=WORKER, at=AT) == 0


def test_no_answer_counts_after_the_shift_began_or_the_order_ended(cast, order, shift):
    post = post_of(cast, shift, "staff", state="planned")
    with pytest.raises(WrongState):
        answering.decline_post(post.public_id, by=cast.actor("staff"), at=shift.starts_at)
    end_order(order.public_id, by=BY, at=AT)
    with pytest.raises((Shut, WrongState)):
        answering.confirm_post(post.public_id, by=cast.actor("staff"), at=AT)


# ---- by oneself ----------------------------------------------------------------------------------
def test_a_person_takes_an_open_slot_and_not_one_that_is_full(cast, gate):
    shift = shift_of(gate, 1, general=1)
    post = chosen(cast, shift, "staff")
    assert (post.state, post.source, post.short_rest) == ("confirmed", "chosen", False)
    with pytest.raises(SlotGone):
        chosen(cast, shift, "clerk")
    with pytest.raises(NotNow):
        chosen(cast, shift, "staff")


def test_a_medic_is_wanted_and_others_are_told_so(cast, order, gate):
    shift = shift_of(gate, 1, medical=1)
    call(cast, order, "clerk", skills=["medical"])
    with pytest.raises(SlotGone):
        chosen(cast, shift, "staff")
    assert chosen(cast, shift, "clerk").kind == "medical"


def test_short_rest_by_choice_is_recorded_and_the_lead_is_told(cast, gate):
    early = shift_of(gate, 1, lead=1, general=1)
    start = early.starts_at.replace(hour=6)
    Shift.objects.filter(pk=early.pk).update(starts_at=start, ends_at=start.replace(hour=8))
    post_of(cast, early, "branch_secretary", kind="lead")
    post_of(cast, shift_of(gate, 0), "staff")
    assert chosen(cast, early, "staff").short_rest
    told = Notice.objects.get(kind="duty.short_rest")
    assert told.account_id == cast.accounts["branch_secretary"].pk


def test_two_shifts_at_once_the_desk_and_the_office_stand_in_the_way(cast, order, gate):
    one, two = shift_of(gate, 1), shift_of(gate_of(cast, order, name="西门"), 1)
    chosen(cast, one, "staff")
    with pytest.raises(NotNow):
        chosen(cast, two, "staff")
    call(cast, order, "clerk", held_at=AT)
    with pytest.raises(NotNow):
        chosen(cast, two, "clerk")
    UnitPart.objects.create(order=order, unit=cast.bodies["unit"], stay=5)
    start = two.starts_at.replace(hour=12)
    Shift.objects.filter(pk=two.pk).update(starts_at=start, ends_at=start.replace(hour=17))
    with pytest.raises(NotNow):
        chosen(cast, two, "unit_secretary")


def test_the_keeper_gives_a_slot_only_to_who_fits(cast, order, shift):
    call_all(cast, order, "clerk")
    call(cast, order, "staff", pattern="weekends")
    keeper = cast.actor("community_secretary")
    clerk, staff = (cast.people[who].public_id for who in ("clerk", "staff"))
    post = answering.assign(shift.public_id, clerk, "general", by=keeper, at=AT)
    assert (post.state, post.source) == ("planned", "fill")
    assert Notice.objects.filter(account=cast.accounts["clerk"], kind="duty.filled").exists()
    with pytest.raises(NotNow):
        answering.assign(shift.public_id, staff, "general", by=keeper, at=AT)
    with pytest.raises(Forbidden):
        answering.assign(shift.public_id, staff, "general", by=cast.actor("staff"), at=AT)


def test_people_are_reminded_once_some_hours_before(cast, shift):
    post = post_of(cast, shift, "staff")
    early, soon = shift.starts_at - timedelta(hours=4), shift.starts_at - timedelta(hours=2)
    assert answering.remind_posts(by=WORKER, at=early) == 0
    assert answering.remind_posts(by=WORKER, at=soon) == 1
    assert answering.remind_posts(by=WORKER, at=soon) == 0
    post.refresh_from_db()
    assert post.reminded_at == soon


# ---- one rule, told twice ------------------------------------------------------------------------
def test_what_one_person_may_is_what_the_judge_allows_the_plan(cast, order, gate):
    """The rules person by person and the rules over arrays say the same of every pair."""
    call_all(cast, order, "staff unit_secretary clerk")
    call(cast, order, "dispatcher", pattern="evenings", cap=1)
    call(cast, order, "branch_secretary", pattern="weekends")
    call(cast, order, "outsider")
    UnitPart.objects.create(order=order, unit=cast.bodies["unit"], stay=4)
    shifts = [shift_of(gate, days, general=6) for days in range(1, 6)]
    for days in (1, 3):
        noon = shift_of(gate_of(cast, order, name=f"门{days}"), days, general=6)
        start = noon.starts_at.replace(hour=12)
        Shift.objects.filter(pk=noon.pk).update(starts_at=start, ends_at=start.replace(hour=17))
        noon.refresh_from_db()
        shifts.append(noon)
    shifts.append(shift_of(gate_of(cast, order, name="西门"), 1, general=6))
    post_of(cast, shifts[0], "staff")
    post_of(cast, shifts[1], "dispatcher")
    post_of(cast, shifts[5], "unit_secretary")
    post_of(cast, shifts[3], "clerk", state="declined")
    who = ["staff", "unit_secretary", "clerk", "dispatcher", "branch_secretary", "outsider"]
    known = Fitting(order, [cast.people[one].pk for one in who], shifts)
    asked = question(order, TOMORROW, 7, {}, at=AT)
    pairs = [(cast.people[one].pk, shift) for one in who for shift in shifts]
    found = {(p, s.pk): known.hindrances(p, s) for p, s in pairs}
    judged = {
        (p, s.pk): bool(settled(asked, [(p, s.pk, "general")]))
        for p, s in pairs
        if "there" not in found[p, s.pk]
    }
    assert {pair: not found[pair] for pair in judged} == judged
    assert {code for codes in found.values() for code in codes} >= {
        "there", "busy", "rest", "week", "office", "unable", "far", "gave",
    }  # fmt: skip


# ---- swaps ---------------------------------------------------------------------------------------
def test_an_offer_is_seen_by_whom_it_fits_and_taken_in_one_tap(cast, order, shift):
    call_all(cast, order, "staff clerk outsider")
    call(cast, order, "unit_secretary", pattern="weekends")
    post = post_of(cast, shift, "staff")
    swap = swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    seen = {
        who: [one.swap for one in mine.offers(cast.actor(who), AT)]
        for who in ("clerk", "unit_secretary", "outsider", "staff")
    }
    assert seen == {"clerk": [swap], "unit_secretary": [], "outsider": [], "staff": []}
    with clock.at(AT):
        page = cast.client("clerk").get(reverse("duty:swaps")).text
    assert "我来接" in page
    assert "Offer(" not in page
    taken = swapping.take_swap(swap.public_id, by=cast.actor("clerk"), at=AT)
    post.refresh_from_db()
    shift.refresh_from_db()
    assert (post.state, taken.state, taken.source) == ("swapped", "confirmed", "swap")
    assert shift.posted == 1
    told = Notice.objects.filter(kind="duty.swap").values_list("account", flat=True)
    assert sorted(told) == sorted(cast.accounts[who].pk for who in ("staff", "clerk"))
    with pytest.raises(SwapGone):
        swapping.take_swap(swap.public_id, by=cast.actor("unit_secretary"), at=AT)


def test_rest_holds_in_a_swap_also_where_somebody_would_choose_otherwise(cast, order, gate):
    call_all(cast, order, "staff clerk")
    early = shift_of(gate, 1, general=1)
    start = early.starts_at.replace(hour=6)
    Shift.objects.filter(pk=early.pk).update(starts_at=start, ends_at=start.replace(hour=8))
    post = post_of(cast, early, "staff")
    post_of(cast, shift_of(gate, 0), "clerk")
    swap = swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(NotNow):
        swapping.take_swap(swap.public_id, by=cast.actor("clerk"), at=AT)


def test_two_posts_change_people_only_where_each_may_stand_the_others(cast, order, gate):
    call_all(cast, order, "staff clerk")
    one, two = shift_of(gate, 1, general=1), shift_of(gate, 3, general=1)
    mine_, theirs = post_of(cast, one, "staff"), post_of(cast, two, "clerk")
    found = mine.partners(mine_, AT)
    assert [post.pk for post in found.posts] == [theirs.pk]
    swap = swapping.offer_swap(
        mine_.public_id, in_return_id=theirs.public_id, by=cast.actor("staff"), at=AT
    )
    with pytest.raises(NotFound):
        swapping.take_swap(swap.public_id, by=cast.actor("outsider"), at=AT)
    swapping.take_swap(swap.public_id, by=cast.actor("clerk"), at=AT)
    held = Post.objects.filter(state="confirmed").values_list("person", "shift")
    assert set(held) == {(cast.people["clerk"].pk, one.pk), (cast.people["staff"].pk, two.pk)}


def test_an_offer_is_made_once_withdrawn_by_its_owner_and_lapses(cast, order, shift):
    call_all(cast, order, "staff clerk")
    post = post_of(cast, shift, "staff")
    swap = swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(SwapThere):
        swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(Forbidden):
        swapping.withdraw_swap(swap.public_id, by=cast.actor("clerk"), at=AT)
    swapping.withdraw_swap(swap.public_id, by=cast.actor("staff"), at=AT)
    again = swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    assert swapping.lapse_swaps(at=AT) == 0
    assert swapping.lapse_swaps(at=shift.starts_at) == 1
    again.refresh_from_db()
    assert again.state == Swap.State.LAPSED


def test_who_declines_takes_the_offer_back_with_it(cast, order, shift):
    call_all(cast, order, "staff clerk")
    post = post_of(cast, shift, "staff")
    swap = swapping.offer_swap(post.public_id, by=cast.actor("staff"), at=AT)
    answering.decline_post(post.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises((SwapGone, WrongState)):
        swapping.take_swap(swap.public_id, by=cast.actor("clerk"), at=AT)


# ---- why -----------------------------------------------------------------------------------------
def test_an_empty_slot_says_who_was_in_reach_what_kept_them_and_what_one_more_would_do(
    cast, order, shift
):
    call_all(cast, order, "clerk")
    call(cast, order, "staff", pattern="weekends")
    page = why_page(shift, AT)
    general = next(one for one in page.slots if one.slot.kind == "general")
    assert general.looked == 2
    assert general.reasons == ["1 人没有填这个时段", "1 人各项都符合，可以排"]
    assert [one.person for one in general.people] == [cast.people["clerk"]]
    assert (page.empty_near, page.one_more) == (3, 1)


def test_one_more_person_fills_what_rest_and_the_week_allow():
    start = AT.replace(hour=17, minute=0)
    evenings = [start + timedelta(days=days) for days in range(6)]  # Tuesday to Sunday
    spans = [(one, one + timedelta(hours=5)) for one in evenings]
    assert one_more(spans) == 3
    assert one_more([spans[0], spans[0]]) == 1
    assert one_more([]) == 0


def test_a_person_reads_why_it_is_they(cast, order, shift):
    call(cast, order, "staff")
    reasons = post_reasons(post_of(cast, shift, "staff"), AT)
    assert "卡口就在居住的社区。" in reasons
    assert "这个时段是本人填了能来的。" in reasons
    assert "这是本周第 1 个班，本人设的上限是 3 个。" in reasons


def test_that_nobody_nearer_fits_is_said_only_where_everybody_was_asked(cast, order):
    shift = shift_of(gate_of(cast, order, "dongsheng"), 1)
    call(cast, order, "staff")
    near = call(cast, order, "outsider")  # lives there
    post = post_of(cast, shift, "staff")
    said = "现在查过：卡口所在的乡镇（街道）里"
    assert f"{said}另有 1 人这时也能来。" in post_reasons(post, AT)
    near.excused_at = AT
    near.save()
    assert any(f"{said}，没有别的人" in line for line in post_reasons(post, AT))
    Post.objects.filter(pk=post.pk).update(source=Post.Source.CHOSEN)
    post.refresh_from_db()
    assert not any(said in line for line in post_reasons(post, AT))  # they came by themselves


def test_nobody_of_a_large_district_is_left_out(cast, order, shift, monkeypatch):
    """People are read in parts: whoever stands last in the table is found as well."""
    monkeypatch.setattr(fitting, "PART", 1)
    for who in ("staff", "unit_secretary", "branch_secretary"):
        call(cast, order, who, pattern="weekends")
    call(cast, order, "clerk")
    page = why_page(shift, AT)
    general = next(one for one in page.slots if one.slot.kind == "general")
    assert general.looked == 4
    assert general.reasons == ["3 人没有填这个时段", "1 人各项都符合，可以排"]
    assert [one.person for one in general.people] == [cast.people["clerk"]]
    assert [one.person for one in candidates(shift, "general", most=1)] == [cast.people["clerk"]]


def test_near_goes_before_far_and_then_by_name(cast, order, shift):
    call_all(cast, order, "clerk staff unit_secretary branch_secretary")
    found = candidates(shift, "general")
    assert [one.near for one in found] == [0, 0, 1, 1]
    names = [one.person.sort_key for one in found]
    assert names[:2] == sorted(names[:2])
    assert names[2:] == sorted(names[2:])


# ---- pages ---------------------------------------------------------------------------------------
def test_the_next_shift_says_where_with_whom_and_whom_to_call(cast, order, shift):
    post = post_of(cast, shift, "staff", state="planned")
    post_of(cast, shift, "branch_secretary", kind="lead")
    GateContact.objects.create(gate=shift.gate, person=cast.people["community_secretary"])
    client = cast.client("staff")
    page = client.get(reverse("duty:post", args=[post.public_id])).content.decode()
    assert cast.people["branch_secretary"].phone in page
    assert cast.people["community_secretary"].phone in page
    assert client.get(reverse("duty:mine")).content.decode().count("我能来</button>") == 1
    answer = client.post(reverse("duty:confirm", args=[post.public_id]), follow=True)
    assert "已确认" in answer.content.decode()


def test_names_of_a_shift_are_for_who_stands_there_and_who_keeps_it(cast, shift):
    post_of(cast, shift, "staff")
    url = reverse("duty:shift", args=[shift.public_id])
    name = cast.people["staff"].name
    assert name in cast.client("community_secretary").get(url).content.decode()
    assert name not in cast.client("outsider").get(url).content.decode()


def test_a_shift_is_in_the_calendar_and_cancelled_when_it_is_no_more(cast, shift):
    post = post_of(cast, shift, "staff", state="planned")
    before = entries(cast.actor("staff"), AT)
    assert [(one.uid, one.cancelled) for one in before] == [(post.public_id, False)]
    answering.decline_post(post.public_id, by=cast.actor("staff"), at=AT)
    after = entries(cast.actor("staff"), AT)
    assert after[0].cancelled
    assert after[0].sequence > before[0].sequence
