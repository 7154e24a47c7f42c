"""Who is called when somebody is wanted at a gate: alarms, a quiet break, a caution."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.duty.actions import alarms, answering, coming, handing
from groundwork.duty.models import Shift
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def order(cast, at):
    return order_of(cast, starts_at=AT - 2 * DAY)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


@pytest.fixture
def away(cast, gate):
    """Somebody who stands at the gate now, alone."""
    return standing(post_of(cast, shift_of(gate), "staff"))


def standing(post):
    return coming.arrive(post, "lead", by=BY, seen=AT, at=AT)


def told(cast, kind):
    """Name who of the cast was told, and the one address where it leads."""
    rows = list(Notice.objects.filter(kind=kind).values_list("account_id", "url"))
    names = {who for who, account in cast.accounts.items() if account.pk in {n for n, _ in rows}}
    return names, {url for _n, url in rows}


def step_away(post):
    return handing.pause(post, by=BY, seen=AT, at=AT)


# ---- a quiet break -------------------------------------------------------------------------------
def test_a_gate_where_two_stood_yesterday_and_nobody_tonight_is_not_asked(cast, order, gate, away):
    west = gate_of(cast, order, name="西门")
    before = shift_of(west, -1)
    Shift.objects.filter(pk=before.pk).update(present=2)  # they came, and went home
    post_of(cast, shift_of(west), "colleague")  # tonight one is expected and has not come
    assert step_away(away).asked_gate is None


def test_a_gate_whose_two_have_gone_is_not_asked_nor_one_where_one_is_away_itself(
    cast, order, gate, away
):
    west, north = (gate_of(cast, order, name=name) for name in ("西门", "北门"))
    late, here = shift_of(west), shift_of(north)
    for who in ("colleague", "outsider"):
        coming.leave(
            standing(post_of(cast, late, who)), "lead", by=BY, seen=AT + DAY / 48, at=AT + DAY / 48
        )
    pair = [standing(post_of(cast, here, who)) for who in ("clerk", "handler")]
    step_away(pair[0])
    assert handing.pause(away, by=BY, seen=AT, at=AT + DAY / 24).asked_gate is None


def test_the_own_community_s_gate_is_asked_before_the_township_s_whichever_was_set_up_first(
    cast, order, gate, away
):
    assert gate.township is not None
    far = gate_of(cast, order, "liujin")
    near = gate_of(cast, order, name="西门")
    for one, who in ((far, "colleague clerk"), (near, "outsider handler")):
        shift = shift_of(one)
        for name in who.split():
            standing(post_of(cast, shift, name))
    assert far.township == gate.township
    assert step_away(away).asked_gate == near


def test_where_no_gate_near_can_help_the_community_hears_of_it_and_where_to_go(cast, away):
    made = step_away(away)
    assert made.asked_gate is None
    page = reverse("duty:shift", args=[away.shift.public_id])
    assert told(cast, "duty.cover") == ({"community_secretary"}, {page})
    assert "澄浪社区东大门" in Notice.objects.get(kind="duty.cover").text


# ---- words that lead somewhere -------------------------------------------------------------------
def test_an_alarm_s_notice_opens_the_alarm_and_one_that_waited_says_since_when(cast, gate):
    for key, seen in (("a", AT), ("b", AT - timedelta(minutes=40))):
        made = alarms.raise_alarm(gate, "fever", key, by=BY, seen=seen, at=AT)
        notice = Notice.objects.get(kind="duty.alarm.fever", key__endswith=made.public_id)
        assert notice.url == reverse("duty:alarm", args=[made.public_id])
        assert ("才送到" in notice.text) is (key == "b")


def test_a_word_on_an_absence_opens_the_shift_where_it_is_contested(cast, away):
    missed = post_of(cast, away.shift, "colleague")
    coming.mark_missed(missed.public_id, by=BY, at=AT)
    page = reverse("duty:post", args=[missed.public_id])
    assert told(cast, "duty.missed") == ({"colleague"}, {page})


def test_without_a_lead_the_community_hears_of_short_rest(cast, order, gate):
    early = shift_of(gate, 1, general=2)
    post_of(cast, shift_of(gate, 0), "staff")
    Shift.objects.filter(pk=early.pk).update(
        starts_at=early.starts_at.replace(hour=6), ends_at=early.starts_at.replace(hour=9)
    )
    made = answering.sign_up(early.public_id, by=cast.actor("staff"), at=AT)
    assert made.short_rest
    page = reverse("duty:shift", args=[early.public_id])
    assert told(cast, "duty.short_rest") == ({"community_secretary"}, {page})


def test_both_whose_names_are_signed_on_the_gate_s_phone_hear_of_it(cast, gate, away):
    taker = standing(post_of(cast, away.shift, "colleague"))
    handing.give_over(away, "n", "少一支额温枪", 3, by=BY, seen=AT)
    assert told(cast, "duty.handed") == (set(), set())
    for _time in range(2):
        handing.take_over("n", taker, by=BY, seen=AT)
    pages = {reverse("duty:post", args=[post.public_id]) for post in (away, taker)}
    assert told(cast, "duty.handed") == ({"staff", "colleague"}, pages)
    assert Notice.objects.filter(kind="duty.handed").count() == 2
