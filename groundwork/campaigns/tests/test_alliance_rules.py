"""The state tables of entries and pairs, walked; units, words; the picture of the network."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groundwork.campaigns.models import Entry, Member, Pair, SupplyKind, SupplyUnit
from groundwork.campaigns.rules import alliance as rules
from groundwork.campaigns.rules.network import draw

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("state", rules.ENTRY_STATES)
@pytest.mark.parametrize("verb", rules.ENTRY_VERBS)
def test_an_entry_moves_only_as_the_table_says(state, verb):
    wanted = rules.ENTRY_STEPS.get((state, verb))
    if wanted is None:
        with pytest.raises(rules.WrongEntry):
            rules.entry_step(state, verb)
    else:
        assert rules.entry_step(state, verb) == wanted


@pytest.mark.parametrize("state", rules.PAIR_STATES)
@pytest.mark.parametrize("verb", rules.PAIR_VERBS)
def test_a_pair_moves_only_as_the_table_says(state, verb):
    wanted = rules.PAIR_STEPS.get((state, verb))
    if wanted is None:
        with pytest.raises(rules.WrongPair):
            rules.pair_step(state, verb)
    else:
        assert rules.pair_step(state, verb) == wanted


def test_what_is_over_stays_over_and_no_side_agrees_alone():
    ends = {"agreed", "declined", "lapsed"}
    assert not [key for key in rules.PAIR_STEPS if key[0] in ends]
    assert not [key for key in rules.ENTRY_STEPS if key[0] in {"agreed", "withdrawn", "passed"}]
    into = {state for (state, _verb), to in rules.PAIR_STEPS.items() if to == "agreed"}
    assert into == {"need_said", "offer_said"}


def test_the_tables_and_the_columns_know_the_same_words():
    assert set(rules.ENTRY_STATES) == set(Entry.State.values)
    assert set(rules.PAIR_STATES) == set(Pair.State.values)
    assert set(rules.UNITS) == set(SupplyKind.values)
    assert {unit for units in rules.UNITS.values() for unit in units} == set(SupplyUnit.values)
    assert set(Member.Part.values) == {"lead", "supplier", "customer"}


@pytest.mark.parametrize(
    ("amount", "agreed", "live", "verb"),
    [(20, 20, 0, "fill"), (20, 8, 0, "free"), (20, 0, 0, "free"), (20, 8, 1, None)],
)
def test_an_entry_is_met_when_all_of_it_is_agreed(amount, agreed, live, verb):
    assert rules.settled_verb(amount, agreed, live) == verb


@pytest.mark.parametrize(
    ("kind", "unit", "amount", "first", "last", "error"),
    [
        ("labour", "people", 20, 0, 10, None),
        ("logistics", "tonnes", 1, -3, 0, None),
        ("labour", "tonnes", 20, 0, 10, rules.BadUnit),
        ("money", "people", 20, 0, 10, rules.BadUnit),
        ("labour", "people", 0, 0, 10, rules.BadAmount),
        ("labour", "people", 20, 3, 2, rules.BadDays),
        ("labour", "people", 20, -9, -1, rules.BadDays),
        ("labour", "people", 20, 0, 400, rules.BadDays),
    ],
)
def test_an_entry_is_of_something_that_can_be_counted_on_days_to_come(
    kind, unit, amount, first, last, error
):
    span = (DAY + timedelta(days=first), DAY + timedelta(days=last))
    if error is None:
        rules.check_entry(kind, unit, amount, span, DAY)
        return
    with pytest.raises(error):
        rules.check_entry(kind, unit, amount, span, DAY)


@pytest.mark.parametrize(
    "text", ["每天 200 元", "贷款300万元", "要两万元周转", "¥5000", "50,000 RMB", "三百块钱一天"]
)
def test_a_sum_of_money_is_refused(text):
    with pytest.raises(rules.MoneyNamed):
        rules.check_words("装配工", text)


@pytest.mark.parametrize("text", ["元旦前要 20 人", "美元素材料 3 箱", "3 台机床", "2026 年 3 月"])
def test_what_only_looks_like_money_is_not(text):
    rules.check_words(text)


MEMBERS = [
    (1, "甬江精密", "lead"),
    (2, "甲", "supplier"),
    (3, "乙", "supplier"),
    (4, "丙", "customer"),
]


def test_the_picture_is_the_same_however_the_rows_come():
    links = [(2, 1), (3, 1), (1, 4)]
    assert draw(MEMBERS, links) == draw(MEMBERS[::-1], links[::-1])


def test_suppliers_stand_left_customers_right_and_no_box_on_another():
    picture = draw(MEMBERS, [(2, 1), (3, 1), (1, 4), (9, 1)])
    x = {spot.key: spot.x for spot in picture.spots}
    assert x[2] == x[3] < x[1] < x[4]
    y = {spot.key: spot.y for spot in picture.spots}
    assert abs(y[2] - y[3]) >= 44
    assert len(picture.lines) == 3  # a link to somebody who left is not drawn
    assert all(s.y >= 0 and s.y + s.high <= picture.high for s in picture.spots)


def test_whoever_supplies_the_same_stands_together():
    members = [
        (1, "牵头", "lead"),
        *((10 + n, f"供{n}", "supplier") for n in range(4)),
        *((20 + n, f"客{n}", "customer") for n in range(4)),
    ]
    links = [(10 + n, 20 + (3 - n)) for n in range(4)]  # crossed, by name
    y = {spot.key: spot.y for spot in draw(members, links).spots}
    assert all(y[10 + n] == y[20 + 3 - n] for n in range(4))
