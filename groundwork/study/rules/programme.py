"""How long a programme may run, how many stops a tour may have."""

from __future__ import annotations

from datetime import date, timedelta

from groundwork.base.errors import N_, RuleBroken

LONGEST_TERM = timedelta(days=5 * 366)  # "several years"


class TermBackwards(RuleBroken):
    code = "study.term_backwards"
    text = N_("结束日期不能早于开始日期。")


class TermTooLong(RuleBroken):
    code = "study.term_too_long"
    text = N_("一个计划最长五年，请检查日期。")


def check_term(starts: date, ends: date) -> None:
    """Hold a programme to a span of days. Raises TermBackwards or TermTooLong."""
    if ends < starts:
        raise TermBackwards
    if ends - starts > LONGEST_TERM:
        raise TermTooLong
