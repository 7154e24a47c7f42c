"""How long what is kept of visits, patrols and rounds: one table, read by worker and privacy page.

The record stays: which unit was where on which day, what came of it. What it says of a person goes,
and a tombstone says how many, when and by which of these rules. A city whose own rules differ sets
`KEEP_DAYS` in its settings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What of which kind goes after so many days, counted from what, and why then."""

    code: str
    kind: str  # of `base.retention`
    days: int


RULES: tuple[Rule, ...] = (
    # What a phone sent and nobody mended: a season is enough to come back to it.
    Rule("service.held", "service.held", 90),  # from its arrival
    # Who went and what they noted: an inspection looks back three years, longer nobody asks by
    # name. The unit, the place, the day and the matters stay.
    Rule("service.visits", "service.visit", 1095),  # from the day
    Rule("service.patrols", "service.patrol", 1095),  # from the day
    # What people answered, and who was asked by name: the outcome was published, and what needed
    # doing is a matter with a time of its own. Two years, as with raisers.
    Rule("service.rounds", "service.round", 730),  # from the end of the round
)
