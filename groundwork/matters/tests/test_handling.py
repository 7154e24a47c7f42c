"""Take up, reply, answer, return, ask for time, dispute, help, hand over; and who may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from groundwork.access.models import Notice
from groundwork.base import attachments, clock, outbox, search
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import OutboxMessage, TrailEntry
from groundwork.matters.actions import steps
from groundwork.matters.actions.dispatch import assign_matter
from groundwork.matters.actions.handling import (
    add_note,
    answer_matter,
    answer_matters_many,
    contribute,
    first_reply,
    hand_over_matter,
    return_matter,
    start_matter,
)
from groundwork.matters.actions.requests import (
    ask_extension,
    decide_request,
    dispute_assignment,
)
from groundwork.matters.models import Matter, Request
from groundwork.matters.rules.handling import (
    AskedAlready,
    DisputedBefore,
    GapsLeft,
    NoExtension,
    NoText,
    NotOfTheLead,
    ReturnFirst,
    ReturnRefused,
    TooLate,
)
from groundwork.matters.rules.states import WrongState
from groundwork.matters.tests.make import ANSWER, CITY, at_state, receipt_at
from groundwork.registry.actions.leaving import retire_person
from groundwork.registry.actions.people import hand_over

HOUR = timedelta(hours=1)


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def told(cast, who, kind) -> bool:
    return Notice.objects.filter(account=cast.accounts[who], kind=kind).exists()


@pytest.fixture
def insisted(cast):
    """A matter returned once and sent back by a dispatcher who insists."""
    matter = at_state(cast, "assigned")
    return_matter(matter.public_id, "属于水利局。", by=cast.actor("unit_handler"))
    unit = cast.bodies["unit"]
    assign_matter(matter.public_id, unit, insist=True, by=cast.actor("dispatcher"))
    return matter


def test_who_takes_a_matter_up_handles_it_or_names_a_colleague(cast, at):
    mine, theirs = at_state(cast, "assigned"), at_state(cast, "assigned")
    start_matter(mine.public_id, by=cast.actor("unit_handler"))
    start_matter(theirs.public_id, cast.people["clerk"], by=cast.actor("unit_secretary"))
    assert fresh(mine).handler == cast.people["unit_handler"]
    assert fresh(theirs).handler == cast.people["clerk"]
    assert told(cast, "clerk", "matters.hand_over")
    with pytest.raises(WrongState):
        start_matter(mine.public_id, by=cast.actor("unit_handler"))
    other = at_state(cast, "assigned")
    with pytest.raises(NotFound):
        start_matter(other.public_id, by=cast.actor("other_handler"))
    with pytest.raises(Forbidden):
        start_matter(other.public_id, by=cast.actor("dispatcher"))
    stranger = cast.people["other_handler"]
    with pytest.raises(NotOfTheLead):
        start_matter(other.public_id, stranger, by=cast.actor("unit_handler"))


def test_a_first_word_stops_the_clock_of_the_reply_not_that_of_the_solution(cast, at):
    matter = at_state(cast, "handling")
    assert matter.due_at == matter.reply_by
    first_reply(matter.public_id, "周三上门查看。", by=cast.actor("unit_handler"), at=at)
    stored = fresh(matter)
    assert (stored.replied_at, stored.due_at, stored.state) == (at, stored.solve_by, "handling")
    assert stored.steps.last().audience == "raiser"
    first_reply(matter.public_id, "改到周四。", by=cast.actor("unit_handler"), at=at + HOUR)
    assert fresh(matter).replied_at == at


def test_an_answer_asks_the_raiser_and_is_found(cast, at):
    matter = at_state(cast, "handling")
    photo = attachments.store(b"notes", name="a.txt", by=CITY, at=at)
    answer_matter(matter.public_id, ANSWER, files=[photo], by=cast.actor("unit_handler"), at=at)
    stored = fresh(matter)
    assert (stored.state, stored.answer, stored.due_at) == ("answered", ANSWER, None)
    assert stored.handler == cast.people["unit_handler"]
    # Seven working days after the Tuesday it is Thursday of next week.
    assert clock.day_of(stored.ask_until) == date(2026, 12, 3)
    [file] = stored.files.all()
    assert (file.from_raiser, file.step) == (False, stored.steps.get(verb="answer"))
    assert list(search.matching("matters.matter", "约谈")) == [matter.pk]


@pytest.mark.parametrize(
    ("text", "error"),
    [("", NoText), (" \n ", NoText), ("已于______处理。", GapsLeft), ("请＿＿＿办。", GapsLeft)],
)
def test_an_empty_answer_or_a_template_with_gaps_may_not_be_sent(cast, at, text, error):
    matter = at_state(cast, "handling")
    with pytest.raises(error):
        answer_matter(matter.public_id, text, by=cast.actor("unit_handler"))
    with pytest.raises(error):
        first_reply(matter.public_id, text, by=cast.actor("unit_handler"))
    batch = answer_matters_many([matter.public_id], text, by=cast.actor("unit_handler"))
    assert [type(row.error) for row in batch.refused] == [error]
    assert fresh(matter).state == "handling"


def test_one_text_answers_many_and_leaves_out_what_is_not_ones_own(cast, at):
    mine = [at_state(cast, "handling"), at_state(cast, "redo")]
    theirs = at_state(cast, "handling", lead="other_unit")
    ids = [matter.public_id for matter in (*mine, theirs)]
    batch = answer_matters_many(ids, ANSWER, by=cast.actor("unit_handler"))
    assert batch.done == tuple(matter.public_id for matter in mine)
    assert [type(row.error) for row in batch.refused] == [NotFound]


def test_a_body_returns_a_matter_once_and_then_has_one_dispute(cast, at, insisted):
    by = cast.actor("unit_handler")
    with pytest.raises(ReturnRefused):
        return_matter(insisted.public_id, "真的不是我们的。", by=by)
    with pytest.raises(Forbidden):  # the secretary's to say
        dispute_assignment(insisted.public_id, "不在职责内。", by=by)
    secretary, operator = cast.actor("unit_secretary"), cast.actor("district_operator")
    request = dispute_assignment(insisted.public_id, "不在职责内。", by=secretary)
    with pytest.raises(AskedAlready):
        dispute_assignment(insisted.public_id, "再说一次。", by=secretary)
    assert told(cast, "district_operator", "matters.dispute")
    with pytest.raises(Forbidden):
        decide_request(request.public_id, False, "请办。", by=secretary)
    decide_request(request.public_id, False, "按职责清单第三条，请办。", by=operator)
    assert told(cast, "unit_handler", "matters.deny")
    with pytest.raises(DisputedBefore):
        dispute_assignment(insisted.public_id, "还是不服。", by=secretary)
    assert fresh(insisted).state == "assigned"


def test_a_granted_dispute_brings_the_matter_back_to_the_dispatcher(cast, at, insisted):
    request = dispute_assignment(
        insisted.public_id, "不在职责内。", by=cast.actor("unit_secretary")
    )
    decide_request(request.public_id, True, "改派水利局。", by=cast.actor("city_operator"))
    stored = fresh(insisted)
    assert (stored.state, stored.lead, stored.returned_count) == ("accepted", None, 2)
    assert told(cast, "dispatcher", "matters.return")


def test_before_a_return_there_is_nothing_to_dispute(cast, at):
    matter = at_state(cast, "assigned")
    with pytest.raises(ReturnFirst):
        dispute_assignment(matter.public_id, "不是我们的。", by=cast.actor("unit_secretary"))


def test_a_return_gives_the_reason_to_the_staff_and_lets_the_deadlines_run(cast, at):
    matter = at_state(cast, "handling")
    with pytest.raises(NoText):
        return_matter(matter.public_id, "", by=cast.actor("unit_handler"))
    return_matter(matter.public_id, "属于水利局。", by=cast.actor("unit_handler"))
    stored = fresh(matter)
    assert (stored.state, stored.lead, stored.handler) == ("accepted", None, None)
    assert (stored.solve_by, stored.returned_count) == (matter.solve_by, 1)
    step = stored.steps.last()
    assert (step.verb, step.audience, step.body) == ("return", "staff", cast.bodies["unit"])
    assert told(cast, "dispatcher", "matters.return")


def test_more_time_is_asked_for_before_the_deadline_and_granted_from_above(cast, at):
    receipt = receipt_at(cast, "handling", email="shen@example.com")
    matter = receipt.matter
    by = cast.actor("unit_handler")
    solve_by = clock.day_of(matter.solve_by)
    for wrong in (solve_by, date(2026, 12, 19), date(2028, 1, 4)):  # not later, Saturday, too far
        with pytest.raises(NoExtension):
            ask_extension(matter.public_id, wrong, "设备在路上。", by=by, at=at)
    until = date(2026, 12, 25)
    request = ask_extension(matter.public_id, until, "设备在路上。", by=by, at=at)
    with pytest.raises(AskedAlready):
        ask_extension(matter.public_id, until, "设备在路上。", by=by, at=at)
    assert fresh(matter).solve_by == matter.solve_by  # asked is not granted
    decide_request(request.public_id, True, "同意。", by=cast.actor("district_operator"), at=at)
    stored = fresh(matter)
    assert clock.day_of(stored.solve_by) == until
    assert stored.due_at == stored.reply_by  # the first word is owed as before
    assert stored.steps.get(verb="extend").data == {"until": "2026-12-25"}
    assert OutboxMessage.objects.filter(kind="matters.told").count() == 1


def test_no_extension_once_it_is_late(cast, at):
    matter = at_state(cast, "handling")
    late = matter.due_at + HOUR
    with pytest.raises(TooLate):
        ask_extension(
            matter.public_id, date(2026, 12, 25), "忙。", by=cast.actor("unit_handler"), at=late
        )


def test_nobody_decides_what_the_own_unit_asks_for(cast, at):
    matter = at_state(cast, "handling", lead="bureau")
    until = date(2026, 12, 25)
    request = ask_extension(
        matter.public_id, until, "设备在路上。", by=cast.actor("handler"), at=at
    )
    with pytest.raises(Forbidden):  # the city operator's desk stands in that bureau
        decide_request(request.public_id, True, "同意。", by=cast.actor("city_operator"))
    decide_request(request.public_id, True, "同意。", by=cast.actor("district_operator"))


def test_an_answer_settles_what_was_still_asked_for(cast, at):
    matter = at_state(cast, "handling")
    until = date(2026, 12, 25)
    request = ask_extension(matter.public_id, until, "设备。", by=cast.actor("unit_handler"), at=at)
    answer_matter(matter.public_id, ANSWER, by=cast.actor("unit_handler"))
    assert Request.objects.get(pk=request.pk).state == "refused"


def test_a_helping_body_contributes_the_lead_answers(cast, at):
    matter = at_state(cast, "accepted")
    co = [cast.bodies["other_unit"]]
    assign_matter(matter.public_id, cast.bodies["unit"], co=co, by=cast.actor("dispatcher"))
    helper = cast.actor("other_handler")
    contribute(matter.public_id, "河道许可已核。", by=helper, at=at)
    row = matter.co_handlers.get()
    assert (row.contribution, row.contributed_at) == ("河道许可已核。", at)
    assert told(cast, "unit_handler", "matters.contribute")
    for act in (answer_matter, return_matter):
        with pytest.raises(Forbidden):
            act(matter.public_id, ANSWER, by=helper)
    with pytest.raises(Forbidden):  # the lead is no helper
        contribute(matter.public_id, "我们也有。", by=cast.actor("unit_handler"))


def test_a_note_is_for_the_staff_alone(cast, at):
    matter = at_state(cast, "solved")
    add_note(matter.public_id, "电话里很客气。", by=cast.actor("unit_handler"))
    assert matter.steps.last().audience == "staff"
    with pytest.raises(NotFound):
        add_note(matter.public_id, "路过。", by=cast.actor("other_handler"))
    with pytest.raises(Forbidden):
        add_note(matter.public_id, "路过。", by=cast.actor("community_secretary"))


def test_a_matter_goes_to_a_colleague_not_to_a_stranger(cast, at):
    matter = at_state(cast, "handling")
    hand_over_matter(matter.public_id, cast.people["clerk"], by=cast.actor("unit_handler"))
    assert fresh(matter).handler == cast.people["clerk"]
    stranger = cast.people["outsider"]
    with pytest.raises(NotOfTheLead):
        hand_over_matter(matter.public_id, stranger, by=cast.actor("unit_handler"))


def test_who_is_handed_over_leaves_the_open_matters_to_the_successor(cast, at):
    unit = cast.people["unit_handler"]
    mine, done = at_state(cast, "assigned"), at_state(cast, "handling")
    start_matter(mine.public_id, by=cast.actor("unit_handler"))
    answer_matter(done.public_id, ANSWER, by=cast.actor("unit_handler"))
    steps.move(fresh(done), "confirm", by=CITY, at=at)
    hand_over(unit, successor=cast.people["clerk"], by=cast.actor("district_operator"), at=at)
    assert fresh(mine).handler == cast.people["clerk"]
    assert fresh(done).handler == unit  # what is closed keeps its handler
    assert told(cast, "clerk", "matters.hand_over")


def test_who_leaves_gives_the_open_matters_back_to_the_units_queue(cast, at):
    matter = at_state(cast, "assigned")
    start_matter(matter.public_id, by=cast.actor("unit_handler"))
    gone = cast.people["unit_handler"]
    retire_person(gone, since=clock.day_of(at), by=cast.actor("district_operator"), at=at)
    assert fresh(matter).handler is None
    assert told(cast, "unit_secretary", "matters.left_open") or told(
        cast, "clerk", "matters.left_open"
    )
    assert TrailEntry.objects.filter(verb="hand_over", object_id=matter.public_id).exists()


def test_a_letter_says_what_its_reader_may_read(cast, at, settings):
    from groundwork.matters.actions.joining import join_matter
    from groundwork.matters.actions.raising import Teller, Telling

    receipt = receipt_at(cast, "handling", email="shen@example.com")
    matter = receipt.matter
    joined = join_matter(
        matter.public_id,
        Telling("我也听到了。", matter.category, matter.place, "portal"),
        Teller(name="王先生", email="wang@example.com"),
        by=steps.BY_RAISER,
        at=at,
    )
    assert joined.joined
    answer_matter(matter.public_id, "沈阿姨：" + ANSWER, by=cast.actor("unit_handler"))
    assert outbox.deliver_due(at=at + HOUR) == 2
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {"shen@example.com", "wang@example.com"}
    assert ANSWER in letters["shen@example.com"].body
    assert "沈阿姨" not in letters["wang@example.com"].body
    for letter in letters.values():
        assert matter.receipt in letter.body
        assert receipt.secret not in letter.body
        assert "13800005678" not in letter.body


def test_who_erased_the_own_details_gets_no_letter(cast, at):
    receipt = receipt_at(cast, "handling", email="shen@example.com")
    answer_matter(receipt.matter.public_id, ANSWER, by=cast.actor("unit_handler"))
    receipt.matter.raisers.update(erased_at=at, email="")
    outbox.deliver_due(at=at + HOUR)
    assert mail.outbox == []
