"""From priced flows to a plan that breaks nothing, and better plans from that one.

The rules that carry prices are kept by *allowing* columns: per person a set in which any two
conflicting columns share a group (the network holds those), per unit and day no more people than
it can spare. Under such a set every flow keeps every rule, so the nets are routed for themselves,
without prices. Then the set is chosen anew, what is used always staying allowed, by the reduced
costs: a pass can only lower the cost. A unit's fair share is dealt out to the nets the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.flow import MANY
from groundwork.duty.solver.layout import Layout
from groundwork.duty.solver.nets import SCALE, Net
from groundwork.duty.solver.prices import Prices, unit_segments

Table = npt.NDArray[Any]


@compiled
def allow(
    order: Table, person: Table, block: Table, place_of: Table, by_person: Table,
    person_first: Table, start: Table, end: Table, group: Table, rest: int, office_first: Table,
    office_row: Table, office_left: Table,
) -> Any:  # fmt: skip
    """Allow columns in this order as far as no rule could then be broken; takes office places."""
    allowed = np.zeros(len(order), np.int8)
    for o in range(len(order)):
        c = order[o]
        b, who = block[c], person[c]
        fits = True
        for i in range(person_first[who], person_first[who + 1]):
            d = by_person[i]
            if allowed[d] and group[block[d]] != group[b]:
                e = block[d]
                if start[b] < end[e] + rest and start[e] < end[b] + rest:
                    fits = False
                    break
        if not fits:
            continue
        for take in (False, True):
            for j in range(office_first[c], office_first[c + 1]):
                counted = False
                for i in range(person_first[who], person_first[who + 1]):
                    d = by_person[i]
                    if allowed[d] and d != c:
                        for h in range(office_first[d], office_first[d + 1]):
                            if office_row[h] == office_row[j]:
                                counted = True
                if not counted:
                    if take:
                        office_left[office_row[j]] -= 1
                    elif office_left[office_row[j]] <= 0:
                        fits = False
            if not fits:
                break
        if fits:
            allowed[c] = 1
    return allowed


class Repair:
    """The nets on their way to a plan; `x` tells the columns stood."""

    def __init__(self, city: Layout, nets: list[Net], pool: ThreadPoolExecutor) -> None:
        """Read the columns of each person once."""
        self.city, self.nets, self.pool = city, nets, pool
        self.by_person = np.lexsort((city.block, city.person))
        people = len(city.instance.person_place)
        self.person_first = np.searchsorted(city.person[self.by_person], np.arange(people + 1))
        self.x = np.zeros(len(city.person), np.int8)
        self.gain = np.zeros(len(city.person), np.int64)
        self.allowed = np.ones(len(city.person), np.int8)
        self.base = np.zeros(len(city.person), np.int64)
        for net in nets:
            self.base[net.first : net.last] = net.base_cost
        self.base -= city.bonus * SCALE
        self.width, self.price = unit_segments(city)
        units = len(city.unit_base)
        self.members = np.zeros((max(1, len(nets)), units), np.int64)
        for n, net in enumerate(nets):
            who = city.instance.person_unit[city.person[net.first : net.last]]
            self.members[n] = np.bincount(who, minlength=units)
        self.pause: Callable[[], object] = int  # between two nets; may raise to stop
        self.value = 0
        self.draw = np.random.default_rng(1)

    def start(self, prices: Prices) -> int:
        """Keep every rule, still at the prices; then drop them. The value without constants."""
        self.x[:] = prices.x
        return self.resume(prices)

    def resume(self, prices: Prices) -> int:
        """Do so around the columns that `x` holds."""
        self.choose()
        self._route(prices.cost)
        return self.again(choose=False)

    def again(self, choose: bool = True) -> int:
        """Choose the allowed columns anew around what is used, and route without prices."""
        if choose:
            self.choose()
        self.value = self._route(self.base)
        return self.value

    def choose(self) -> None:
        """Allow what is used, then by reduced cost; ties fall differently every time."""
        for net in self.nets:
            net.gain(self.gain[net.first : net.last])
        key = -self.gain * 8 + self.draw.integers(0, 8, len(self.gain))
        key[self.x > 0] -= 1 << 40
        order = np.argsort(key)
        city = self.city
        self.allowed = allow(
            order, city.person, city.block, city.block, self.by_person, self.person_first,
            city.blocks.start, city.blocks.end, city.blocks.group, city.instance.rest,
            city.office_first, city.office_row, city.office_left.copy(),
        )  # fmt: skip

    def _deal(self) -> Table:
        """Deal units' segments to the nets: what they use, then by members (net × unit × j)."""
        units = len(self.city.unit_base)
        rest = np.zeros((len(self.nets), units), np.int64)
        for n, net in enumerate(self.nets):
            who = self.city.instance.person_unit[self.city.person[net.first : net.last]]
            stood = self.x[net.first : net.last] > 0
            rest[n] = np.bincount(who[stood], minlength=units)
        dealt = np.zeros((*rest.shape, self.width.shape[1]), np.int64)
        for j in range(self.width.shape[1]):
            width = self.width[:, j]
            used = rest.sum(0)
            tight = used > width
            part = _split(rest, np.minimum(width, used))
            extra = _split(self.members, np.where(tight, 0, np.minimum(width, MANY) - used))
            dealt[:, :, j] = part + extra
            rest = rest - part
        dealt[:, :, -1] = MANY
        return dealt

    def _route(self, cost: Table) -> int:
        """Route all nets at these costs under the allowed columns."""
        dealt = self._deal()
        price = np.ascontiguousarray(self.price * SCALE)

        def one(pair: tuple[int, Net]) -> int:
            n, net = pair
            a, b = net.first, net.last
            return net.route(
                cost[a:b], self.allowed[a:b], dealt[n][net.unit], price[net.unit], self.x[a:b],
                deep=False,
            )  # fmt: skip

        total = 0
        for value in self.pool.map(one, enumerate(self.nets)):
            total += value
            self.pause()
        return total

    def open_all(self, prices: Prices) -> None:
        """Give the nets back to the prices: every column allowed, units without segments."""

        def one(net: Net) -> int:
            a, b = net.first, net.last
            room = np.ones(b - a, np.int8)
            return net.route(
                prices.cost[a:b], room, *prices.of_units(net), prices.x[a:b], deep=False
            )

        list(self.pool.map(one, self.nets))
        prices.read()


def _split(weight: Table, total: Table) -> Table:
    """Split whole totals (unit) by weights (net × unit): rounded sums, then differences."""
    sums = np.cumsum(weight, 0)
    whole = np.maximum(1, sums[-1])
    reached = sums * total // whole
    parts: Table = np.diff(reached, axis=0, prepend=0)
    return parts
