"""Orders: drawn up, in force, prolonged, switched, ended; what hangs at the gates; the lapse."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock, retention, vault
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Tombstone, TrailEntry
from groundwork.duty.actions import lapse, orders
from groundwork.duty.actions.branches import BranchElsewhere, form_branch
from groundwork.duty.actions.entries import Sent, take_sending
from groundwork.duty.actions.notices import EmptyNotice, write_notice
from groundwork.duty.models import (
    Alarm,
    GateNotice,
    HandOver,
    LogEntry,
    Order,
    Pause,
    Post,
    PostStep,
    Swap,
)
from groundwork.duty.policy.orders import Shut, is_open, require_open
from groundwork.duty.rules import orders as rules
from groundwork.duty.rules.needs import OrderOver
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, phone_of, post_of, shift_of
from groundwork.registry.models import Body

END = AT + timedelta(days=20)
AFTER = END + timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def order(cast):
    return order_of(cast)


def a_plan(cast, **more):
    values = {
        "title": "防台",
        "kind": "typhoon",
        "body": cast.bodies["bureau"],
        "basis": "《防洪法》",
        "place": cast.places["city"],
        "starts_at": AT,
        "ends_at": AT + timedelta(days=2),
    }
    return orders.OrderPlan(**{**values, **more})


def an_entry(order, gate, key="k-1", name="沈小姐"):
    """Let somebody through a gate, over its phone."""
    [answer] = take_sending(
        phone_of(gate), [Sent(key, "log", AT, {"who": "visitor", "name": name})], at=AT
    )
    assert answer.error is None
    return LogEntry.objects.get(client_key=key)


# ---- the way of an order ----------------------------------------------------------------------
@pytest.mark.parametrize("kind", Order.Kind.values)
def test_every_kind_of_order_is_the_same_machine_with_its_own_switches(cast, kind):
    doors = {code: code in rules.PRESETS[kind] for code in rules.CODES}
    rules.check_doors(doors)
    made = orders.draft_order(a_plan(cast, kind=kind, **doors), by=BY, at=AT)
    assert not is_open(made, AT)  # a draft opens nothing
    live = orders.activate_order(made.public_id, by=BY, at=AT)
    for code in rules.CODES:
        assert is_open(live, AT + HOUR, code) == doors[code]
    with pytest.raises(Shut):
        require_open(live, live.ends_at)  # by the clock, with no worker run
    with pytest.raises(orders.WrongOrderState):
        orders.activate_order(made.public_id, by=BY, at=AT)


def test_who_orders_keeps_the_place_and_a_district_does_not_order_the_city(cast):
    district = cast.actor("district_operator")
    body = cast.bodies["haishu_party"]
    with pytest.raises(Forbidden):
        orders.draft_order(a_plan(cast, body=body), by=district, at=AT)
    own = orders.draft_order(
        a_plan(cast, body=body, place=cast.places["haishu"]), by=district, at=AT
    )
    with pytest.raises(NotFound):  # a draft is nowhere for others
        orders.activate_order(own.public_id, by=cast.actor("staff"), at=AT)
    orders.activate_order(own.public_id, by=district, at=AT)
    with pytest.raises(Forbidden):
        orders.end_order(own.public_id, by=cast.actor("staff"), at=AT)


def test_a_draft_may_change_and_an_order_in_force_may_not(cast, order):
    draft = orders.draft_order(a_plan(cast), by=BY, at=AT)
    changed = orders.edit_draft(draft.public_id, a_plan(cast, title="防大台"), by=BY, at=AT)
    assert changed.title == "防大台"
    with pytest.raises(rules.TemperatureNeedsLog):
        orders.edit_draft(draft.public_id, a_plan(cast, takes_temperature=True), by=BY, at=AT)
    gate_of(cast, draft)
    with pytest.raises(orders.GatesThere):
        orders.edit_draft(draft.public_id, a_plan(cast, place=cast.places["haishu"]), by=BY, at=AT)
    with pytest.raises(orders.WrongOrderState):
        orders.edit_draft(order.public_id, a_plan(cast), by=BY, at=AT)


def test_a_switch_is_thrown_with_a_reason_and_the_log_takes_the_temperature_along(cast, order):
    orders.throw_switch(order.public_id, "keeps_log", False, "疫情平稳", by=BY, at=AT)
    order.refresh_from_db()
    assert (order.keeps_log, order.takes_temperature) == (False, False)
    step = order.steps.last()
    assert (step.verb, step.text) == ("switch", "疫情平稳")
    assert step.data == {"keeps_log": False, "takes_temperature": False}
    with pytest.raises(rules.TemperatureNeedsLog):
        orders.throw_switch(order.public_id, "takes_temperature", True, by=BY, at=AT)
    with pytest.raises(rules.NoSuchDoor):
        orders.throw_switch(order.public_id, "title", True, by=BY, at=AT)
    n = order.steps.count()
    orders.throw_switch(order.public_id, "keeps_log", False, by=BY, at=AT)  # twice is no error
    assert order.steps.count() == n
    with pytest.raises(orders.WrongOrderState):
        orders.throw_switch(order.public_id, "keeps_log", True, by=BY, at=AFTER)


def test_an_end_moves_while_it_is_ahead_and_what_has_lapsed_does_not_come_back(cast, order):
    orders.prolong_order(order.public_id, END + HOUR, "还在下雪", by=BY, at=AT)
    order.refresh_from_db()
    assert is_open(order, END)
    with pytest.raises(orders.EndsTooEarly):
        orders.prolong_order(order.public_id, AT - HOUR, "", by=BY, at=AT)
    with pytest.raises(orders.WrongOrderState):
        orders.prolong_order(order.public_id, END + 2 * HOUR, "", by=BY, at=END + HOUR)


# ---- the end ----------------------------------------------------------------------------------
def test_the_end_releases_who_is_still_to_come_tells_them_once_and_keeps_what_was_stood(
    cast, order
):
    gate = gate_of(cast, order)
    phone_of(gate)
    tomorrow, tonight = shift_of(gate, 1), shift_of(gate)
    ahead = post_of(cast, tomorrow, "staff")
    stood = post_of(cast, tonight, "colleague", state="stood")
    swap = Swap.objects.create(post=ahead, at=AT)
    for _twice in range(2):
        orders.end_order(order.public_id, "解除", by=BY, at=AT)
        lapse.lapse_orders(at=AT)
    ahead.refresh_from_db(), stood.refresh_from_db(), swap.refresh_from_db()
    assert (ahead.state, stood.state, swap.state) == ("released", "stood", "lapsed")
    assert PostStep.objects.filter(post=ahead, verb="release").count() == 1
    told = Notice.objects.filter(kind="duty.called_off")
    assert [n.account for n in told] == [cast.accounts["staff"]]
    assert "启动令已结束" in told[0].text
    tomorrow.refresh_from_db()
    assert tomorrow.posted == 0
    assert not gate.phones.filter(closed_at=None).exists()
    assert order.steps.filter(verb="end").count() == 1


def test_a_clock_past_the_end_shuts_the_doors_erases_the_log_and_leaves_a_tombstone(cast, order):
    gate = gate_of(cast, order)
    entry = an_entry(order, gate)
    backup = bytes(entry.sealed)
    key = orders.key_of(order)
    bound = f"{entry.order_id}"
    assert (vault.folder() / f"{key}.key").exists()
    assert lapse.lapse_orders(at=END - HOUR) == (0, 0)
    assert lapse.lapse_orders(at=AFTER) == (1, 1)
    order.refresh_from_db()
    assert (order.state, order.erased_at) == ("ended", AFTER)
    with pytest.raises(Shut):
        require_open(order, AFTER, "keeps_log")
    assert not LogEntry.objects.exists()
    stone = Tombstone.objects.get(kind="duty.log")
    assert (stone.count, stone.rule, stone.at) == (1, "duty.log", AFTER)
    assert stone.digest == hashlib.sha256(order.public_id.encode()).hexdigest()
    # A backup of before the end holds the row and not the key: it can never be read again.
    with pytest.raises(vault.KeyGone):
        vault.unseal(key, backup, bound)
    assert "沈" not in backup.decode("utf-8", "replace")
    assert order.steps.last().data == {"erased": 1}
    trail = TrailEntry.objects.filter(kind="duty.order", object_id=order.public_id)
    assert {"activate", "end", "erase"} <= set(trail.values_list("verb", flat=True))
    assert lapse.lapse_orders(at=AFTER + HOUR) == (0, 0)
    assert Tombstone.objects.filter(kind="duty.log").count() == 1


@pytest.mark.parametrize("killed", ["after_end", "after_key", "between_rows", "before_mark"])
def test_an_erasing_that_is_killed_anywhere_is_finished_by_the_next_run(
    cast, order, monkeypatch, killed
):
    gate = gate_of(cast, order)
    for n in range(5):
        an_entry(order, gate, f"k-{n}")
    monkeypatch.setattr(lapse, "AT_ONCE", 2)

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    real = retention.erase
    calls = []

    def second_dies(*args, **kwargs):
        calls.append(1)
        return die() if len(calls) == 2 else real(*args, **kwargs)

    with monkeypatch.context() as at_work:
        if killed == "after_end":
            at_work.setattr(lapse.vault, "destroy", die)
        elif killed == "after_key":
            at_work.setattr(lapse.retention, "erase", die)
        elif killed == "between_rows":
            at_work.setattr(lapse.retention, "erase", second_dies)
        else:
            at_work.setattr(lapse, "_mark", die)
        with pytest.raises(Killed):
            lapse.lapse_orders(at=AFTER)
    left = {"after_end": 5, "after_key": 5, "between_rows": 3, "before_mark": 0}[killed]
    assert LogEntry.objects.count() == left
    order.refresh_from_db()
    assert (order.state, order.erased_at) == ("ended", None)
    lapse.lapse_orders(at=AFTER + HOUR)
    order.refresh_from_db()
    assert order.erased_at == AFTER + HOUR
    assert not LogEntry.objects.exists()
    assert not (vault.folder() / f"{orders.key_of(order)}.key").exists()
    assert sum(Tombstone.objects.values_list("count", flat=True)) == 5
    assert order.steps.filter(verb="end").count() == order.steps.filter(verb="erase").count() == 1
    assert order.steps.get(verb="erase").data == {"erased": 5}


def test_an_order_ended_early_and_brought_back_by_a_restore_ends_again(cast, order):
    gate = gate_of(cast, order)
    entry = an_entry(order, gate)
    orders.end_order(order.public_id, by=BY, at=AT)
    lapse.clear_ended(at=AT)
    # The restore: yesterday's rows, today's tombstone.
    entry.save(force_insert=True)
    Order.objects.filter(pk=order.pk).update(
        state="active", ends_at=END, ended_at=None, erased_at=None
    )
    assert lapse.lapse_orders(at=AT + HOUR) == (1, 1)
    order.refresh_from_db()
    assert order.state == "ended"
    assert not LogEntry.objects.exists()


def test_a_late_entry_of_an_ended_order_goes_too(cast, order):
    entry = an_entry(order, gate_of(cast, order))
    lapse.lapse_orders(at=AFTER)
    entry.save(force_insert=True)  # it was on its way while the order ended
    lapse.lapse_orders(at=AFTER + HOUR)
    assert not LogEntry.objects.exists()
    assert order.steps.filter(verb="erase").count() == 1


def test_what_people_said_of_their_time_goes_ninety_days_after_the_end(cast, order):
    from groundwork.duty.actions.supply import Answer, answer_call

    answer = Answer({"week": {"1": [["17:00", "22:00"]]}, "days": {}}, 3, ("driver",))
    row = answer_call(order.public_id, answer, by=cast.actor("staff"), at=AT)
    lapse.lapse_orders(at=AFTER)
    assert lapse.forget_supply(at=AFTER + timedelta(days=89)) == 0
    assert lapse.forget_supply(at=AFTER + timedelta(days=90)) == 1
    row.refresh_from_db()
    assert (row.times, row.skills) == ({}, [])
    assert row.answered_at is not None  # that they answered stays


def test_what_was_written_at_a_gate_goes_ninety_days_after_the_end(cast, order):
    gate = gate_of(cast, order)
    shift = shift_of(gate)
    post = post_of(cast, shift, "staff", state="confirmed")
    note = HandOver.objects.create(
        gate=gate, client_key="n", from_post=post, note="少一支额温枪", given_at=AT
    )
    alarm = Alarm.objects.create(
        gate=gate, client_key="a", kind="fever", at=AT, received_at=AT, outcome="已送发热门诊"
    )
    Pause.objects.create(post=post, began_at=AT)
    lapse.lapse_orders(at=AFTER)
    assert lapse.forget_words(at=AFTER + timedelta(days=89)) == 0
    assert lapse.forget_words(at=AFTER + timedelta(days=90)) == 3
    assert lapse.forget_words(at=AFTER + timedelta(days=91)) == 0
    note.refresh_from_db()
    alarm.refresh_from_db()
    assert (note.note, alarm.outcome, Pause.objects.count()) == ("", "", 0)
    assert (alarm.kind, note.from_post) == ("fever", post)  # that it was, and whose turn it was
    assert Tombstone.objects.filter(kind="duty.gate").count() == 1


# ---- papers -----------------------------------------------------------------------------------
def test_the_notice_is_written_with_the_order_and_anew_whenever_it_would_say_something_else(
    cast, order
):
    first = order.notices.get()
    assert first.version == 1
    assert "体温" in first.text
    assert cast.bodies["bureau"].name in first.text
    orders.throw_switch(order.public_id, "takes_temperature", False, "", by=BY, at=AT)
    second = order.notices.get(version=2)
    assert "体温是否正常" not in second.text
    own = "记什么：姓名。\n\n有疑问请打 8718 0000。"
    assert write_notice(order.public_id, own, by=BY, at=AT).version == 3
    assert write_notice(order.public_id, own, by=BY, at=AT).version == 3  # the same words
    orders.prolong_order(order.public_id, END + HOUR, "", by=BY, at=AT)
    assert order.notices.get(version=4).text.endswith("有疑问请打 8718 0000。")
    with pytest.raises(EmptyNotice):
        write_notice(order.public_id, "  \n ", by=BY, at=AT)
    with pytest.raises(Forbidden):
        write_notice(order.public_id, own, by=cast.actor("staff"), at=AT)


def test_a_resident_reads_the_notice_and_its_older_versions_without_signing_in(cast, order):
    write_notice(order.public_id, "改过的话。", by=BY, at=AT)
    client = cast.client("resident")
    address = reverse("duty:notice", args=[order.public_id])
    assert "改过的话。" in client.get(address).content.decode()
    assert "不登记" in client.get(address + "?version=1").content.decode()
    assert client.get(address + "?version=9").status_code == 404
    assert GateNotice.objects.count() == 2


def test_a_temporary_branch_lives_as_long_as_the_order(cast, order):
    by = cast.actor("city_operator")
    made = form_branch(
        order.public_id, cast.places["chenglang"], "澄浪卡口临时党支部", cast.people["staff"],
        by=by, at=AT,
    )  # fmt: skip
    body = Body.objects.get(pk=made.body_id)
    assert (body.kind, body.place) == ("temporary_branch", cast.places["chenglang"])
    assert Notice.objects.filter(account=cast.accounts["staff"], kind="duty.branch").exists()
    with pytest.raises(Forbidden):
        form_branch(
            order.public_id, cast.places["chenglang"], "又一个", by=cast.actor("staff"), at=AT
        )
    lapse.lapse_orders(at=AFTER)
    body.refresh_from_db()
    assert body.valid_to == clock.day_of(AFTER)
    with pytest.raises(OrderOver):
        form_branch(order.public_id, cast.places["chenglang"], "晚了", by=by, at=AFTER)


def test_a_branch_outside_the_order_and_one_with_people_in_it(cast):
    small = order_of(cast, place=cast.places["haishu"], body=cast.bodies["haishu_party"])
    by = cast.actor("city_operator")
    with pytest.raises(BranchElsewhere):
        form_branch(small.public_id, cast.places["dongsheng"], "别处的", by=by, at=AT)
    made = form_branch(small.public_id, cast.places["chenglang"], "有人的", by=by, at=AT)
    person = cast.people["colleague"]
    person.branch = made.body
    person.save(update_fields=["branch"])
    orders.end_order(small.public_id, by=BY, at=AT)  # the end does not fail over it
    made.body.refresh_from_db()
    assert made.body.valid_to is None
    assert small.steps.get(verb="end").data["branches_kept"] == 1


# ---- pages ------------------------------------------------------------------------------------
def test_the_list_asks_the_same_few_questions_for_one_order_and_for_many(cast, order):
    client = cast.client("staff")
    address = reverse("duty:orders")

    def statements():
        with (
            CaptureQueriesContext(
                connection,
            ) as found,
            clock.at(AT),
        ):
            assert client.get(address).status_code == 200
        return len(found)

    one = statements()
    for n in range(8):
        order_of(cast, title=f"第{n}份")
    assert statements() <= one + 1


def test_before_activation_the_page_names_just_the_doors_that_open(cast):
    draft = orders.draft_order(a_plan(cast), by=BY, at=AT)
    client = cast.client("city_operator")
    with clock.at(AT):
        text = client.get(reverse("duty:order_activate", args=[draft.public_id])).content.decode()
        opens, _stays, shut = text.partition("别的都不开")
        assert "召集人员" in opens and "到岗签到" in opens  # noqa: PT018 - one look
        assert "卡口登记" not in opens.partition("会打开")[2]
        assert "卡口登记" in shut
        answer = client.post(reverse("duty:order_activate", args=[draft.public_id]))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.state == "active"


def test_an_order_is_drawn_up_switched_and_ended_through_its_forms(cast):
    client = cast.client("city_operator")
    with clock.at(AT):
        page = client.get(reverse("duty:order_new") + "?kind=epidemic")
        initial = page.context["form"].initial
        assert initial["keeps_log"] and initial["takes_temperature"]  # noqa: PT018 - the preset
        data = {
            "kind": "epidemic",
            "title": "冬季联防",
            "body": cast.bodies["bureau"].public_id,
            "basis": "《突发事件应对法》",
            "place": cast.places["haishu"].public_id,
            "starts_at": "2026-11-24T18:00",
            "ends_at": "2026-11-30T18:00",
            "takes_temperature": "on",
        }
        refused = client.post(reverse("duty:order_new"), data)
        assert refused.status_code == 422
        assert "测体温要和卡口登记一起开" in refused.content.decode()
        assert (
            client.post(reverse("duty:order_new"), {**data, "keeps_log": "on"}).status_code == 302
        )
        made = Order.objects.get(title="冬季联防")
        client.post(reverse("duty:order_activate", args=[made.public_id]))
        switch = reverse("duty:order_switch", args=[made.public_id, "takes_temperature", "off"])
        assert client.post(switch, {"reason": ""}).status_code == 422
        assert client.post(switch, {"reason": "不用量了"}).status_code == 302
        end = reverse("duty:order_end", args=[made.public_id])
        assert "先销毁密钥" in client.get(end).content.decode()
        assert client.post(end, {"reason": "解除"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.takes_temperature, made.keeps_log) == ("ended", False, True)
    assert not Post.objects.exists()


def test_the_poster_s_code_opens_the_gate_s_check_in(cast, order):
    gate = gate_of(cast, order)
    with clock.at(AT):
        client = cast.client("community_secretary")
        page = client.get(reverse("duty:gate_poster", args=[gate.public_id]))
    assert reverse("duty:poster", args=[gate.poster]) in page.content.decode()
