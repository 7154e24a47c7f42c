"""How long what is kept of people here: one table; a city of other rules sets `KEEP_DAYS`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What of which kind goes after so many days, counted from what."""

    code: str
    kind: str  # of `base.retention`
    days: int


RULES: tuple[Rule, ...] = (
    # Which account wrote down what an enterprise needs: the enterprise's own word stays, whose
    # hand it was is asked for while the year's work is looked through.
    Rule("campaigns.entries", "campaigns.entry", 365),  # from the entry's last day
)
