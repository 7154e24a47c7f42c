"""Which counts of a survey may be shown so that no small one can be worked out; pure.

Small is one to four people. What is shown hangs together: the options of a question add up to its
n, the groups of a split add up to the whole, and who was asked behind a branch is who took it. A
reader may subtract along each of these; whatever that would give is hidden as well (complementary
suppression). Zeros are taken as known to everybody, so they hide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundwork.base.numbers import SMALLEST_WHOLE
from groundwork.voices.rules.surveys import Asked, Said, Tally, cells, hide_small

Cell = dict[str, int | None]  # option → n; "" is who answered; None is hidden
Shown = dict[str, Cell]  # question (or question/row) → cell
Spot = tuple[str, str]  # row ("" is the whole) and column
Sum = tuple[Spot, list[Spot]]  # what a reader sees adds up to what
PRIME = 2**61 - 1  # sums are solved modulo it: exact enough where every number is 0, 1 or -1


def shown_whole(questions: Sequence[Asked], counts: Tally) -> Shown:
    """Give what of the whole may be shown, of every question in the order they are asked."""
    found: Shown = {}
    for asked, name in _named(questions):
        if _led_by_hidden(asked, found):
            found[name] = _all_hidden(asked)
            continue
        cell = counts.get(name, {})
        whole = cell.get("", 0)
        options = {option: cell.get(option, 0) for option in asked.offered}
        shown = hide_small(options, whole, exclusive=asked.exclusive)
        found[name] = {**shown, "": whole if whole >= SMALLEST_WHOLE or not whole else None}
    return found


def shown_parts(
    questions: Sequence[Asked], counts: Tally, by: str, parts: Mapping[str, Tally]
) -> dict[str, Shown]:
    """Give what may be shown of each group of the question `by`, beside the whole.

    A group of which nothing may be shown is left out.
    """
    whole = shown_whole(questions, counts)
    open_groups = [group for group in parts if whole[by][group]]
    found: dict[str, Shown] = {group: {} for group in open_groups}
    for asked, name in _named(questions):
        table = {group: parts[group].get(name, {}) for group in parts}
        hidden = {
            group
            for group in parts
            if group not in found
            or whole[name][""] is None
            or _led_by_hidden(asked, found[group])
            or table[group].get("", 0) < SMALLEST_WHOLE
        }
        shown = _Table(asked, counts.get(name, {}), whole[name], table, hidden).solve()
        for group in open_groups:
            found[group][name] = shown.get(group, _all_hidden(asked))
    return found


def rows_that_leave(
    questions: Sequence[Asked], answers: Iterable[Said], shown: Shown
) -> list[Said]:
    """Give answers as rows of a file: without what says who somebody is, and no rare choice.

    Questions marked as groups stay behind, for a row with an age, a trade and a street is a
    person; what a group said is in the tables of the groups. A choice whose count is hidden is
    blank, so that nobody counts it here.
    """
    kept = [asked for asked in questions if not asked.groups and asked.kind != "text"]
    return [
        {asked.key: _kept(asked, said[asked.key], shown) for asked in kept if asked.key in said}
        for said in answers
    ]


def _kept(asked: Asked, value: object, shown: Shown) -> object:
    if isinstance(value, dict):
        return {
            row: option
            for row, option in value.items()
            if shown[f"{asked.key}/{row}"][option] is not None
        }
    cell = shown[asked.key]
    if isinstance(value, list):
        return [option for option in value if cell[option] is not None]
    return "" if cell[str(value)] is None else value


def _named(questions: Sequence[Asked]) -> list[tuple[Asked, str]]:
    return [(asked, name) for asked in questions for name in cells([asked])]


def _all_hidden(asked: Asked) -> Cell:
    return dict.fromkeys([*asked.offered, ""])


def _led_by_hidden(asked: Asked, shown: Shown) -> bool:
    """Tell whether how many were asked this would tell a hidden choice of the branch before."""
    if asked.shown_if is None:
        return False
    key, options = asked.shown_if
    return any(shown[key].get(option) is None for option in options)


class _Table:
    """One question of every group: what is hidden grows until nothing small can be worked out."""

    def __init__(
        self,
        asked: Asked,
        whole: Mapping[str, int],
        whole_shown: Cell,
        groups: Mapping[str, Mapping[str, int]],
        hidden: set[str],
    ) -> None:
        self.options = list(asked.offered)
        columns = [*self.options, ""]
        self.rows = [*groups, REST]  # those who are in no group are one nobody sees
        self.n: dict[Spot, int] = {("", column): whole.get(column, 0) for column in columns}
        for group, cell in groups.items():
            self.n |= {(group, column): cell.get(column, 0) for column in columns}
        for column in columns:
            seen = sum(self.n[group, column] for group in groups)
            self.n[REST, column] = self.n["", column] - seen
        self.hidden: set[Spot] = {("", c) for c, n in whole_shown.items() if n is None}
        self.sums: list[Sum] = [
            (("", column), [(row, column) for row in self.rows]) for column in columns
        ]
        if asked.exclusive:
            self.sums += [
                ((row, ""), [(row, option) for option in self.options]) for row in ("", *self.rows)
            ]
        for row in (*hidden, REST):
            self._hide_row(row)
        for spot, n in self.n.items():
            if spot[0] and 0 < n < SMALLEST_WHOLE:
                self._hide(spot)

    def solve(self) -> dict[str, Cell]:
        """Hide until nothing small is left to find; give the rows of which anything is shown."""
        while (found := self._small_sum() or self._worked_out()) is not None:
            self._hide_one_more(found)
        return {
            row: {
                column: None if (row, column) in self.hidden else self.n[row, column]
                for column in [*self.options, ""]
            }
            for row in self.rows
            if (row, "") not in self.hidden
        }

    def _hide(self, spot: Spot) -> None:
        if spot[1] == "":
            self._hide_row(spot[0])
        self.hidden.add(spot)

    def _hide_row(self, row: str) -> None:
        self.hidden |= {(row, column) for column in [*self.options, ""]}

    def _unknown(self, spots: Iterable[Spot]) -> list[Spot]:
        return [spot for spot in spots if spot in self.hidden and self.n[spot]]

    def _small_sum(self) -> list[Sum] | None:
        """Find a sum whose hidden parts are together one to four people."""
        for total, parts in self.sums:
            unknown = self._unknown(parts)
            small = 0 < sum(self.n[spot] for spot in unknown) < SMALLEST_WHOLE
            if small and total not in self.hidden and self._open(parts):
                return [(total, parts)]
        return None

    def _open(self, parts: Iterable[Spot]) -> list[Spot]:
        """Give what is still shown of a sum and not nothing; of the whole nothing is taken back."""
        return [s for s in parts if s[0] and s not in self.hidden and self.n[s]]

    def _worked_out(self) -> list[Sum] | None:
        """Find a small hidden count that follows from all the sums together."""
        for spot in _determined(
            [self._unknown([total, *parts]) for total, parts in self.sums],
            [total for total, _parts in self.sums],
        ):
            if 0 < self.n[spot] < SMALLEST_WHOLE:
                holds = [s for s in self.sums if spot == s[0] or spot in s[1]]
                for sums in (holds, self.sums):  # one more of its own sums, else of any
                    if any(self._open(parts) for _total, parts in sums):
                        return sums
        return None

    def _hide_one_more(self, sums: list[Sum]) -> None:
        spots = [spot for _total, parts in sums for spot in self._open(parts)]
        self._hide(min(spots, key=lambda spot: (self.n[spot], spot)))


REST = "\0rest"


def _determined(equations: list[list[Spot]], totals: list[Spot]) -> list[Spot]:
    """Give the unknowns that these sums leave no choice about (Gauss and Jordan)."""
    rows: dict[Spot, dict[Spot, int]] = {}
    for unknown, total in zip(equations, totals, strict=True):
        row = {spot: PRIME - 1 if spot == total else 1 for spot in unknown}
        for pivot in [spot for spot in row if spot in rows]:
            _subtract(row, rows[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row)
        inverse = pow(row[pivot], -1, PRIME)
        row = {spot: value * inverse % PRIME for spot, value in row.items()}
        for other in rows.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        rows[pivot] = row
    return [pivot for pivot, row in rows.items() if len(row) == 1]


def _subtract(row: dict[Spot, int], other: dict[Spot, int], times: int) -> None:
    for spot, value in other.items():
        left = (row.get(spot, 0) - times * value) % PRIME
        if left:
            row[spot] = left
        else:
            row.pop(spot, None)
