"""How long what is kept of halls: one table, read by the worker and the privacy page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What of which kind goes after so many days, counted from what, and why then."""

    code: str
    kind: str  # of `base.retention`
    days: int


# What was asked and not answered may name somebody's trouble: a month is enough to come back to
# it. What was answered before everybody belongs to the evening.
QUESTIONS = Rule("study.questions", "study.hall_question", 30)  # from its asking
RULES: tuple[Rule, ...] = (QUESTIONS,)
