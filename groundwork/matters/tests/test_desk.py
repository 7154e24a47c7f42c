"""The desk: who sees which matters when, what is offered, what a batch says, what leaves a mark."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from groundwork.base import clock
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.base.workdays import Calendar
from groundwork.matters.actions import dispatch, handling, pressing, requests, steps
from groundwork.matters.actions.settings import add_route
from groundwork.matters.models import Category, Kind, Matter
from groundwork.matters.queries import alike, choices, queue, rates
from groundwork.matters.queries.card import card_of
from groundwork.matters.queries.queue import desk_of
from groundwork.matters.queries.wanted import Wanted
from groundwork.matters.rules import deadlines
from groundwork.matters.rules.private import BLANK
from groundwork.matters.tests.make import at_state, raise_one, receipt_at, the_category
from tests.cast import EVENING

AT = EVENING


@pytest.fixture(autouse=True)
def evening():
    with clock.at(AT):
        yield


def titles(found: queue.Queue) -> list[str]:
    return [line.matter.title for line in found.lines]


def slugs(cast, who: str, matter: Matter) -> set[str]:
    return {act.slug for act in card_of(cast.actor(who), matter.public_id, AT).acts}


# ---- lights ----------------------------------------------------------------------------------
@given(
    st.integers(min_value=0, max_value=330 * 24 * 60),
    st.integers(min_value=0, max_value=20 * 24),
)
def test_the_bound_of_amber_is_the_rule_of_the_light(minutes, hours):
    calendar = Calendar({})
    at = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
    due = datetime.combine(calendar.add(at.date(), 1), deadlines.OFFICE_ENDS, ZONE)
    due += timedelta(hours=hours)
    light = deadlines.light(calendar, due, at)
    if due >= at:
        assert (light == "amber") == (due < deadlines.amber_until(calendar, at))


def test_each_light_gives_its_own_part_of_the_list_and_together_all_of_it(cast):
    by = cast.actor("unit_handler")
    for hours in (-1, 20, 200):
        matter = at_state(cast, "handling")
        Matter.objects.filter(pk=matter.pk).update(due_at=AT + timedelta(hours=hours))
    parts = [desk_of(by, Wanted(light=light), AT).lines for light in ("red", "amber", "green")]
    assert [len(part) for part in parts] == [1, 1, 1]
    assert [line.due.light for part in parts for line in part] == ["red", "amber", "green"]


# ---- the list --------------------------------------------------------------------------------
def test_a_handler_sees_what_the_own_unit_leads_by_deadline_and_what_it_helps_apart(cast):
    late = at_state(cast, "handling", at=AT - timedelta(days=5, hours=8))
    soon = at_state(cast, "assigned")
    helped = at_state(cast, "handling", lead="other_unit", place="dongsheng")
    dispatch.assign_matter(
        helped.public_id,
        cast.bodies["bureau"],
        co=[cast.bodies["unit"]],
        insist=True,
        by=cast.actor("dispatcher"),
        at=AT,
    )
    by = cast.actor("unit_handler")
    own, co = desk_of(by, Wanted(), AT), desk_of(by, Wanted(tab="co"), AT)
    assert [line.matter.pk for line in own.lines] == [late.pk, soon.pk]
    assert [line.matter.pk for line in co.lines] == [helped.pk]
    assert own.tabs[0].key == "work"
    assert own.tabs[0].n == 2


def test_what_a_unit_helps_with_leaves_its_list_at_the_end_and_comes_back_when_reopened(cast):
    by, dispatcher = cast.actor("unit_handler"), cast.actor("dispatcher")
    helped = at_state(cast, "handling", lead="other_unit", place="dongsheng")
    bureau, unit = cast.bodies["bureau"], cast.bodies["unit"]
    dispatch.assign_matter(helped.public_id, bureau, co=[unit], insist=True, by=dispatcher, at=AT)
    helped.refresh_from_db()

    def shown() -> tuple[int, list[int]]:
        co = desk_of(by, Wanted(tab="co"), AT)
        return next(tab.n for tab in co.tabs if tab.on), [line.matter.pk for line in co.lines]

    for verb, expected in (
        ("start", [helped.pk]),
        ("answer", [helped.pk]),
        ("confirm", []),
        ("reopen", [helped.pk]),
    ):
        steps.move(helped, verb, by=steps.BY_RAISER, at=AT)
        assert shown() == (len(expected), expected)


def test_a_dispatcher_begins_with_what_is_new_and_narrows_by_place_category_and_words(cast):
    lamp = raise_one(cast, "北门的路灯坏了三天。", category="roads").matter
    raise_one(cast, "配药要跑很远。", place="dongsheng", category="health")
    at_state(cast, "handling")
    by = cast.actor("dispatcher")
    assert len(desk_of(by, Wanted(), AT).lines) == 2
    place, roads = cast.places["haishu"], Category.objects.get(code="roads")
    for wanted in (
        Wanted(place=place),
        Wanted(category=roads.pk),
        Wanted(category=roads.parent_id),
        Wanted(q="路灯"),
        Wanted(q=lamp.receipt.lower()),
    ):
        assert [line.matter.pk for line in desk_of(by, wanted, AT).lines] == [lamp.pk]


def test_what_is_withheld_and_a_complaint_of_the_own_unit_are_on_no_desk(cast):
    unit = cast.bodies["unit"]
    hidden = raise_one(cast, "先别公开。", withheld_until=AT + timedelta(days=1)).matter
    complaint = raise_one(cast, "办事拖拉。", kind=Kind.COMPLAINT, concerns=unit).matter
    dispatch.accept_matter(complaint.public_id, by=cast.actor("dispatcher"), at=AT)
    dispatch.assign_matter(
        complaint.public_id, cast.bodies["bureau"], co=(), by=cast.actor("dispatcher"), at=AT
    )
    for who in ("unit_handler", "unit_secretary", "clerk"):
        found = desk_of(cast.actor(who), Wanted(q="办事"), AT)
        assert complaint.pk not in [line.matter.pk for line in found.lines]
    assert titles(desk_of(cast.actor("handler"), Wanted(), AT)) == [complaint.title]
    assert hidden.title not in titles(desk_of(cast.actor("dispatcher"), Wanted(), AT))


def test_a_person_without_a_desk_is_told_so(cast):
    with pytest.raises(Forbidden):
        desk_of(cast.actor("staff"), Wanted(), AT)
    page = cast.client("staff").get(reverse("matters:queue"))
    assert page.status_code == 403
    assert "我提出的" in page.content.decode()


@pytest.mark.parametrize("who", ["dispatcher", "unit_handler"])
def test_the_desk_costs_the_same_statements_however_full(cast, who, django_assert_max_num_queries):
    def fill(n: int) -> None:
        for i in range(n):
            at_state(cast, "raised" if i % 2 else "handling", at=AT - timedelta(hours=8))

    client: Client = cast.client(who)
    fill(2)
    client.get(reverse("matters:queue"))  # sessions, translations
    with django_assert_max_num_queries(24) as few:
        client.get(reverse("matters:queue"))
    fill(14)
    with django_assert_max_num_queries(len(few)):
        assert client.get(reverse("matters:queue")).status_code == 200


def test_a_list_goes_on_by_key_without_gap_or_double(cast, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 3)
    for hour in range(8):
        at_state(cast, "handling", at=AT - timedelta(days=1, hours=8 - hour % 2))
    by, seen, after = cast.actor("unit_handler"), [], ""
    while True:
        page = desk_of(by, Wanted(after=after), AT)
        seen += [(line.matter.due_at, line.matter.pk) for line in page.lines]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 8
    assert all(one < other for one, other in pairwise(seen))


# ---- the matter's page -----------------------------------------------------------------------
def test_only_what_can_be_done_is_offered_to_whom_it_is_for(cast):
    fresh, handled = raise_one(cast).matter, at_state(cast, "handling")
    assert {"accept", "decline", "merge"} <= slugs(cast, "dispatcher", fresh)
    assert "assign" not in slugs(cast, "dispatcher", fresh)
    assert {"answer", "return", "extend", "hand-over"} <= slugs(cast, "unit_handler", handled)
    assert not {"accept", "start", "remind", "dispute"} & slugs(cast, "unit_handler", handled)
    assert slugs(cast, "auditor", handled) == set()
    assert slugs(cast, "unit_handler", at_state(cast, "solved")) == {"note"}


def test_after_an_insisted_assignment_a_dispute_stands_in_for_the_return(cast):
    matter = at_state(cast, "handling")
    by = cast.actor("unit_secretary")
    handling.return_matter(matter.public_id, "不归教育局管。", by=by, at=AT)
    dispatch.assign_matter(
        matter.public_id,
        cast.bodies["unit"],
        insist=True,
        by=cast.actor("dispatcher"),
        at=AT,
    )
    assert "dispute" in slugs(cast, "unit_secretary", matter)
    assert "return" not in slugs(cast, "unit_secretary", matter)
    requests.dispute_assignment(matter.public_id, "确实不归本局。", by=by, at=AT)
    assert "dispute" not in slugs(cast, "unit_secretary", matter)
    waiting = desk_of(cast.actor("district_operator"), Wanted(), AT).requests
    assert [asked.matter_id for asked in waiting] == [matter.pk]
    assert desk_of(cast.actor("dispatcher"), Wanted(), AT).requests == []


def test_a_telephone_is_masked_until_asked_for_and_asking_is_trailed(cast):
    matter = at_state(cast, "handling")
    client, page = cast.client("unit_handler"), reverse("matters:matter", args=[matter.public_id])
    shown = client.get(page).content.decode()
    assert "13800005678" not in shown
    assert "138****5678" in shown
    assert not TrailEntry.objects.filter(verb="reveal_raisers").exists()
    told = client.post(reverse("matters:reveal", args=[matter.public_id])).content.decode()
    assert "13800005678" in told
    entry = TrailEntry.objects.get(verb="reveal_raisers")
    assert entry.object_id == matter.public_id
    assert entry.fields == ["name", "phone", "email"]


def test_of_a_confidential_raiser_the_lead_finds_nothing_and_looking_leaves_no_mark(cast):
    matter = at_state(cast, "handling", confidential=True)
    client = cast.client("unit_handler")
    for address in ("matters:matter", "matters:reveal"):
        url = reverse(address, args=[matter.public_id])
        answer = client.get(url) if address == "matters:matter" else client.post(url)
        page = answer.content.decode()
        assert "沈阿姨" not in page
        assert "5678" not in page
        assert "不愿公开" in page
    assert not TrailEntry.objects.filter(verb="reveal_raisers").exists()
    page = cast.client("dispatcher").get(reverse("matters:matter", args=[matter.public_id]))
    assert "沈阿姨" in page.content.decode()


def test_the_matter_costs_the_same_statements_however_long_its_way(
    cast, django_assert_max_num_queries
):
    matter = at_state(cast, "handling")
    client, page = cast.client("unit_handler"), reverse("matters:matter", args=[matter.public_id])
    client.get(page)
    with django_assert_max_num_queries(28) as few:
        client.get(page)
    for _n in range(12):
        handling.add_note(matter.public_id, "又去看了一次。", by=cast.actor("unit_handler"), at=AT)
    with django_assert_max_num_queries(len(few)):
        assert client.get(page).content.decode().count("又去看了一次。") == 12


def test_an_answer_from_a_template_goes_only_when_its_blanks_are_filled(cast):
    from groundwork.matters.actions.settings import save_template

    matter, by = at_state(cast, "handling"), cast.actor("unit_handler")
    unit = cast.bodies["unit"]
    row = save_template(unit, title="已办", text="______已修好。", by=by, at=AT)
    client = cast.client("unit_handler")
    url = reverse("matters:act", args=[matter.public_id, "answer"])
    assert "______已修好。" in client.get(f"{url}?template={row.public_id}").content.decode()
    assert client.post(url, {"text": "______已修好。"}).status_code == 422
    matter.refresh_from_db()
    assert matter.state == "handling"
    assert client.post(url, {"text": "路灯已修好。"}).status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.answer) == ("answered", "路灯已修好。")


# ---- dispatching -----------------------------------------------------------------------------
def accepting(cast, matter: Matter, **more: str) -> dict[str, str]:
    said = {
        "public_text": "北门路灯坏了。",
        "category": matter.category.public_id,
        "kind": matter.kind,
        "urgency": matter.urgency,
        "place": matter.place.public_id,
        "lead": cast.bodies["unit"].public_id,
    }
    return said | more


def test_from_raised_to_assigned_is_three_taps_with_the_rules_lead_filled_in(cast):
    from groundwork.matters.actions.settings import add_route

    matter = raise_one(cast).matter
    add_route(
        matter.category,
        cast.places["haishu"],
        cast.bodies["unit"],
        by=cast.actor("district_operator"),
        at=AT,
    )
    client = cast.client("dispatcher")
    desk = client.get(reverse("matters:queue")).content.decode()
    assert reverse("matters:matter", args=[matter.public_id]) in desk  # one
    page = client.get(reverse("matters:matter", args=[matter.public_id])).content.decode()
    accept = reverse("matters:accept", args=[matter.public_id])
    assert accept in page  # two
    form = client.get(accept).content.decode()
    assert cast.bodies["unit"].public_id in form
    assert "派单规则" in form
    assert client.post(accept, accepting(cast, matter)).status_code == 302  # three
    matter.refresh_from_db()
    assert (matter.state, matter.lead) == ("assigned", cast.bodies["unit"])


def test_the_public_wording_comes_with_private_parts_gone_and_warns_of_those_left(cast):
    words = "3幢2单元502室漏水，请打13905740001。"
    matter = raise_one(cast, words).matter
    client, url = cast.client("dispatcher"), reverse("matters:accept", args=[matter.public_id])
    form = client.get(url).context["form"]
    assert "502" not in form["public_text"].value()
    assert "139" not in form["public_text"].value()
    refused = client.post(url, accepting(cast, matter, public_text=words))
    assert refused.status_code == 422
    assert "13905740001" in str(refused.context["form"].errors)
    sent = accepting(cast, matter, public_text="3幢502室旁路灯坏了。", checked="on")
    assert client.post(url, sent).status_code == 302


def test_the_unit_a_complaint_names_cannot_be_chosen(cast):
    unit = cast.bodies["unit"]
    matter = raise_one(cast, "办事拖拉。", kind=Kind.COMPLAINT, concerns=unit).matter
    by = cast.actor("dispatcher")
    assert "海曙区教育局" in [label for _id, label, _sub in choices.bodies_for(by, None, "教育局")]
    assert choices.bodies_for(by, matter, "教育局") == []
    url = reverse("matters:accept", args=[matter.public_id])
    sent = accepting(cast, matter, concerns=unit.public_id, public_text="")
    refused = cast.client("dispatcher").post(url, sent)
    assert refused.status_code == 422
    assert "lead" in refused.context["form"].errors
    matter.refresh_from_db()
    assert matter.state == "raised"


def test_an_office_of_a_unit_can_be_picked_as_the_lead_and_is_named_behind_it(cast):
    matter, office = raise_one(cast).matter, cast.bodies["office"]
    client = cast.client("dispatcher")
    asked = {"q": "办公室", "matter": matter.public_id}
    offered = client.get(reverse("matters:choices_bodies"), asked).content.decode()
    assert office.public_id in offered
    assert choices.body_label(office.public_id) == "海曙区教育局 办公室"
    url = reverse("matters:accept", args=[matter.public_id])
    sent = accepting(cast, matter, lead=office.public_id, public_text="")
    assert client.post(url, sent).status_code == 302
    matter.refresh_from_db()
    assert matter.lead == office
    by = cast.actor("dispatcher")
    assert choices.bodies_for(by, None, "甬江精密")  # may be complained of
    assert choices.bodies_for(by, matter, "甬江精密") == []  # and leads nothing


def test_a_batch_says_of_each_whether_it_went_and_one_refused_stops_none(cast):
    unit = cast.bodies["unit"]
    fine = raise_one(cast, "路灯坏了。").matter
    named = raise_one(cast, "办事拖拉。", kind=Kind.COMPLAINT, concerns=unit).matter
    sent = {
        "matter": [fine.public_id, named.public_id],
        "send": "1",
        "lead": unit.public_id,
    }
    page = cast.client("dispatcher").post(reverse("matters:assign_many"), sent)
    assert [bool(error) for _row, error, _lead in page.context["rows"]].count(True) == 1
    assert (page.context["done"], page.context["refused"]) == (1, 1)
    fine.refresh_from_db()
    assert fine.state == "assigned"


def test_each_row_of_a_batch_goes_to_its_own_unit_as_proposed_or_changed(cast):
    by, bodies = cast.actor("dispatcher"), cast.bodies
    add_route(the_category("noise"), cast.places["haishu"], bodies["unit"], by=by, at=AT)
    for n in range(4):
        at_state(
            cast, "solved", words=f"内河发黑有味道，第{n}天。", category="water", lead="street"
        )
    noise = raise_one(cast, "夜里打桩。").matter
    water = raise_one(cast, "内河发黑，味道很大。", category="water").matter
    other = raise_one(cast, "楼道里有人养鸡。", category="property").matter
    client, url = cast.client("dispatcher"), reverse("matters:assign_many")
    ids = [noise.public_id, water.public_id, other.public_id]
    page = client.post(url, {"matter": ids})
    first = {way.row: way.lead.value() for way in page.context["ways"]}
    assert first == {noise: bodies["unit"].public_id, water: bodies["street"].public_id, other: ""}
    sent = {"matter": ids, "send": "1"}
    sent |= {f"lead_{way.row.public_id}": way.lead.value() for way in page.context["ways"]}
    refused = client.post(url, sent)  # one knows nobody yet, and nothing went
    assert (refused.status_code, noise.steps.filter(verb="assign").exists()) == (422, False)
    assert list(refused.context["form"].errors) == [f"lead_{other.public_id}"]
    sent[f"lead_{water.public_id}"] = bodies["bureau"].public_id  # changed by hand
    done = client.post(url, sent | {"lead": bodies["office"].public_id})  # for who names none
    assert done.context["done"] == 3
    went = {row: row.lead for row in Matter.objects.filter(public_id__in=ids)}
    assert went == {noise: bodies["unit"], water: bodies["bureau"], other: bodies["office"]}
    assert "市发展改革委" in done.content.decode()


def test_thirty_rows_of_a_batch_cost_hardly_more_statements_than_three(cast):
    at_state(cast, "solved", words="夜里打桩。", lead="street")
    client, url = cast.client("dispatcher"), reverse("matters:assign_many")

    def statements(n: int) -> int:
        ids = [raise_one(cast, f"夜里打桩，第{i}天。").matter.public_id for i in range(n)]
        with CaptureQueriesContext(connection) as seen:
            assert client.post(url, {"matter": ids}).status_code == 200
        return len(seen)

    assert statements(30) == statements(3)


def test_a_batch_shows_the_board_s_wording_of_each_before_it_publishes_it(cast):
    fine, private = (
        raise_one(cast, "路灯坏了。").matter,
        raise_one(cast, "王阿姨家门口漏水。").matter,
    )
    client, url = cast.client("dispatcher"), reverse("matters:accept_many")
    ids = [fine.public_id, private.public_id]
    page = client.post(url, {"matter": ids})
    assert [way.wording.words.value() for way in page.context["ways"]] == [
        fine.text,
        f"{BLANK}家门口漏水。",
    ]
    sent = {"matter": ids, "send": "1"}
    sent |= {f"words_{row.public_id}": row.text for row in (fine, private)}
    refused = client.post(url, sent)  # a name stands in one: none goes before it is looked at
    assert refused.status_code == 422
    assert "王阿姨" in str(refused.context["form"].errors)
    sent[f"words_{private.public_id}"] = ""
    assert client.post(url, sent).context["done"] == 2
    fine.refresh_from_db()
    private.refresh_from_db()
    assert (fine.public_text, private.public_text) == ("路灯坏了。", "")
    assert (fine.state, private.state) == ("accepted", "accepted")


def test_a_reassignment_carries_the_lead_that_was_seen_and_asks_before_insisting(cast):
    matter = at_state(cast, "assigned")
    unit, other = cast.bodies["unit"], cast.bodies["other_unit"]
    handling.return_matter(matter.public_id, "不归我们。", by=cast.actor("unit_handler"))
    by, client = cast.actor("dispatcher"), cast.client("dispatcher")
    dispatch.assign_matter(matter.public_id, other, by=by)
    url = reverse("matters:reassign", args=[matter.public_id])
    assert f'name="seen" value="{other.public_id}"' in client.get(url).content.decode()
    sent = {"seen": other.public_id, "lead": unit.public_id}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "退过这件诉求" in refused.content.decode()
    street = cast.bodies["street"]
    dispatch.assign_matter(matter.public_id, street, seen=other.public_id, by=by)
    sent["insist"] = "on"
    late = client.post(url, sent)
    assert late.status_code == 409
    assert f'name="seen" value="{street.public_id}"' in late.content.decode()
    sent["seen"] = street.public_id
    assert client.post(url, sent).status_code == 302
    matter.refresh_from_db()
    assert matter.lead == unit


def test_nothing_of_another_scope_goes_into_a_batch(cast):
    matter = at_state(cast, "handling", lead="other_unit", place="dongsheng")
    client = cast.client("unit_handler")
    sent = {"matter": matter.public_id, "send": "1", "text": "已办好。"}
    answer = client.post(reverse("matters:answer_many"), sent)
    assert answer.status_code == 302  # nothing was chosen that is theirs
    matter.refresh_from_db()
    assert matter.state == "handling"


def test_the_same_words_and_similar_ones_nearby_are_shown_to_be_merged(cast):
    words = "北门的路灯坏了三天，晚上老人不敢出门。"
    matter = raise_one(cast, words).matter
    same = raise_one(cast, words).matter
    like = raise_one(cast, "北门路灯又不亮，老人晚上摔了一跤。").matter
    far = raise_one(cast, words, place="dongsheng").matter
    found = alike.alike(cast.actor("dispatcher"), matter, AT)
    assert found[0].matter == same
    assert found[0].same
    assert like in [near.matter for near in found]
    assert far not in [near.matter for near in found]
    client = cast.client("dispatcher")
    url = reverse("matters:merge", args=[matter.public_id])
    assert client.post(url, {"into": "不存在"}).status_code == 404
    assert client.post(url, {"into": same.receipt}).status_code == 302
    matter.refresh_from_db()
    assert matter.merged_into == same


# ---- register and rates ----------------------------------------------------------------------
def test_the_register_is_of_the_own_unit_and_has_no_raisers_on_page_paper_or_sheet(cast):
    matter = at_state(cast, "answered")
    unit = cast.bodies["unit"]
    client = cast.client("unit_secretary")
    for name in ("matters:register", "matters:register_print"):
        page = client.get(reverse(name, args=[unit.public_id])).content.decode()
        assert matter.receipt in page
        assert "沈阿姨" not in page
        assert "5678" not in page
    assert (
        cast.client("other_secretary")
        .get(reverse("matters:register", args=[unit.public_id]))
        .status_code
        == 404
    )


def test_the_sheet_keeps_the_pages_filter_and_taking_it_is_trailed(cast):
    answered, open_one = at_state(cast, "answered"), at_state(cast, "handling")
    unit = cast.bodies["unit"]
    url = reverse("matters:register_export", args=[unit.public_id])
    taken = cast.client("unit_secretary").get(url, {"state": "answered"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken.content))
    rows = book.get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    assert answered.receipt in cells
    assert open_one.receipt not in cells
    assert not {"沈阿姨", "13800005678"} & {str(cell) for cell in cells}
    entry = TrailEntry.objects.get(kind="matters.register")
    assert (entry.verb, entry.object_id) == ("export", unit.public_id)


def test_the_desk_is_taken_away_as_it_is_narrowed_and_by_nobody_who_only_reads_along(cast):
    mine, done = at_state(cast, "handling"), at_state(cast, "answered")
    lamp = at_state(cast, "handling", words="路灯不亮，晚上看不见。", category="roads")
    there = at_state(cast, "handling", lead="other_unit")
    kept = at_state(cast, "handling", withheld_until=AT + timedelta(days=1))
    url = reverse("matters:queue_export")

    def receipts(who: str, **asked: str) -> set[str]:
        taken = cast.client(who).get(url, asked)
        book = CalamineWorkbook.from_filelike(io.BytesIO(taken.content))
        cells = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
        assert not {"沈阿姨", "13800005678"} & cells
        all_of_them = {row.receipt for row in (mine, done, lamp, there, kept)}
        return cells & all_of_them

    assert receipts("unit_handler") == {mine.receipt, lamp.receipt}
    assert receipts("unit_handler", tab="waiting") == {done.receipt}
    assert receipts("dispatcher", tab="work") == {mine.receipt, lamp.receipt, there.receipt}
    assert receipts("dispatcher", q="路灯") == {lamp.receipt}
    assert receipts("dispatcher", q=done.receipt.lower()) == {done.receipt}
    assert TrailEntry.objects.filter(kind="matters.queue", object_id="work").count() == 2
    assert cast.client("community_secretary").get(url).status_code == 403
    shown = cast.client("unit_handler").get(reverse("matters:queue"), {"light": "green"})
    assert f"{url}?light=green" in shown.content.decode()


def test_three_rates_stand_apart_each_with_its_n_and_answer_rate(cast):
    from groundwork.matters.models import Verdict

    receipts = [receipt_at(cast, "answered") for _n in range(6)]
    for n, receipt in enumerate(receipts[:5]):
        Verdict.objects.create(
            matter=receipt.matter,
            raiser=receipt.matter.raisers.get(),
            round=0,
            source="page",
            at=AT,
            answered=True,
            solved=n < 4,
            satisfied=None if n == 4 else n < 2,
        )
    found = rates.rates_of(Matter.objects.all())
    shown = [(line.rate, line.reply) for line in found.lines]
    pairs = [((r.part, r.whole), (a.part, a.whole)) for r, a in shown]
    assert pairs == [((5, 5), (5, 6)), ((4, 5), (5, 6)), ((2, 4), (4, 6))]


def test_what_was_said_of_an_earlier_answer_is_not_said_of_this_one(cast):
    from groundwork.matters.models import Verdict

    matter = at_state(cast, "answered")
    early = matter.answered_at - timedelta(hours=1)
    Verdict.objects.create(matter=matter, round=0, source="page", at=early, solved=False)
    assert rates.rates_of(Matter.objects.all()).said["solved"] == 0


def test_the_register_costs_the_same_statements_however_long(cast, django_assert_max_num_queries):
    client = cast.client("unit_secretary")
    url = reverse("matters:register", args=[cast.bodies["unit"].public_id])
    at_state(cast, "handling")
    client.get(url)
    with django_assert_max_num_queries(22) as few:
        client.get(url)
    for _n in range(9):
        at_state(cast, "answered")
    with django_assert_max_num_queries(len(few)):
        assert client.get(url).status_code == 200


# ---- settings --------------------------------------------------------------------------------
def test_a_new_version_of_deadlines_stands_beside_the_old_one_from_its_day(cast):
    client = cast.client("city_operator")
    sent = {
        "category": "",
        "urgency": "normal",
        "accept": "1",
        "reply": "2",
        "solve": "10",
        "valid_from": (AT.date() + timedelta(days=7)).isoformat(),
    }
    assert client.post(reverse("matters:term_write"), sent).status_code == 302
    page = client.get(reverse("matters:settings_terms"))
    shown = [v for v in page.context["versions"] if v.term.category is None]
    states = [v.state for v in shown if v.term.urgency == "normal"]
    assert states == ["soon", "now"]
    early = sent | {"valid_from": (AT.date() - timedelta(days=1)).isoformat()}
    assert client.post(reverse("matters:term_write"), early).status_code == 422


def test_a_file_of_a_matter_out_of_scope_does_not_exist(cast):
    matter = at_state(cast, "handling")
    with pytest.raises(NotFound):
        card_of(cast.actor("other_handler"), matter.public_id, AT)
    url = reverse("matters:staff_file", args=[matter.public_id, "nothing"])
    assert cast.client("unit_handler").get(url).status_code == 404


def test_the_desk_narrows_by_door_urgency_lead_and_what_presses_and_the_sheet_alike(cast, at):
    at_state(cast, "handling", words="一。", at=at, urgency="urgent", door="phone")
    at_state(cast, "handling", words="二。", at=at, lead="other_unit", place="dongsheng")
    third = at_state(cast, "handling", words="三。", at=at)
    pressing.supervise_matter(third.public_id, "快办。", by=cast.actor("city_operator"), at=at)
    client, address = cast.client("city_operator"), reverse("matters:queue")
    name = str(cast.bodies["other_unit"])[-3:]
    for asked, titles in (
        ("door=phone", ["一"]),
        ("urgency=urgent", ["一"]),
        (f"lead={name}", ["二"]),
        ("pressed=supervised", ["三"]),
        ("pressed=reminded", []),
        ("door=nowhere", ["一", "二", "三"]),
    ):
        page = client.get(f"{address}?tab=work&{asked}")
        assert sorted(line.matter.title for line in page.context["queue"].lines) == sorted(titles)
    for field in ("door", "urgency", "lead", "pressed"):
        assert f'name="{field}"' in page.content.decode()
    sheet = client.get(f"{reverse('matters:queue_export')}?tab=work&pressed=supervised")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.getvalue())).get_sheet_by_index(0)
    assert "三" in str(rows.to_python())
    assert "二。" not in str(rows.to_python())


def test_the_common_answer_of_a_batch_begins_with_a_template_that_must_be_filled_in(cast, at):
    from groundwork.matters.actions.settings import save_template

    by, unit = cast.actor("unit_handler"), cast.bodies["unit"]
    template = save_template(unit, title="已办", text="______已修好。", by=by, at=AT)
    ids = [at_state(cast, "handling").public_id for _ in range(2)]
    client, url = cast.client("unit_handler"), reverse("matters:answer_many")
    sent = {"matter": ids, "send": "1", "text": ""}
    page = client.post(url, sent | {"template": template.public_id})
    assert page.status_code == 200
    assert page.context["form"]["text"].value() == template.text
    done = client.post(url, sent | {"text": template.text})
    assert not Matter.objects.exclude(answer="").exists()
    assert "______" in done.content.decode()
    assert client.post(url, sent | {"text": "路灯已修好。"}).context["done"] == 2
