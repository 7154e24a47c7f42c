"""What is needed: gates, shifts of any hours, a day copied, a gate closed, a spreadsheet."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.models import TrailEntry
from groundwork.duty.actions import gates, need_sheets
from groundwork.duty.actions.bulk_needs import Scope, ask_many, copy_day
from groundwork.duty.actions.needs import add_shift
from groundwork.duty.actions.orders import end_order
from groundwork.duty.models import Gate, Need, Post, PostStep, Shift
from groundwork.duty.queries.need_sheets import template
from groundwork.duty.rules import needs as rules
from groundwork.duty.rules.kinds import TEMPLATES
from groundwork.duty.rules.need_sheet import COLUMNS
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of
from groundwork.registry.models import ImportBatch
from groundwork.registry.queries.workbooks import book_of
from groundwork.registry.rules.imports import RowsLeft

TODAY = AT.date()
DAY = timedelta(days=1)
TWO = {"lead": 1, "general": 2}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def order(cast):
    return order_of(cast)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


def truth(shifts):
    """Count by the rows what the four counts of shifts must say."""
    return [
        (
            sum(Need.objects.filter(shift=shift).values_list("count", flat=True)),
            Post.objects.filter(shift=shift, state__in=("planned", "confirmed")).count(),
        )
        for shift in shifts
    ]


# ---- one shift --------------------------------------------------------------------------------
def test_numbers_of_one_shift_change_and_who_stands_there_stays(cast, gate):
    shift = shift_of(gate, 1)
    post = post_of(cast, shift, "staff")
    changed = gates.set_numbers(shift.public_id, {"general": 1, "medical": 2}, by=BY, at=AT)
    assert dict(changed.needs.values_list("kind", "count")) == {"general": 1, "medical": 2}
    assert (changed.wanted, changed.posted) == (3, 1)
    post.refresh_from_db()
    assert post.state == "confirmed"
    for wrong in ({}, {"general": 0}, {"cook": 1}, {"general": 100}):
        with pytest.raises(rules.NobodyNeeded):
            gates.set_numbers(shift.public_id, wrong, by=BY, at=AT)
    with pytest.raises(rules.ShiftOver):
        gates.set_numbers(shift.public_id, TWO, by=BY, at=shift.ends_at)


def test_who_leads_a_shift_does_not_set_its_numbers_nor_call_it_off(cast, gate):
    shift = shift_of(gate, 1)
    post_of(cast, shift, "colleague", "lead")
    lead = cast.actor("colleague")
    with pytest.raises(Forbidden):
        gates.set_numbers(shift.public_id, TWO, by=lead, at=AT)
    with pytest.raises(Forbidden):
        gates.call_off_shift(shift.public_id, by=lead, at=AT)
    community = cast.actor("community_secretary")
    assert gates.call_off_shift(shift.public_id, "下大雪", by=community, at=AT) == 1
    with pytest.raises(rules.ShiftOver):
        gates.call_off_shift(shift.public_id, by=community, at=AT)


def test_under_an_order_that_is_over_nothing_is_asked_for(cast, order, gate):
    shift = shift_of(gate, 1)
    end_order(order.public_id, by=BY, at=AT)
    for act in (
        lambda: gate_of(cast, order, name="西门"),
        lambda: shift_of(gate, 2),
        lambda: gates.set_numbers(shift.public_id, TWO, by=BY, at=AT),
        lambda: gates.close_gate(gate.public_id, AT, by=BY, at=AT),
        lambda: gates.reopen_gate(gate.public_id, by=BY, at=AT),
        lambda: copy_day(order.public_id, TODAY, TODAY, TODAY, by=BY, at=AT),
    ):
        with pytest.raises(rules.OrderOver):
            act()


# ---- a gate closed ------------------------------------------------------------------------------
def test_a_closed_gate_calls_its_shifts_off_releases_the_posts_and_tells_people_once(cast, gate):
    before, inside, later = (shift_of(gate, days) for days in (0, 1, 3))
    kept = post_of(cast, before, "colleague", state="standing")
    gone = post_of(cast, inside, "staff")
    stays = post_of(cast, later, "staff")
    start = AT + DAY - timedelta(hours=6)
    by = cast.actor("community_secretary")
    assert gates.close_gate(gate.public_id, start, start + DAY, "修路", by=by, at=AT) == (1, 1)
    for row in (kept, gone, stays, before, inside, later):
        row.refresh_from_db()
    assert (kept.state, gone.state, stays.state) == ("standing", "released", "confirmed")
    assert [s.called_off_at for s in (before, inside, later)] == [None, AT, None]
    assert inside.posted == 0
    step = PostStep.objects.get(post=gone)
    assert (step.verb, step.text) == ("release", "修路")
    told = Notice.objects.get(kind="duty.called_off")
    assert told.account == cast.accounts["staff"]
    assert "修路" in told.text
    with pytest.raises(Forbidden):
        gates.close_gate(gate.public_id, AT, by=cast.actor("staff"), at=AT)
    with pytest.raises(rules.WrongClosing):
        gates.close_gate(gate.public_id, AT, AT, by=by, at=AT)


def test_a_gate_closed_until_further_notice_opens_again_with_its_shifts_empty(cast, gate):
    shift = shift_of(gate, 2)
    post = post_of(cast, shift, "staff")
    gates.close_gate(gate.public_id, AT, None, "停电", by=BY, at=AT)
    assert gates.reopen_gate(gate.public_id, by=BY, at=AT + DAY) == 1
    shift.refresh_from_db(), post.refresh_from_db()
    assert (shift.called_off_at, shift.posted, post.state) == (None, 0, "released")
    assert gates.reopen_gate(gate.public_id, by=BY, at=AT + DAY) == 0
    assert not gate.closures.exclude(ends_at=AT + DAY).exists()


# ---- many ---------------------------------------------------------------------------------------
def test_a_day_copied_over_midnight_keeps_its_hours_and_twice_changes_nothing(cast, order, gate):
    night = AT.replace(hour=22, minute=0)
    add_shift(gate.public_id, night, night + timedelta(hours=8), {"general": 2}, by=BY, at=AT)
    shift_of(gate, 0, medical=1)
    put = copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + 3 * DAY, by=BY, at=AT)
    assert (put.made, put.same) == (6, 0)
    copied = list(Shift.objects.filter(day=TODAY + 2 * DAY).order_by("starts_at"))
    assert [(s.starts_at - 2 * DAY, s.ends_at - 2 * DAY) for s in copied][1] == (
        night,
        night + timedelta(hours=8),
    )
    assert [(s.wanted, s.posted) for s in Shift.objects.all()] == truth(Shift.objects.all())
    assert copied[0].needs.get().kind == "medical"
    again = copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + 3 * DAY, by=BY, at=AT)
    assert (again.made, again.same) == (0, 6)
    with pytest.raises(rules.NothingToCopy):
        copy_day(order.public_id, TODAY - 9 * DAY, TODAY, TODAY, by=BY, at=AT)
    with pytest.raises(rules.TooManyDays):
        copy_day(order.public_id, TODAY, TODAY + DAY, TODAY, by=BY, at=AT)


def test_a_copy_passes_over_closed_gates_and_days_beyond_the_order(cast, order, gate):
    other = gate_of(cast, order, "dongsheng")
    for one in (gate, other):
        shift_of(one)
    gates.close_gate(other.public_id, AT + DAY, AT + 2 * DAY, by=BY, at=AT)
    last = clock.day_of(order.ends_at)
    put = copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + DAY, by=BY, at=AT)
    assert (put.made, put.closed) == (1, 1)
    put = copy_day(order.public_id, TODAY, last, last + DAY, by=BY, at=AT)
    assert (put.made, put.outside) == (0, 4)


def test_who_keeps_one_community_copies_only_its_gates(cast, order, gate):
    other = gate_of(cast, order, "dongsheng")
    for one in (gate, other):
        shift_of(one)
    by = cast.actor("community_secretary")
    put = copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + DAY, by=by, at=AT)
    assert put.made == 1
    assert not other.shifts.filter(day=TODAY + DAY).exists()
    with pytest.raises(rules.NothingToCopy):  # somebody who keeps no gate copies nothing
        copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + DAY, by=cast.actor("staff"), at=AT)
    scope = Scope(place=cast.places["yinzhou"])
    assert copy_day(order.public_id, TODAY, TODAY + DAY, TODAY + DAY, scope, by=BY, at=AT).made == 1


def test_one_day_is_changed_at_every_gate_of_a_place_and_no_other_day(cast, order, gate):
    names = ["北门", "东门"]
    shifts = {day: [shift_of(gate_of(cast, order, name=f"{name}{day}"), day) for name in names]
              for day in (1, 2)}  # fmt: skip
    client = cast.client("city_operator")
    url = reverse("duty:needs_many", args=[order.public_id])
    day = (TODAY + DAY).isoformat()
    said = {"hours": "17:00-22:00", "first": day, "last": day, "lead": 1, "general": 6}
    with clock.at(AT):
        client.post(url, said)
        assert {s.wanted for s in Shift.objects.filter(pk__in=[s.pk for s in shifts[1]])} == {3}
        client.post(url, {**said, "replace": "on"})
    wanted = {
        when: {s.wanted for s in Shift.objects.filter(pk__in=[s.pk for s in of])}
        for when, of in shifts.items()
    }
    assert wanted == {1: {7}, 2: {3}}


def test_forty_shifts_cost_as_many_statements_as_four(cast, order):
    def statements(names, first):
        made = [gate_of(cast, order, name=name) for name in names]
        with CaptureQueriesContext(connection) as found:
            put = ask_many(order.public_id, TEMPLATES[2:], first, first + DAY, TWO,
                           Scope(), by=BY, at=AT)  # fmt: skip
        assert put.made + put.same == 2 * order.gates.count()
        assert made
        return len(found)

    few = statements(["1", "2"], TODAY)
    many = statements([str(n) for n in range(3, 21)], TODAY + 2 * DAY)
    assert many <= few
    assert [(s.wanted, s.posted) for s in Shift.objects.all()] == truth(Shift.objects.all())


def test_more_shifts_than_a_city_needs_are_refused_before_one_is_written(
    cast, order, gate, monkeypatch
):
    monkeypatch.setattr(rules, "MOST_SHIFTS", 5)
    with pytest.raises(rules.TooManyShifts):
        ask_many(order.public_id, TEMPLATES, TODAY, TODAY + DAY, TWO, Scope(), by=BY, at=AT)
    assert not Shift.objects.exists()


# ---- the spreadsheet -----------------------------------------------------------------------------
def a_sheet(*rows):
    return book_of("卡口需求", [column.title for column in COLUMNS], rows)


GOOD = ["澄浪社区", "东大门", "菜场对面", "2026-11-25", "17:00", "22:00", "1", "2", "", "", ""]


def upload(order, *rows, by):
    return need_sheets.upload_needs(order.public_id, a_sheet(*rows), name="需求.xlsx", by=by, at=AT)


def test_a_sheet_sets_up_gates_and_changes_numbers_and_says_what_stays_out(cast, order, gate):
    by = cast.actor("city_operator")
    standing = shift_of(gate, 1)  # 1 lead, 2 general: as the sheet says
    batch = upload(
        order,
        GOOD,
        ["330212001001", "北门", "", "2026年11月25日", "22:00", "6:00", "", "", "1", "", "2"],
        ["没有的社区", "东大门", "", "2026-11-25", "17:00", "22:00", "1", "2", "", "", ""],
        [*GOOD[:3], "2026-11-26", "5点半", "25:00", "1", "很多", "", "", ""],
        [*GOOD[:3], "2026-11-27", "17:00", "22:00", "", "", "", "", ""],
        [*GOOD[:3], "2027-11-27", "17:00", "22:00", "1", "", "", "", ""],
        GOOD,
        by=by,
    )
    totals = {key: batch.totals[key] for key in ("rows", "new", "changed", "same", "bad")}
    assert totals == {"rows": 7, "new": 1, "changed": 0, "same": 1, "bad": 5}
    codes = {(p.row, p.code) for p in batch.problems.all()}
    assert {
        (4, "duty.sheet_place"),
        (5, "duty.sheet_number"),
        (6, "duty.sheet_nobody"),
        (7, "duty.sheet_outside"),
        (8, "duty.sheet_twice"),
    } <= codes
    assert not Shift.objects.exclude(pk=standing.pk).exists()  # nothing before it is confirmed
    with pytest.raises(RowsLeft):
        need_sheets.confirm_needs(batch.public_id, by=by, at=AT)
    put = need_sheets.confirm_needs(batch.public_id, leaving_bad=True, by=by, at=AT)
    assert (put.made, put.changed, put.same) == (1, 0, 1)
    north = Gate.objects.get(name="北门")
    assert (north.place, north.district) == (cast.places["dongsheng"], cast.places["yinzhou"])
    made = north.shifts.get()
    assert made.ends_at - made.starts_at == timedelta(hours=8)
    assert dict(made.needs.values_list("kind", "count")) == {"medical": 1, "driver": 2}
    assert made.wanted == 3
    more = upload(order, [*GOOD[:6], "1", "4", "", "", ""], by=by)
    assert more.totals["changed"] == 1
    need_sheets.confirm_needs(more.public_id, by=by, at=AT)
    standing.refresh_from_db()
    assert standing.wanted == 5
    assert TrailEntry.objects.filter(kind="duty.needs", verb="import").count() == 2


def test_a_community_brings_in_its_own_gates_and_nobody_else_s(cast, order):
    by = cast.actor("community_secretary")
    batch = upload(order, GOOD, ["东升社区", *GOOD[1:]], by=by)
    assert (batch.totals["new"], batch.totals["bad"]) == (1, 1)
    with pytest.raises(Forbidden):
        upload(order, GOOD, by=cast.actor("staff"))


def test_what_is_exported_comes_in_again_as_the_same(cast, order, gate):
    shift_of(gate, 1)
    night = AT.replace(hour=22, minute=0) + DAY
    add_shift(gate.public_id, night, night + timedelta(hours=8), {"dialect": 1}, by=BY, at=AT)
    client = cast.client("city_operator")
    with clock.at(AT):
        answer = client.get(
            reverse("duty:needs_export", args=[order.public_id]) + "?first=2026-11-25"
        )
    by = cast.actor("city_operator")
    batch = need_sheets.upload_needs(
        order.public_id, answer.content, name="导出.xlsx", by=by, at=AT
    )
    assert (batch.totals["same"], batch.totals["new"], batch.totals["bad"]) == (2, 0, 0)


def test_the_template_reads_back_and_the_marked_sheet_names_the_reason(cast, order):
    titles = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(template())).active[1]]
    assert [str(title).removesuffix(" *") for title in titles] == [c.title for c in COLUMNS]
    by, client = cast.actor("city_operator"), cast.client("city_operator")
    batch = upload(order, GOOD, ["没有的社区", *GOOD[1:]], by=by)
    with clock.at(AT):
        page = client.get(reverse("duty:sheet", args=[batch.public_id])).content.decode()
        assert "第 3 行" in page
        marked = client.get(reverse("duty:sheet_marked", args=[batch.public_id]))
        book = openpyxl.load_workbook(io.BytesIO(marked.content))
        assert any("没有的社区" in str(c.value) for row in book.active for c in row)
        confirm = reverse("duty:sheet_confirm", args=[batch.public_id])
        client.post(confirm)  # without the word that bad rows stay out
        assert not Shift.objects.exists()
        client.post(confirm, {"leaving_bad": "yes"})
    assert Shift.objects.count() == 1
    assert ImportBatch.objects.get().state == "confirmed"


# ---- pages --------------------------------------------------------------------------------------
def test_the_list_of_a_day_asks_the_same_questions_for_few_shifts_and_many(cast, order, gate):
    client = cast.client("city_operator")
    address = reverse("duty:needs", args=[order.public_id])
    shift_of(gate)

    def statements():
        with CaptureQueriesContext(connection) as found, clock.at(AT):
            assert client.get(address).status_code == 200
        return len(found)

    few = statements()
    for n in range(12):
        gate_of(cast, order, name=f"第{n}门")
    ask_many(order.public_id, TEMPLATES, TODAY, TODAY, TWO, Scope(), by=BY, at=AT)
    assert statements() <= few


def test_a_gate_is_set_up_asked_for_copied_and_closed_through_its_forms(cast, order):
    client = cast.client("community_secretary")
    with clock.at(AT):
        new = reverse("duty:gate_new", args=[order.public_id])
        place = cast.places["chenglang"].public_id
        answer = client.post(new, {"place": place, "name": "东大门", "spot": "菜场对面"})
        gate = Gate.objects.get()
        shifts = reverse("duty:gate_shifts", args=[gate.public_id])
        assert answer.url == shifts
        data = {"first": "2026-11-24", "last": "2026-11-25", "lead": "1", "general": "2"}
        assert client.post(shifts, data).status_code == 422  # no hours
        own = {"hours": ["17:00-22:00"], "starts": "22:00", "ends": "06:00"}
        assert client.post(shifts, {**data, **own}).status_code == 302
        assert Shift.objects.count() == 4
        copy = reverse("duty:gate_copy", args=[gate.public_id])
        days = {"source": "2026-11-25", "first": "2026-11-26", "last": "2026-11-28"}
        assert client.post(copy, days).status_code == 302
        assert Shift.objects.count() == 10
        edit = reverse("duty:gate_edit", args=[gate.public_id])
        words = {"name": "东大门", "spot": "公交站旁", "contacts": "竺春华\n没有这个人"}
        assert client.post(edit, words).status_code == 422
        assert client.post(edit, {**words, "contacts": "竺春华"}).status_code == 302
        close = reverse("duty:gate_close", args=[gate.public_id])
        client.post(close, {"starts_at": "2026-11-26T00:00", "ends_at": "", "reason": "修路"})
        page = client.get(reverse("duty:gate", args=[gate.public_id])).content.decode()
        assert "竺春华" in page
        assert "到另行通知" in page
        assert Shift.objects.exclude(called_off_at=None).count() == 7
        client.post(reverse("duty:gate_reopen", args=[gate.public_id]))
    assert not Shift.objects.exclude(called_off_at=None).exists()
