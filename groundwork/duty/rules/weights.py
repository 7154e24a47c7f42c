"""What a plan pays, as a form says it and as a run keeps it; the planner reads it from there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from groundwork.base.errors import N_, RuleBroken
from groundwork.duty.rules.kinds import KINDS, USUAL, WANTS

KEEP = 4
"""What it costs to take back a post that somebody was told of: as few as possible are."""
DEAREST = 10_000


class NonsenseWeights(RuleBroken):
    """Refuse prices that no plan can be made with."""

    code = "duty.weights"
    text = N_("权重应当是 0 到 10000 的整数，并且后一档不能比前一档低。")


def merged(said: Mapping[str, Any]) -> dict[str, Any]:
    """Fill up what an order or a form says of prices with the usual ones."""
    usual: dict[str, Any] = {"keep": KEEP, **USUAL}
    out = {name: said.get(name, value) for name, value in usual.items()}
    for name in ("unfilled", "mismatch"):
        out[name] = {**usual[name], **out[name]}
    return out


def firmly(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give prices for planning again after people fell out.

    Whoever stands is moved only where that fills empty places: four moves pay for one at most.
    """
    weights = merged(said)
    return {**weights, "keep": max(weights["keep"], min(weights["unfilled"].values()) // 4)}


def require_sense(weights: Mapping[str, Any]) -> None:
    """Refuse prices out of range or falling where they must rise. Raises NonsenseWeights."""
    flat = [weights["keep"], *weights["week"]]
    flat += [weights[name][kind] for name in ("unfilled", "mismatch") for kind in KINDS]
    flat += [price for _part, price in weights["unit"]]
    travel = [price for price in weights["travel"] if price >= 0]
    rising = (travel, weights["week"], [price for _part, price in weights["unit"]])
    forbidden = [price < 0 for price in weights["travel"]]
    if (
        not all(isinstance(price, int) and 0 <= price <= DEAREST for price in (*flat, *travel))
        or any(later < before for row in rising for before, later in pairwise(row))
        or forbidden != sorted(forbidden)  # what is forbidden is forbidden further away too
        or any(weights["mismatch"][kind] and not WANTS[kind] for kind in KINDS)
    ):
        raise NonsenseWeights
