"""The numbers of an audited sample, against slow and obvious ways to get them."""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from groundwork.matters.rules import sampling as rules

HASHES = st.sets(st.integers(0, 10**6), max_size=60).map(
    lambda numbers: [hashlib.sha256(str(n).encode()).hexdigest() for n in numbers]
)
SEEDS = st.from_regex(r"[0-9]{6,20}", fullmatch=True)
LEVELS = st.sampled_from([Decimal("0.9"), Decimal("0.95"), Decimal("0.99")])
SHARES = st.sampled_from([Decimal("0.01"), Decimal("0.02"), Decimal("0.05"), Decimal("0.3")])


def test_299_clean_checks_show_under_one_percent_at_95():
    assert rules.size_binomial(Decimal("0.01"), Decimal("0.95")) == 299
    assert 0.99**299 <= 0.05 < 0.99**298


@given(SHARES, LEVELS)
def test_a_list_without_end_needs_the_fewest_that_are_enough(most, sure):
    n = rules.size_binomial(most, sure)
    clean, miss = 1 - Fraction(most), 1 - Fraction(sure)
    assert clean**n <= miss < clean ** (n - 1)


@settings(max_examples=60)
@given(st.integers(1, 400), SHARES, LEVELS)
def test_a_list_needs_the_fewest_that_find_one_of_too_many_faults(population, most, sure):
    faults = max(1, math.ceil(Fraction(most) * population))

    def unseen(n):  # the chance that n drawn ones hold none of the faults
        return Fraction(math.comb(population - faults, n), math.comb(population, n))

    enough = next(n for n in range(population + 1) if unseen(n) <= 1 - Fraction(sure))
    assert rules.size_for(population, most, sure) == enough
    assert enough <= min(population, rules.size_binomial(most, sure))


def test_an_empty_list_gives_no_sample():
    with pytest.raises(rules.NothingToSample):
        rules.size_for(0, Decimal("0.01"), Decimal("0.95"))


@given(HASHES, SEEDS, st.integers(0, 70), st.randoms())
def test_the_draw_knows_the_list_and_the_seed_and_nothing_else(hashes, seed, n, random):
    drawn = rules.draw(hashes, seed, n)
    again = hashes + hashes[:3]
    random.shuffle(again)
    assert rules.draw(again, seed, n) == drawn
    assert len(set(drawn)) == len(drawn) == min(n, len(hashes))
    assert set(drawn) <= set(hashes)
    assert rules.draw(hashes, seed, n + 5)[: len(drawn)] == drawn
    shaken = "\r\n".join(line.upper() for line in again).encode()
    assert rules.hashes_in(shaken) == rules.hashes_in(rules.listing(hashes)) == sorted(hashes)


def test_every_closure_has_the_same_chance():
    """5 of 20 in 2,000 draws: each is drawn 500 times, give or take 5 standard deviations."""
    hashes = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(20)]
    times = dict.fromkeys(hashes, 0)
    for seed in range(2000):
        for line in rules.draw(hashes, f"{seed:06}", 5):
            times[line] += 1
    assert all(abs(n - 500) < 5 * math.sqrt(2000 * 0.25 * 0.75) for n in times.values())


@pytest.mark.parametrize(
    "typed", ["03 11 15 20 27 32 + 09", "０３１１１５２０２７３２０９", "03-11-15-20-27-32，09。"]
)
def test_of_a_public_act_only_the_digits_count(typed):
    assert rules.seed_of(typed) == "03111520273209"


def test_a_seed_that_could_be_tried_out_is_refused():
    with pytest.raises(rules.SeedTooShort):
        rules.seed_of("5 8 3")


@given(st.integers(1, 400), st.data(), LEVELS)
def test_intervals_are_those_of_the_textbook(whole, data, sure):
    part = data.draw(st.integers(0, whole))
    known = binomtest(part, whole)
    for ours, method in ((rules.clopper_pearson, "exact"), (rules.wilson, "wilson")):
        found = ours(part, whole, sure)
        right = known.proportion_ci(float(sure), method)
        assert found.low == pytest.approx(right.low, abs=1e-9)
        assert found.high == pytest.approx(right.high, abs=1e-9)
        assert found.low <= part / whole <= found.high


def test_known_intervals():
    """297 of 299: Clopper–Pearson 97.60–99.92 %, as R's binom.test gives it."""
    found = rules.clopper_pearson(297, 299, Decimal("0.95"))
    assert (round(found.low, 4), round(found.high, 4)) == (0.976, 0.9992)


def test_what_could_not_be_found_out_is_stated_apart():
    found = rules.shown(["true"] * 7 + ["false"] + ["unknown"] * 2, 10, Decimal("0.95"))
    assert (found.rate.part, found.rate.whole) == (7, 8)
    assert (found.at_worst.part, found.at_worst.whole) == (7, 10)
    assert not found.holds
    assert rules.shown(["true"] * 10, 10, Decimal("0.95")).holds
    nothing = rules.shown(["unknown"] * 3, 3, Decimal("0.95"))
    assert nothing.exact is nothing.wilson is None
