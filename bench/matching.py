"""2,000 needs and 5,000 offers of a city's alliances: what the matching is worth, and its time.

The pairs of `campaigns.solver.match` are judged here, by code that shares nothing with it: no need
and no offer gives more than it has, kind, unit, days and owner fit, nobody who refused is asked
again. `ratio` is their worth over the optimum, which OR-Tools' minimum cost flow finds over every
pair that could be (`exact`: the flow's own optimum; without OR-Tools, the bound that the prices
prove). `grabbed` is what taking the best pair again and again is worth, over the same optimum.

    python -m bench.matching [--needs 2000] [--offers 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np

from groundwork.campaigns.rules.alliance import UNITS
from groundwork.campaigns.solver import Barred, Entry, Matched, greedy, match

DAY = date(2020, 2, 24)
REFUSED = 2000  # pairs that were tried before
COST = 10**9  # a whole need at the best fit, in the flow's whole numbers
SORTS = [(kind, unit) for kind, units in UNITS.items() for unit in units]


def main() -> None:
    """Run the bench; its last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=2000)
    parser.add_argument("--offers", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    needs, offers, barred = town(said.needs, said.offers, said.seed)
    match(needs[:20], offers[:20])  # libraries are loaded once, by whoever comes first
    found, seconds, cpu = timed(lambda: match(needs, offers, barred))
    judge(found, needs, offers, barred)
    grabbed, _wall, greedy_cpu = timed(lambda: greedy(needs, offers, barred))
    exact, by = found.bound, "bound"
    if find_spec("ortools"):
        exact, by = optimum(needs, offers, barred), "or-tools"
    result = {
        "name": "matching",
        "needs": said.needs,
        "offers": said.offers,
        "pairs": len(found.pairs),
        "ratio": round(worth(found, needs, offers) / exact, 6),
        "exact": by,
        "bound_over_worth": round(found.bound / found.worth, 9),
        "grabbed": round(worth(grabbed, needs, offers) / exact, 4),
        "seconds": round(seconds, 2),
        "cpu": round(cpu, 2),
        "cpu_over_greedy": round(cpu / greedy_cpu, 2),
    }
    print(json.dumps(result))


def timed(act: Callable[[], Matched]) -> tuple[Matched, float, float]:
    """Do it; give what came out, the seconds on the wall and those of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = act()
    return done, time.perf_counter() - wall, time.process_time() - cpu


def town(n: int, m: int, seed: int) -> tuple[list[Entry], list[Entry], Barred]:
    """Draw what a city's enterprises need and offer: 150 townships, a month, amounts of all sizes.

    Kinds are as uneven as they are in life (labour most of all), and a township's enterprises want
    what is scarce there: near offers run out, and somebody has to go further.
    """
    rng = random.Random(seed)
    townships = [f"0001{a:04d}{b:04d}" for a in range(1, 11) for b in range(1, 16)]
    crowded = [1 / (1 + n) for n in range(len(townships))]

    def entry(number: int, weights: Sequence[float]) -> Entry:
        kind, unit = rng.choices(SORTS, [8, 4, 3, 2, 3, 2, 2])[0]
        first = DAY + timedelta(days=rng.randrange(25))
        last = first + timedelta(days=rng.choice((2, 4, 6, 13, 29)))
        place = rng.choices(townships, weights)[0] + f"{rng.randrange(1, 13):04d}"
        amount = max(1, round(rng.lognormvariate(2.3, 1)))
        return Entry(number, rng.randrange(3000), kind, unit, amount, place, first, last)

    needs = [entry(k, crowded) for k in range(n)]
    offers = [entry(n + k, crowded[::-1]) for k in range(m)]
    barred = {(rng.randrange(n), n + rng.randrange(m)) for _ in range(min(REFUSED, n))}
    return needs, offers, barred


def fit(need: Entry, offer: Entry) -> float:
    """Say what a pair is worth for a whole need, written down a second time."""
    both = (min(need.last, offer.last) - max(need.first, offer.first)).days + 1
    if (need.kind, need.unit) != (offer.kind, offer.unit) or need.owner == offer.owner or both < 1:
        return 0.0
    steps = zip(_levels(need.place), _levels(offer.place), strict=True)
    common = next((k for k, (a, b) in enumerate(steps) if a != b), 4)
    return 60 + 8 * common + 20 * both / ((need.last - need.first).days + 1)


def _levels(place: str) -> list[str]:
    return [place[k : k + 4] for k in range(0, 16, 4)]


def worth(found: Matched, needs: Sequence[Entry], offers: Sequence[Entry]) -> float:
    """Add up what the pairs are worth."""
    wants, gives = {e.id: e for e in needs}, {e.id: e for e in offers}
    return sum(
        fit(wants[p.need], gives[p.offer]) * p.amount / wants[p.need].amount for p in found.pairs
    )


def judge(found: Matched, needs: Sequence[Entry], offers: Sequence[Entry], barred: Barred) -> None:
    """Fail on a pair that may not be, and on more than there is."""
    by_id = {e.id: e for e in (*needs, *offers)}
    given: Counter[int] = Counter()
    for pair in found.pairs:
        assert pair.amount > 0, pair
        assert fit(by_id[pair.need], by_id[pair.offer]) > 0, pair
        assert (pair.need, pair.offer) not in barred, pair
        given.update({pair.need: pair.amount, pair.offer: pair.amount})
    assert all(n <= by_id[key].amount for key, n in given.items())


def optimum(needs: Sequence[Entry], offers: Sequence[Entry], barred: Barred) -> float:
    """Find the optimum over every pair with OR-Tools, whose costs are whole numbers."""
    from ortools.graph.python import min_cost_flow

    arcs: list[tuple[int, int, int, int]] = []
    by_sort: dict[tuple[str, str], list[Entry]] = {}
    for offer in offers:
        by_sort.setdefault((offer.kind, offer.unit), []).append(offer)
    source, sink, total = len(needs) + len(offers), len(needs) + len(offers) + 1, 0
    for need in needs:
        total += need.amount
        arcs += [(source, need.id, need.amount, 0), (need.id, sink, need.amount, 0)]
        for offer in by_sort.get((need.kind, need.unit), []):
            value = fit(need, offer)
            if value and (need.id, offer.id) not in barred:
                cost = -round(value / 120 * COST / need.amount)
                arcs.append((need.id, offer.id, min(need.amount, offer.amount), cost))
    arcs += [(offer.id, sink, offer.amount, 0) for offer in offers]
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    tails, heads, capacities, costs = (np.array(column) for column in zip(*arcs, strict=True))
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    flow.set_node_supply(source, total)
    flow.set_node_supply(sink, -total)
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    return float(-flow.optimal_cost()) * 120 / COST


if __name__ == "__main__":
    main()
