"""The one table of states, every pair of it walked through the acts themselves."""

from __future__ import annotations

import pytest
from django.db import transaction

from groundwork.base.errors import GroundworkError
from groundwork.matters.actions import dispatch, handling, merging, own, steps, verdict
from groundwork.matters.actions.clockwork import lapse_unanswered
from groundwork.matters.models import Matter
from groundwork.matters.rules import states
from groundwork.matters.tests.make import (
    ANSWER,
    CITY,
    WAYS,
    raise_one,
    receipt_at,
)
from tests.cast import EVENING

# A raiser who says the same once more is no error, and a word may change nothing.
SAID_AGAIN = {("solved", "confirm"), ("withdrawn", "withdraw")}


def acts(cast, receipt, target):
    """Name the act behind each verb of the table."""
    pk, secret, matter = receipt.matter.public_id, receipt.secret, receipt.matter
    unit, outside = cast.bodies["other_unit"], cast.bodies["outside"]
    me = {"by": CITY, "at": EVENING}
    return {
        "accept": lambda: dispatch.accept_matter(pk, **me),
        "decline": lambda: dispatch.decline_matter(pk, "不属于本市管辖。", **me),
        "appeal": lambda: own.appeal_matter(secret, "请再看一次。", **me),
        "assign": lambda: dispatch.assign_matter(pk, unit, insist=True, **me),
        "start": lambda: handling.start_matter(pk, **me),
        "return": lambda: handling.return_matter(pk, "不是我们的事。", **me),
        "answer": lambda: handling.answer_matter(pk, ANSWER, **me),
        "hand_out": lambda: dispatch.hand_out_matter(pk, outside, "", **me),
        "take_back": lambda: dispatch.take_back_matter(pk, "迟迟没有答复。", **me),
        "confirm": lambda: verdict.confirm_matter(secret, **me),
        "refuse": lambda: verdict.refuse_matter(secret, "还在打桩。", **me),
        "lapse": lambda: lapse_unanswered(EVENING.replace(year=2027)),
        "reopen": lambda: steps.redo(
            Matter.objects.get(pk=matter.pk), "reopen", by=CITY, at=EVENING
        ),
        "withdraw": lambda: own.withdraw_matter(secret, **me),
        "merge": lambda: merging.merge_matters(pk, target.public_id, **me),
    }


@pytest.mark.parametrize("state", states.STATES)
def test_every_act_does_from_every_state_what_the_table_says_or_leaves_it(cast, at, state):
    receipt, target = receipt_at(cast, state), raise_one(cast, "工地噪音，夜里。").matter
    way = [*WAYS[state]]
    assert list(receipt.matter.steps.order_by("id").values_list("verb", flat=True)) == [
        "raise",
        *way,
    ]
    known = acts(cast, receipt, target)
    assert set(known) == set(states.VERBS)
    for verb, act in known.items():
        before = Matter.objects.get(pk=receipt.matter.pk)
        undo = transaction.savepoint()
        refused = None
        try:
            with transaction.atomic():
                act()
        except GroundworkError as error:
            refused = error
        after = Matter.objects.get(pk=receipt.matter.pk)
        if states.can(state, verb):
            assert refused is None, (state, verb, refused)
            assert after.state == states.STEPS[state, verb], (state, verb)
            last = after.steps.filter(verb=verb).order_by("id").last()
            assert (last.before, last.after) == (state, after.state)
            assert after.closed_at is None or after.state in states.CLOSED
        else:
            quiet = verb == "lapse" or (state, verb) in SAID_AGAIN
            assert refused is not None or quiet, (state, verb)
            assert (after.state, after.state_since) == (before.state, before.state_since)
        transaction.savepoint_rollback(undo)


def test_the_table_refuses_what_it_does_not_list():
    listed = set(states.STEPS)
    for state in states.STATES:
        for verb in states.VERBS:
            if (state, verb) in listed:
                assert states.step(state, verb) in states.STATES
            else:
                with pytest.raises(states.WrongState):
                    states.step(state, verb)
    assert listed <= {(state, verb) for state in states.STATES for verb in states.VERBS}


def test_every_state_is_reached_and_only_merged_and_withdrawn_have_no_way_on():
    reached = {"raised", *states.STEPS.values()}
    assert reached == set(states.STATES)
    leaving = {state for state, _verb in states.STEPS}
    assert set(states.STATES) - leaving == {"merged", "withdrawn"}
