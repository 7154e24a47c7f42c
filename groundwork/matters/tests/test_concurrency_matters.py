"""Two hands on one matter at once: one outcome, and both are told (PostgreSQL, real threads).

A third hand holds the matter's row until both wait for it, so that the two really meet and the
order is known: no sleep, no luck. `python tools/pg.py python -m pytest <this file>`.
"""

from __future__ import annotations

import pytest

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.errors import Conflict, GroundworkError
from groundwork.matters.actions import steps
from groundwork.matters.actions.dispatch import (
    accept_matter,
    accept_matters_many,
    assign_matter,
    classify_matter,
)
from groundwork.matters.actions.handling import answer_matter, hand_over_matter
from groundwork.matters.actions.joining import join_matter, raise_or_join
from groundwork.matters.actions.knocking import hold
from groundwork.matters.actions.merging import merge_matters
from groundwork.matters.actions.own import withdraw_matter
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.actions.requests import ask_extension, decide_request
from groundwork.matters.actions.verdict import confirm_matter, refuse_matter
from groundwork.matters.models import Matter, Verdict
from groundwork.matters.rules import words
from groundwork.matters.rules.handling import AlreadyAssigned, AlreadyDecided
from groundwork.matters.rules.states import WrongState
from groundwork.matters.tests.make import (
    ANSWER,
    WORDS,
    at_state,
    raise_one,
    receipt_at,
    the_category,
)
from tests.cast import EVENING
from tests.hands import in_turn, need_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ME = steps.BY_RAISER


@pytest.fixture
def town(transactional_db):
    """The cast, on a database where two connections can wait for each other."""
    need_row_locks()
    from tests.cast import build

    with clock.at(EVENING):
        yield build()


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def verbs(matter: Matter) -> list[str]:
    return list(matter.steps.order_by("id").values_list("verb", flat=True))


def told(who, town, kind) -> bool:
    return Notice.objects.filter(account=town.accounts[who], kind=kind).exists()


def test_of_two_dispatchers_who_assign_the_second_is_told_to_whom_it_went(town):
    matter = at_state(town, "accepted")
    city, district = town.actor("dispatcher"), town.actor("district_operator")
    unit, street = town.bodies["unit"], town.bodies["street"]
    first, second = in_turn(
        matter,
        lambda: assign_matter(matter.public_id, unit, by=city),
        lambda: assign_matter(matter.public_id, street, by=district),
    )
    assert first is None
    assert isinstance(second, AlreadyAssigned)
    assert str(unit) in str(second)
    assert fresh(matter).lead == unit
    assert verbs(matter).count("assign") == 1
    assert told("unit_handler", town, "matters.assign")


def test_a_dispatcher_who_waited_sees_the_lead_of_after_the_wait(town):
    """PostgreSQL would give the joined lead of before it, which is none, and the act a 403."""
    matter = at_state(town, "accepted")
    dispatcher, handler = town.actor("dispatcher"), town.actor("unit_handler")
    taken = []
    first, second = in_turn(
        matter,
        lambda: assign_matter(matter.public_id, town.bodies["unit"], by=dispatcher),
        lambda: taken.append(
            assign_matter(
                matter.public_id, town.bodies["street"], insist=True, by=town.actor("city_operator")
            )
        ),
    )
    assert (first, second) == (None, None)
    assert taken[0].lead == town.bodies["street"]
    assert told("unit_handler", town, "matters.taken")
    with pytest.raises(GroundworkError):
        answer_matter(matter.public_id, ANSWER, by=handler)


def test_an_answer_to_what_the_raiser_just_withdrew_is_refused_and_the_handler_is_told(town):
    receipt = receipt_at(town, "handling")
    handler = town.actor("unit_handler")
    withdrawn, answered = in_turn(
        receipt.matter,
        lambda: withdraw_matter(receipt.secret, by=ME),
        lambda: answer_matter(receipt.matter.public_id, ANSWER, by=handler),
    )
    assert withdrawn is None
    assert isinstance(answered, WrongState)
    assert fresh(receipt.matter).state == "withdrawn"
    assert "answer" not in verbs(receipt.matter)
    assert told("unit_handler", town, "matters.withdraw")


def test_a_withdrawal_of_what_was_just_answered_stands_and_the_handler_is_told(town):
    receipt = receipt_at(town, "handling")
    handler = town.actor("unit_handler")
    raised = in_turn(
        receipt.matter,
        lambda: answer_matter(receipt.matter.public_id, ANSWER, by=handler),
        lambda: withdraw_matter(receipt.secret, by=ME),
    )
    assert raised == [None, None]
    matter = fresh(receipt.matter)
    assert (matter.state, matter.answer, matter.due_at) == ("withdrawn", ANSWER, None)
    assert verbs(matter)[-2:] == ["answer", "withdraw"]
    assert told("unit_handler", town, "matters.withdraw")


@pytest.mark.parametrize("merge_first", [True, False])
def test_a_merger_and_an_answer_have_one_outcome(town, merge_first):
    matter, into = at_state(town, "handling"), at_state(town, "handling", lead="street")
    dispatcher, handler = town.actor("dispatcher"), town.actor("unit_handler")
    merge = (lambda: merge_matters(matter.public_id, into.public_id, by=dispatcher),)
    answer = (lambda: answer_matter(matter.public_id, ANSWER, by=handler),)
    first, second = in_turn(matter, *(merge + answer if merge_first else answer + merge))
    assert first is None
    assert isinstance(second, WrongState)
    matter, into = fresh(matter), fresh(into)
    if merge_first:
        assert (matter.state, matter.merged_into, into.raisers_count) == ("merged", into, 2)
        assert matter.answer == ""
        assert told("unit_handler", town, "matters.merge")
    else:
        assert (matter.state, matter.merged_into, into.raisers_count) == ("answered", None, 1)


def test_two_mergers_that_cross_do_not_lock_each_other_out(town):
    one, other = at_state(town, "accepted"), at_state(town, "accepted")
    by = town.actor("dispatcher")
    first, second = in_turn(
        one,
        lambda: merge_matters(one.public_id, other.public_id, by=by),
        lambda: merge_matters(other.public_id, one.public_id, by=by),
    )
    assert first is None
    assert isinstance(second, WrongState)
    assert (fresh(one).merged_into, fresh(other).merged_into) == (other, None)


def test_the_same_words_of_two_neighbours_at_one_instant_are_one_matter_with_both(town):
    place, category, receipts = town.places["chenglang"], the_category("noise"), {}

    def send(n):
        telling = Telling(WORDS, category, place, door="portal", client_key=f"portal.{n}")
        receipts[n] = raise_or_join(telling, Teller(phone=f"1380000000{n}"), by=ME)

    def same_words():
        hold(f"{place.pk} {words.digest(WORDS)}", at=EVENING)

    assert in_turn(same_words, lambda: send(1), lambda: send(2)) == [None, None]
    [matter] = Matter.objects.all()
    assert {receipts[1].joined, receipts[2].joined} == {False, True}  # whoever was let in first
    assert (receipts[1].matter, receipts[2].matter, matter.raisers_count) == (matter, matter, 2)
    assert set(matter.raisers.values_list("phone", flat=True)) == {"13800000001", "13800000002"}
    assert matter.raisers.filter(first=True).count() == 1
    assert verbs(matter) == ["raise"]


def test_who_joins_while_the_category_is_put_right_joins(town):
    """PostgreSQL would find no row where the joined category of before the wait is another one."""
    matter = at_state(town, "handling")
    telling = Telling("我家也吵。", matter.category, matter.place, door="portal", client_key="p.1")
    dispatcher = town.actor("dispatcher")
    raised = in_turn(
        matter,
        lambda: classify_matter(matter.public_id, category=the_category("water"), by=dispatcher),
        lambda: join_matter(matter.public_id, telling, Teller(), by=ME),
    )
    assert raised == [None, None]
    matter = fresh(matter)
    assert (matter.category.code, matter.raisers_count) == ("water", 2)


def test_a_double_confirmation_is_one_and_the_second_tap_no_error(town):
    receipt = receipt_at(town, "answered")
    raised = in_turn(
        receipt.matter,
        lambda: confirm_matter(receipt.secret, by=ME),
        lambda: confirm_matter(receipt.secret, by=ME),
    )
    assert raised == [None, None]
    assert fresh(receipt.matter).state == "solved"
    assert verbs(receipt.matter).count("confirm") == 1
    assert Verdict.objects.count() == 1
    assert told("unit_handler", town, "matters.confirm")


def test_of_confirming_and_refusing_at_once_the_first_word_counts(town):
    receipt = receipt_at(town, "answered")
    first, second = in_turn(
        receipt.matter,
        lambda: confirm_matter(receipt.secret, by=ME),
        lambda: refuse_matter(receipt.secret, by=ME),
    )
    assert first is None
    assert isinstance(second, GroundworkError)
    assert fresh(receipt.matter).state == "solved"


def test_a_batch_reports_what_somebody_else_accepted_meanwhile(town):
    matters = [raise_one(town, f"第{n}处路灯不亮。").matter for n in range(3)]
    one, other = town.actor("dispatcher"), town.actor("city_operator")
    batches = []
    raised = in_turn(
        matters[1],
        lambda: accept_matter(matters[1].public_id, by=one),
        lambda: batches.append(
            accept_matters_many([matter.public_id for matter in matters], by=other)
        ),
    )
    assert raised == [None, None]
    [batch] = batches
    assert batch.done == (matters[0].public_id, matters[2].public_id)
    assert [(row.public_id, type(row.error)) for row in batch.refused] == [
        (matters[1].public_id, WrongState)
    ]


def test_of_two_who_decide_a_request_the_second_is_told(town):
    matter = at_state(town, "handling")
    handler = town.actor("unit_handler")
    until = clock.day_of(Matter.objects.get(pk=matter.pk).solve_by).replace(day=22)
    request = ask_extension(matter.public_id, until, "设备在路上。", by=handler)
    first, second = in_turn(
        matter,
        lambda: decide_request(request.public_id, True, "同意。", by=town.actor("city_operator")),
        lambda: decide_request(
            request.public_id, False, "不同意。", by=town.actor("district_operator")
        ),
    )
    assert first is None
    assert isinstance(second, AlreadyDecided)
    assert isinstance(second, Conflict)
    assert clock.day_of(fresh(matter).solve_by) == until


def test_an_answer_goes_out_although_the_matter_changes_hands_meanwhile(town):
    matter = at_state(town, "handling")
    handler, secretary = town.actor("unit_handler"), town.actor("unit_secretary")
    raised = in_turn(
        matter,
        lambda: hand_over_matter(matter.public_id, town.people["clerk"], by=secretary),
        lambda: answer_matter(matter.public_id, ANSWER, by=handler),
    )
    assert raised == [None, None]
    assert fresh(matter).handler == town.people["clerk"]
    assert fresh(matter).state == "answered"
