"""Read a table of states: which verb leads from which state to which. The tables are rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from groundwork.base.errors import RuleBroken

State = TypeVar("State", bound=str)
Verb = TypeVar("Verb", bound=str)


def after(
    steps: Mapping[tuple[State, Verb], State], state: str, verb: Verb, wrong: type[RuleBroken]
) -> State:
    """Give the state after `verb`. Raises `wrong` for a pair that the table does not list."""
    found = steps.get((cast(State, state), verb))
    if found is None:
        raise wrong
    return found
