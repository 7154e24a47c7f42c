"""How long what is kept of registrations, calls, marks and drives: one table.

Read by the worker and the privacy page. A city whose own rules differ sets `KEEP_DAYS`.
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
    # The asking and its answer; where somebody lives stands in the directory.
    Rule("voices.registrations", "voices.registration", 730),  # from the answer
    # A mark is over after a year (`rules.marks.LIVES`); a quarter more lets a complaint about it
    # be looked into, then nobody's name and no word of it is left.
    Rule("voices.marks", "voices.mark", 90),  # from its last day
    # Who took what a community called for and gave it back, or was not needed: the community may
    # ask until then. What was confirmed is the person's own record and stays.
    Rule("voices.takings", "voices.taking", 365),  # from the end of the call
    # Who gave which answer to a survey that asked by name: the shares stay, the name does not.
    Rule("voices.signed", "voices.survey", 730),  # from the end of the survey
)
