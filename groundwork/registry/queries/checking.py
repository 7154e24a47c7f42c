"""What the checks of all kinds of sheets share: clean rows, problems, choices."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from groundwork.base.errors import RuleBroken
from groundwork.registry.rules import imports as rules

Values = dict[str, Any]
Chosen = Mapping[tuple[int, str], str]  # (row, column) → public id
Reader = Callable[[Any], Any]


@dataclass(slots=True)
class Problem:
    """Why one cell cannot go in, with choices where there are some."""

    row: int
    column: str
    code: str
    params: dict[str, Any]
    choices: list[dict[str, str]] = field(default_factory=list)
    chosen: str = ""


@dataclass(slots=True)
class Planned:
    """What one good row would do: new, changed (with what stood before) or same."""

    row: int
    do: str
    pk: int | None = None
    before: Values = field(default_factory=dict)


@dataclass
class Checked:
    """A sheet after its check: what was understood and what was not."""

    rows: list[tuple[int, Values]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    plan: list[Planned] = field(default_factory=list)
    read: int = 0

    def add(self, row: int, column: str, error: RuleBroken) -> None:
        """Keep an error as a problem of a row."""
        params = {k: v if isinstance(v, int) else str(v)[:80] for k, v in error.params.items()}
        self.problems.append(Problem(row, column, error.code, params))

    @property
    def bad_rows(self) -> set[int]:
        """The rows that cannot go in as they stand."""
        return {problem.row for problem in self.problems if not problem.chosen}

    def totals(self) -> dict[str, int]:
        """Count rows by what would happen to them; a row with an error is not also a choice."""
        errors = {p.row for p in self.problems if not p.chosen and not p.choices}
        done = [planned.do for planned in self.plan]
        return {
            "rows": self.read,
            **{do: done.count(do) for do in ("new", "changed", "same", "closed")},
            "bad": len(errors),
            "choice": len(self.bad_rows - errors),
        }


class Memo:
    """Remember what a reader made of a cell, errors too; sheets repeat themselves."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[Hashable, tuple[Any, RuleBroken | None]] = {}

    def __call__(self, cell: Any) -> Any:
        known = self._known.get(cell)
        if known is None:
            try:
                known = (self._reader(cell), None)
            except RuleBroken as error:
                known = (None, error)
            self._known[cell] = known
        if known[1] is not None:
            raise known[1]
        return known[0]


class Ambiguous(rules.AmbiguousName):
    """A name with several meanings, on its way to becoming a choice."""

    def __init__(self, value: str, choices: list[dict[str, str]]) -> None:
        super().__init__(value=value, n=len(choices))
        self.choices = choices[: rules.MOST_CHOICES]


def pick_one(
    checked: Checked, row: int, column: str, error: Ambiguous, chosen: Chosen
) -> str | None:
    """Give what the clerk chose for an ambiguous cell, or keep the choice as a problem."""
    answer = chosen.get((row, column), "")
    if answer not in {choice["id"] for choice in error.choices}:
        answer = ""
    checked.add(row, column, error)
    checked.problems[-1].choices = error.choices
    checked.problems[-1].chosen = answer
    return answer or None
