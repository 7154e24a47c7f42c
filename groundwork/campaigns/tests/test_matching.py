"""What matching never does, over many small towns drawn at random; and where it beats greed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest

from groundwork.campaigns.solver import Entry, fits, greedy, match, worth_of

DAY = date(2026, 3, 2)
PLACES = ("0001", "00010001", "000100010001", "0001000100010001", "0001000100010002", "00010002")
SORTS = (("labour", "people"), ("material", "tonnes"), ("logistics", "tonnes"))


def town(seed: int) -> tuple[list[Entry], list[Entry], set[tuple[int, int]]]:
    """Draw a small town: up to nine needs and nine offers, and who refused whom."""
    rng = random.Random(seed)

    def entry(n: int) -> Entry:
        kind, unit = rng.choice(SORTS)
        first = DAY + timedelta(days=rng.randrange(12))
        last = first + timedelta(days=rng.randrange(8))
        return Entry(
            n, rng.randrange(30), kind, unit, rng.randrange(1, 9), rng.choice(PLACES), first, last
        )

    needs = [entry(n) for n in range(rng.randrange(1, 10))]
    offers = [entry(100 + n) for n in range(rng.randrange(1, 10))]
    both = list(product((e.id for e in needs), (e.id for e in offers)))
    return needs, offers, set(rng.sample(both, len(both) // 6))


@pytest.mark.parametrize("seed", range(60))
def test_a_pair_is_of_one_kind_on_common_days_and_never_more_than_either_has(seed):
    needs, offers, barred = town(seed)
    found = match(needs, offers, barred)
    mine, theirs = {e.id: e for e in needs}, {e.id: e for e in offers}
    given: Counter[int] = Counter()
    for pair in found.pairs:
        need, offer = mine[pair.need], theirs[pair.offer]
        assert (need.kind, need.unit) == (offer.kind, offer.unit)
        assert need.owner != offer.owner
        assert (need.id, offer.id) not in barred
        assert max(need.first, offer.first) == pair.first <= pair.last
        assert pair.last == min(need.last, offer.last)
        assert pair.amount > 0
        given[need.id] += pair.amount
        given[offer.id] += pair.amount
    assert all(n <= (mine | theirs)[key].amount for key, n in given.items())
    assert len({(p.need, p.offer) for p in found.pairs}) == len(found.pairs)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_worth_more_greed_included_and_the_prices_prove_it(seed):
    needs, offers, barred = town(seed)
    found, grabbed = match(needs, offers, barred), greedy(needs, offers, barred)
    assert found.worth >= grabbed.worth - 1e-6
    assert found.worth == pytest.approx(worth_of(found.pairs, needs, offers))
    assert found.bound == pytest.approx(found.worth)  # no set of pairs can pass the bound


def best_of_all(needs: list[Entry], offers: list[Entry]) -> float:
    """Try every way, slowly: what there is to give, unit by unit."""
    fit: list[list[float]] = fits(needs, offers).tolist()

    def go(i: int, left: tuple[int, ...]) -> float:
        if i == len(needs):
            return 0.0
        want = needs[i].amount
        ways = product(*(range(min(want, n) + 1 if fit[i][j] else 1) for j, n in enumerate(left)))
        return max(
            sum(fit[i][j] * n for j, n in enumerate(way)) / want
            + go(i + 1, tuple(a - b for a, b in zip(left, way, strict=True)))
            for way in ways
            if sum(way) <= want
        )

    return go(0, tuple(offer.amount for offer in offers))


@pytest.mark.parametrize("seed", range(8))
def test_the_worth_is_that_of_trying_every_way(seed):
    rng = random.Random(seed)
    kind, unit = "labour", "people"

    def entry(n: int) -> Entry:
        first = DAY + timedelta(days=rng.randrange(6))
        days = timedelta(days=rng.randrange(1, 6))
        return Entry(n, n, kind, unit, rng.randrange(1, 4), rng.choice(PLACES), first, first + days)

    needs, offers = [entry(n) for n in range(3)], [entry(9 + n) for n in range(3)]
    assert match(needs, offers).worth == pytest.approx(best_of_all(needs, offers))


def test_where_the_best_pair_first_leaves_a_need_unmet_both_are_met():
    near, far, wide = "0001000100010001", "00010002", DAY + timedelta(days=9)
    needs = [
        Entry(1, 1, "labour", "people", 5, near, DAY, wide),
        Entry(2, 2, "labour", "people", 5, near, DAY, DAY),
    ]
    offers = [
        Entry(8, 8, "labour", "people", 5, near, DAY, wide),
        Entry(9, 9, "labour", "people", 5, far, DAY + timedelta(days=1), wide),
    ]
    assert {(p.need, p.offer) for p in greedy(needs, offers).pairs} == {(1, 8)}
    assert {(p.need, p.offer) for p in match(needs, offers).pairs} == {(1, 9), (2, 8)}


def test_the_order_in_which_they_were_written_changes_nothing():
    needs, offers, _barred = town(7)
    assert match(needs, offers) == match(needs[::-1], offers[::-1])


def test_nobody_to_match_is_no_pair():
    needs, offers, _barred = town(3)
    assert match(needs, []).pairs == match([], offers).pairs == ()
