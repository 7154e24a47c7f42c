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
    # Who sat on a jury: asked for while the programme is talked about; what each said is gone
    # when the vote closes.
    Rule("campaigns.jurors", "campaigns.episode", 365),  # from the broadcast
    # Whose hand wrote a step or a look again; as what they acted and what was found stays.
    Rule("campaigns.hands", "campaigns.item", 730),  # from the last thing that was done
    # Who was sent where, and whose account wrote a note: the end report is read for two years.
    Rule("campaigns.projects", "campaigns.project", 730),  # from the project's end
    # Who said what in a discussion, who reported and checked: what was said and found stays.
    Rule("campaigns.discussions", "campaigns.campaign", 730),  # from the discussion's end
)
