"""Two hands on one need at once: one outcome, and both are told (PostgreSQL, real threads)."""

from __future__ import annotations

from functools import partial

import pytest

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.campaigns.actions import supplies
from groundwork.campaigns.models import Entry, Pair
from groundwork.campaigns.rules import alliance as rules
from groundwork.campaigns.tests.make import AT, Town
from groundwork.matters.models import Category, Matter
from tests.cast import EVENING
from tests.hands import in_turn, need_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db):
    """Two enterprises of an alliance, on a database where two connections can wait."""
    need_row_locks()
    from tests.cast import build

    with clock.at(EVENING):
        yield Town(build())


def told(town: Town, word: str) -> set[int]:
    rows = Notice.objects.filter(kind__startswith="campaigns.", text__contains=word)
    return set(rows.values_list("account_id", flat=True))


def both(town: Town) -> set[int]:
    return {town.enterprise.account_id, town.supplier.account_id}


def test_two_yeses_at_once_are_one_agreement_told_to_both(town):
    pair = town.pair()
    found = in_turn(
        town.alliance,
        partial(supplies.accept_pair, pair.public_id, "need", by=town.enterprise, at=AT),
        partial(supplies.accept_pair, pair.public_id, "offer", by=town.supplier, at=AT),
    )
    assert found == [None, None]
    assert Pair.objects.get().state == "agreed"
    assert both(town) <= told(town, "谈妥")


def test_a_need_withdrawn_while_the_other_side_says_yes_is_agreed_by_nobody(town):
    pair = town.pair()
    supplies.accept_pair(pair.public_id, "need", by=town.enterprise, at=AT)
    first, second = in_turn(
        town.alliance,
        partial(supplies.withdraw_entry, pair.need.public_id, by=town.enterprise, at=AT),
        partial(supplies.accept_pair, pair.public_id, "offer", by=town.supplier, at=AT),
    )
    assert first is None
    assert isinstance(second, rules.WrongPair)
    assert Pair.objects.get().state == "lapsed"
    assert both(town) <= told(town, "失效")


def test_two_who_look_for_pairs_at_once_promise_no_hand_twice(town):
    town.need()
    offer = town.offer()
    look = partial(supplies.propose_pairs, town.alliance.public_id, by=town.keeper, at=AT)
    assert in_turn(town.alliance, look, look) == [None, None]
    promised = sum(Pair.objects.filter(offer=offer).values_list("amount", flat=True))
    assert 0 < promised <= offer.amount
    assert Pair.objects.count() == 1


def test_of_two_who_pass_a_need_on_one_makes_a_matter(town):
    need, category = town.need(), Category.objects.first()
    category = category or Category.objects.create(code="labour", name="用工")
    pass_on = partial(
        supplies.pass_on, need.public_id, category, "请帮忙找人。", by=town.keeper, at=AT
    )
    first, second = in_turn(town.alliance, pass_on, pass_on)
    assert first is None
    assert isinstance(second, rules.WrongEntry)
    assert Matter.objects.count() == 1
    assert Entry.objects.get().state == "passed"
