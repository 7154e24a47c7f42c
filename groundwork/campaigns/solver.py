"""Match needs with offers: which offer meets which need, with how much, and why. No Django.

A pair is of one kind and one unit, of two members, on days both have, and never more than either
has left; two that said no to each other are not put together again. The worth of a pair is the
share of the need that it meets times its fit: nearer is better, and so is an offer that stands for
all of the need's days. Over all pairs together this is a transportation problem, whose optimum is
found exactly: HiGHS solves it on the likeliest pairs, its prices say which other pairs could still
raise the sum, these are added, until no pair could. At whole amounts the corners of that polytope
are whole, so nobody is proposed two and a half people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

STEP = 4  # characters of a place's path for each level of the tree
MEETS, NEARER, LONGER = 60, 8, 20  # of a fit: that it is met at all, per common level, all days
LIKELY = 12  # pairs of each need and of each offer with which the search begins
EPSILON = 1e-7

Grid = npt.NDArray[Any]
Barred = Set[tuple[int, int]]  # (need, offer) that may not meet


@dataclass(frozen=True)
class Entry:
    """A need or an offer as the matching sees it."""

    id: int
    owner: int  # the member whose it is: nobody is matched with itself
    kind: str
    unit: str
    amount: int  # what is left of it
    place: str  # path in the administrative tree
    first: date
    last: date


@dataclass(frozen=True)
class Pair:
    """A proposal: how much of which offer for which need, on which days, how near."""

    need: int
    offer: int
    amount: int
    common: int  # levels of the tree the two places share: 1 the city … 4 the community
    first: date
    last: date


@dataclass(frozen=True)
class Matched:
    """Pairs with their worth together; `bound` is a worth that no set of pairs can pass."""

    pairs: tuple[Pair, ...]
    worth: float
    bound: float


def match(needs: Sequence[Entry], offers: Sequence[Entry], barred: Barred = frozenset()) -> Matched:
    """Propose the pairs of the highest worth. Order of the entries changes nothing."""
    found = [_group(*both, barred) for both in _groups(needs, offers)]
    pairs = sorted((p for one in found for p in one.pairs), key=lambda p: (p.need, p.offer))
    return Matched(tuple(pairs), sum(m.worth for m in found), sum(m.bound for m in found))


def greedy(
    needs: Sequence[Entry], offers: Sequence[Entry], barred: Barred = frozenset()
) -> Matched:
    """Take the best pair that is left, again and again: the yardstick that `match` never misses."""
    pairs: list[Pair] = []
    worth = 0.0
    for group in _groups(needs, offers):
        fit = fits(*group, barred)
        wants, gives = (np.array([e.amount for e in side]) for side in group)
        best = np.argsort(-(fit / wants[:, None]), axis=None, kind="stable")
        for i, j in zip(*np.unravel_index(best, fit.shape), strict=True):
            amount = min(wants[i], gives[j])
            if fit[i, j] and amount:
                wants[i], gives[j] = wants[i] - amount, gives[j] - amount
                pairs.append(_pair(group[0][i], group[1][j], int(amount)))
                worth += fit[i, j] * amount / group[0][i].amount
    return Matched(tuple(pairs), float(worth), float(worth))


def worth_of(pairs: Iterable[Pair], needs: Sequence[Entry], offers: Sequence[Entry]) -> float:
    """Add up what pairs are worth."""
    by_need, by_offer = {e.id: e for e in needs}, {e.id: e for e in offers}
    return sum(
        float(fits([by_need[p.need]], [by_offer[p.offer]])[0, 0])
        * p.amount
        / by_need[p.need].amount
        for p in pairs
    )


def fits(needs: Sequence[Entry], offers: Sequence[Entry], barred: Barred = frozenset()) -> Grid:
    """Give the fit of every need (row) with every offer; 0 where the two cannot meet."""
    starts = (_days(needs, "first")[:, None], _days(offers, "first")[None, :])
    ends = (_days(needs, "last")[:, None], _days(offers, "last")[None, :])
    both = np.minimum(*ends) - np.maximum(*starts) + 1
    fit = MEETS + NEARER * _common(needs, offers) + LONGER * both / (ends[0] - starts[0] + 1)
    same = _codes(needs, offers, lambda e: (e.kind, e.unit))
    same &= ~_codes(needs, offers, lambda e: e.owner)
    rows, cols = ({e.id: i for i, e in enumerate(side)} for side in (needs, offers))
    for need, offer in barred:
        if need in rows and offer in cols:
            same[rows[need], cols[offer]] = False
    return np.where(same & (both > 0), fit, 0.0)


def _groups(
    needs: Sequence[Entry], offers: Sequence[Entry]
) -> list[tuple[list[Entry], list[Entry]]]:
    """Put what could meet together, each in the order of ids."""
    sides: dict[tuple[str, str], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((needs, offers)):
        for entry in sorted(entries, key=lambda e: e.id):
            if entry.amount > 0:
                sides[entry.kind, entry.unit][side].append(entry)
    return [both for _key, both in sorted(sides.items()) if all(both)]


def _group(needs: list[Entry], offers: list[Entry], barred: Barred) -> Matched:
    """Solve one kind and unit to the optimum, adding pairs until no price speaks for another."""
    fit = fits(needs, offers, barred)
    wants, gives = (np.array([e.amount for e in side], float) for side in (needs, offers))
    value = fit / wants[:, None]
    taken = _likely(fit)
    if not taken.any():
        return Matched((), 0.0, 0.0)
    while True:
        rows, cols = np.nonzero(taken)
        amounts, of_need, of_offer = _solve(rows, cols, value[rows, cols], wants, gives)
        gain = np.where((fit > 0) & ~taken, value - of_need[:, None] - of_offer[None, :], 0.0)
        more = _likely(np.where(gain > EPSILON, gain, 0.0))
        if not more.any():
            break
        taken |= more
    pairs = tuple(
        _pair(needs[i], offers[j], n)
        for i, j, n in zip(rows, cols, np.rint(amounts).astype(int).tolist(), strict=True)
        if n
    )
    worth = sum(value[i, j] * n for i, j, n in zip(rows, cols, np.rint(amounts), strict=True))
    left = np.maximum(np.where(fit > 0, value - of_need[:, None] - of_offer[None, :], 0.0), 0.0)
    slack = float((left.max(axis=1) * wants).sum())  # what the prices leave open: about nothing
    return Matched(pairs, float(worth), float(wants @ of_need + gives @ of_offer) + slack)


def _solve(
    rows: Grid, cols: Grid, value: Grid, wants: Grid, gives: Grid
) -> tuple[Grid, Grid, Grid]:
    """Solve over some pairs; give the amounts and the prices of needs and of offers."""
    # Forty megabytes that a web process carries only once somebody asks for proposals.
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    n, m, k = len(wants), len(gives), len(rows)
    places = (np.concatenate([rows, n + cols]), np.tile(np.arange(k), 2))
    table = csr_matrix((np.ones(2 * k), places), shape=(n + m, k))
    done = linprog(-value, A_ub=table, b_ub=np.concatenate([wants, gives]), method="highs-ds")
    if not done.success:  # bounded, and nothing proposed is a solution: it always succeeds
        raise ArithmeticError(done.message)
    prices = np.maximum(-done.ineqlin.marginals, 0.0)
    return done.x, prices[:n], prices[n:]


def _likely(fit: Grid) -> npt.NDArray[np.bool_]:
    """Mark the best pairs of each row and of each column."""
    marked = np.zeros(fit.shape, bool)
    rows, cols = min(LIKELY, fit.shape[1]), min(LIKELY, fit.shape[0])
    best = np.argpartition(-fit, rows - 1, axis=1)[:, :rows]
    np.put_along_axis(marked, best, values=True, axis=1)
    best = np.argpartition(-fit, cols - 1, axis=0)[:cols]
    np.put_along_axis(marked, best, values=True, axis=0)
    return marked & (fit > 0)


def _pair(need: Entry, offer: Entry, amount: int) -> Pair:
    common = int(_common([need], [offer])[0, 0])
    days = max(need.first, offer.first), min(need.last, offer.last)
    return Pair(need.id, offer.id, amount, common, *days)


def _common(needs: Sequence[Entry], offers: Sequence[Entry]) -> Grid:
    """Count the levels of the administrative tree that two places share."""
    deepest = max(len(e.place) for e in (*needs, *offers)) // STEP
    shared = np.zeros((len(needs), len(offers)), np.int16)
    for level in range(1, deepest + 1):
        end = level * STEP
        key = lambda e, end=end: e.place[:end] if len(e.place) >= end else None  # noqa: E731
        shared += _codes(needs, offers, key)
    return shared


def _codes(needs: Sequence[Entry], offers: Sequence[Entry], key: Any) -> npt.NDArray[np.bool_]:
    """Tell for every two whether a key is the same; None is like nothing."""
    numbers: dict[Any, int] = {}

    def code(entry: Entry, nothing: int) -> int:
        found = key(entry)
        return nothing if found is None else numbers.setdefault(found, len(numbers))

    mine, theirs = [code(e, -1) for e in needs], [code(e, -2) for e in offers]
    same: npt.NDArray[np.bool_] = np.array(mine)[:, None] == np.array(theirs)[None, :]
    return same


def _days(entries: Sequence[Entry], name: str) -> Grid:
    return np.array([getattr(e, name).toordinal() for e in entries])
