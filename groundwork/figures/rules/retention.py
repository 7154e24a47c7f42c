"""How long it is known who had a document in hand: one table, read by worker and privacy page.

The documents themselves are the city's record and stay.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What of which kind goes after so many days, counted from what."""

    code: str
    kind: str  # of `base.retention`
    days: int


RULES: tuple[Rule, ...] = (
    # Who drafted, checked and published: two years answer for a mistake; that it was checked stays.
    Rule("figures.hands", "figures.briefing", 730),  # from publication, of a draft from its making
)
HANDS = RULES[0]
