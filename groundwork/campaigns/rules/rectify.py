"""What a finding of a self-check (对照检查) must hold, and who may check that it is put right.

Its state is the ledger's (`matters.rules.states`): here is only what the campaign adds.
"""

from __future__ import annotations

from datetime import date, timedelta

from groundwork.base.errors import N_, RuleBroken

AGAIN = timedelta(days=14)  # for what is not put right when no day agreed on is left
LATEST = timedelta(days=400)  # that a unit may promise to have it put right
TO_CHECK = ("answered", "unit_done")  # the unit says that it is done
TO_REOPEN = (*TO_CHECK, "solved")  # where one can find that it came back


class BadDueDay(RuleBroken):
    """Refuse a promise of yesterday, or of the year after next."""

    code = "campaigns.finding_day"
    text = N_("整改期限要在今天以后、400 天以内。")


class NotOwned(RuleBroken):
    """Ask for somebody of the unit itself."""

    code = "campaigns.finding_owner"
    text = N_("责任人要是这个单位自己的人。")


class OwnHands(RuleBroken):
    """Let nobody check what the own unit put right, or what one answers for."""

    code = "campaigns.own_hands"
    text = N_("核对要由责任人以外、不在这个单位的人来做。")


class NothingToCheck(RuleBroken):
    """Tell that the unit has not said yet that it is done, or that it came back already."""

    code = "campaigns.nothing_to_check"
    status = 409
    text = N_("单位还没有报整改完成，或者刚有人核对过，请看最新状态。")


class BadCheckDay(RuleBroken):
    """Refuse a look of tomorrow, or of before the problem was found."""

    code = "campaigns.check_day"
    text = N_("核对的日子不能在发现以前，也不能在今天以后。")


def check_due_day(due: date, today: date) -> None:
    """Refuse a day that cannot be promised. Raises BadDueDay."""
    if not today < due <= today + LATEST:
        raise BadDueDay


def due_again(promised: date, phase_ends: date | None, today: date) -> date:
    """Give the day by which to put right what was not: the promised one, else the phase's last."""
    agreed = [day for day in (promised, phase_ends) if day is not None and day > today]
    return agreed[0] if agreed else today + AGAIN


def check_other_hands(unit: str | None, found_at: str, *, is_owner: bool) -> None:
    """Refuse the owner, and who works at the body in which it was found. Raises OwnHands."""
    if is_owner or (unit is not None and unit.startswith(found_at)):
        raise OwnHands


def check_state(state: str, *, fixed: bool) -> None:
    """Refuse a word on what is at work. Raises NothingToCheck."""
    if state not in (TO_CHECK if fixed else TO_REOPEN):
        raise NothingToCheck


def check_day(day: date, found_on: date, today: date) -> None:
    """Refuse a day outside the finding's. Raises BadCheckDay."""
    if not found_on <= day <= today:
        raise BadCheckDay
