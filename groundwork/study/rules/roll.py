"""When somebody may come onto a roll and by which way; what the office decided about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundwork.base.errors import N_, Conflict, Forbidden, RuleBroken

OPENS_BEFORE = timedelta(minutes=30)  # the doors open this long before the start
RECEIPT_LIFE = timedelta(hours=12)  # a good scan whose tap found no line counts until next morning
UNOWNED_LIFE = timedelta(minutes=15)  # a scan before anybody signed in waits so long for an owner
MAKE_UP_DAYS = 14
WRONG_CODES, WRONG_CODES_PER = 5, timedelta(minutes=10)  # 5 of 10^6 per account: no guessing
REMIND_EVERY = timedelta(hours=1)
SHORTEST_REASON = 2

ON_THE_SPOT = frozenset({"qr", "code", "tick", "import"})  # somebody saw them, or they the screen


class NotYet(RuleBroken):
    code = "study.not_yet"
    text = N_("还没到时间：%(opens)s 起可以签到，请到时再扫一次。")


class Over(RuleBroken):
    code = "study.over"
    text = N_("这场夜学已在 %(ended)s 结束，不能再签到。%(days)s 天内可以登记补学。")


class Cancelled(RuleBroken):
    code = "study.cancelled"
    text = N_("这场夜学已取消，不用签到。")


class NotPublished(RuleBroken):
    code = "study.not_published"
    text = N_("这场夜学还没有发布。")


class StaleCode(RuleBroken):
    code = "study.stale_code"
    text = N_("这个二维码已经过期，可能是转发的照片。请扫会场屏幕上现在的码。")


class ForgedCode(RuleBroken):
    code = "study.forged_code"
    text = N_("这个码不对。请扫会场屏幕上的二维码，或输入屏幕上的六位口令。")


class OtherEvening(RuleBroken):
    code = "study.other_evening"
    text = N_("这是另一场夜学或另一个会场的码。请扫您所在会场屏幕上的码。")


class TooManyCodes(RuleBroken):
    code = "study.too_many_codes"
    status = 429
    text = N_("口令试错太多次，请 %(minutes)s 分钟后再试，或请书记点名。")


class ReceiptOver(RuleBroken):
    code = "study.receipt_over"
    text = N_("这次扫码太久以前了，不能再用。请书记点名，或登记补学。")


class NotYourReceipt(Forbidden):
    code = "study.not_your_receipt"
    text = N_("这次扫码是在另一个账号下做的。请用自己的手机再扫一次。")


class NoPerson(Forbidden):
    code = "study.no_person"
    text = N_("这个账号不是机关干部的账号，不能签到。")


class TakenOff(RuleBroken):
    code = "study.taken_off"
    text = N_("书记已把您从这场名册上更正下来。有疑问请找书记。")


class NoBroadcast(RuleBroken):
    code = "study.no_broadcast"
    text = N_("这场夜学现在没有直播。")


class MakeUpNotYet(RuleBroken):
    code = "study.make_up_not_yet"
    text = N_("夜学结束以后才能登记补学。")


class MakeUpOver(RuleBroken):
    code = "study.make_up_over"
    text = N_("补学要在结束后 %(days)s 天内登记。")


class LeaveOver(RuleBroken):
    code = "study.leave_over"
    text = N_("请假要在夜学结束前提出。")


class LeaveDecided(Conflict):
    code = "study.leave_decided"
    text = N_("这个请假已经处理过了。")


class AlreadyThere(RuleBroken):
    code = "study.already_there"
    text = N_("已经在这场夜学的名册上，不用请假。")


class SheetClosed(Conflict):
    code = "study.sheet_closed"
    text = N_("名册已经封存。需要改动请用“更正”，并写明原因。")


class CloseTooEarly(RuleBroken):
    code = "study.close_too_early"
    text = N_("夜学结束以后才能封存名册。")


class ReasonNeeded(RuleBroken):
    code = "study.reason_needed"
    text = N_("更正要写明原因。")


class NothingToCorrect(RuleBroken):
    code = "study.nothing_to_correct"
    text = N_("名册上已经是这样了。")


@dataclass(frozen=True)
class Hours:
    """What a rule needs to know of an evening: its state, hours and whether it is broadcast."""

    state: str
    starts_at: datetime
    ends_at: datetime
    live: bool = False


def opens_at(starts_at: datetime) -> datetime:
    """Tell when the doors open: 30 minutes before the start."""
    return starts_at - OPENS_BEFORE


def check_held(hours: Hours) -> None:
    """Refuse a roll of an evening that is cancelled or not yet published."""
    if hours.state == "cancelled":
        raise Cancelled
    if hours.state == "draft":
        raise NotPublished


def check_sign_in(hours: Hours, at: datetime) -> None:
    """Let a code count from 30 minutes before the start until the end. Only the server's clock."""
    check_held(hours)
    if at < opens_at(hours.starts_at):
        raise NotYet(opens=f"{opens_at(hours.starts_at):%H:%M}")
    if at > hours.ends_at:
        raise Over(ended=f"{hours.ends_at:%H:%M}", days=MAKE_UP_DAYS)


def check_source(source: str, hours: Hours, at: datetime) -> None:
    """Refuse a source outside its hours.

    Codes: `check_sign_in`. A tick or an imported sheet: from the doors' opening, however late the
    paper is typed back (the sheet's closing ends it). Live: while it runs. Make-up: 14 days after.
    """
    check_held(hours)
    if source in {"qr", "code"}:
        check_sign_in(hours, at)
    elif source in ON_THE_SPOT:
        if at < opens_at(hours.starts_at):
            raise NotYet(opens=f"{opens_at(hours.starts_at):%H:%M}")
    elif source == "live":
        if not hours.live or not hours.starts_at <= at <= hours.ends_at:
            raise NoBroadcast
    elif at <= hours.ends_at:
        raise MakeUpNotYet
    elif at > make_up_until(hours.ends_at):
        raise MakeUpOver(days=MAKE_UP_DAYS)


def make_up_until(ends_at: datetime) -> datetime:
    """Tell until when a make-up may be stated: 14 days after the end."""
    return ends_at + timedelta(days=MAKE_UP_DAYS)


def check_receipt(scanned_at: datetime, at: datetime) -> None:
    """Let the tap after a good scan arrive up to 12 hours later: halls have no signal."""
    if not timedelta(0) <= at - scanned_at <= RECEIPT_LIFE:
        raise ReceiptOver


def check_unowned(scanned_at: datetime, at: datetime) -> None:
    """Let a scan that nobody signed in had made wait only for who is signing in right now."""
    if not timedelta(0) <= at - scanned_at <= UNOWNED_LIFE:
        raise ReceiptOver


def check_return(source: str, seen_at: datetime, corrected_at: datetime | None) -> None:
    """Let only a source on the spot bring back whom a secretary took off the roll.

    A code counts only when it was scanned after the correction: the old one was known then.
    """
    known = corrected_at is not None and seen_at <= corrected_at
    if source not in ON_THE_SPOT or (source in {"qr", "code"} and known):
        raise TakenOff


def check_leave(hours: Hours, at: datetime) -> None:
    """Let leave be asked for until the evening ends."""
    check_held(hours)
    if at > hours.ends_at:
        raise LeaveOver


def check_closing(hours: Hours, at: datetime) -> None:
    """Let a sheet be closed only once the evening is over, so that nobody still signs in."""
    check_held(hours)
    if at <= hours.ends_at:
        raise CloseTooEarly


def check_reason(reason: str) -> str:
    """Give the trimmed reason of a correction; refuse an empty one."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded
    return reason


def check_guesses(wrong: int, since: datetime, at: datetime) -> None:
    """Refuse a further code after five wrong ones within ten minutes."""
    left = since + WRONG_CODES_PER - at
    if wrong >= WRONG_CODES and left > timedelta(0):
        raise TooManyCodes(minutes=max(1, -(-int(left.total_seconds()) // 60)))


# ---- periods of the record ------------------------------------------------------------------
FIRST_YEAR, LAST_YEAR = 1990, 2199  # what a page may ask for; a date knows no year 0 or 10,000


def term_of(day: date) -> str:
    """Name the half-year a day lies in: `2026-H2`."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def month_of(day: date) -> str:
    """Name the month a day lies in: `2026-11`."""
    return f"{day.year}-{day.month:02d}"


def periods_of(days: Iterable[date]) -> set[str]:
    """Name every period of the record that one of the days lies in."""
    return {name for day in days for name in (term_of(day), month_of(day))}


def span_of(period: str) -> tuple[date, date]:
    """Give the first day of a period and the first day after it. Raises ValueError."""
    year, _, rest = period.partition("-")
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(period)
    if rest in {"H1", "H2"}:
        first, after = (1, 7) if rest == "H1" else (7, 13)
    elif len(rest) == 2:
        first, after = int(rest), int(rest) + 1
    else:
        raise ValueError(period)
    end = date(int(year) + 1, 1, 1) if after == 13 else date(int(year), after, 1)
    return date(int(year), first, 1), end
