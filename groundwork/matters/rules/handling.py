"""What dispatching and handling must keep to."""

from __future__ import annotations

import re
from datetime import date, datetime

from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.base.workdays import Calendar
from groundwork.matters.rules import deadlines
from groundwork.matters.rules.words import cleaned, masked

LONGEST = 4000
LONGEST_REASON = 500
MOST_PARTS = 9
_GAP = re.compile(r"_{3,}|＿{2,}")


class NoText(RuleBroken):
    """Ask for the words without which the act says nothing."""

    code = "matters.no_text"
    text = N_("请写明内容，提出人或同事要据此知道情况。")


class TooLong(RuleBroken):
    """Refuse a text that nobody will read."""

    code = "matters.too_long"
    text = N_("内容请不超过 %(most)s 字。")


class GapsLeft(RuleBroken):
    """Refuse a template that was not filled in."""

    code = "matters.gaps_left"
    text = N_("模板里还有没填的横线“______”，请填好再发。")


class NamedInComplaint(RuleBroken):
    """Refuse to give a complaint to whom it complains of."""

    code = "matters.named_in_complaint"
    text = N_("这是对%(body)s的投诉，不能交给它或者它的下属办理。")


class NotALead(RuleBroken):
    """Refuse to assign to what is no unit of the city, or no longer one."""

    code = "matters.not_a_lead"
    text = N_("%(body)s不能作承办单位：请选在册的机关单位；外单位请用“转外单位”。")


class AlreadyAssigned(Conflict):
    """Tell the second dispatcher that the first was quicker."""

    code = "matters.already_assigned"
    text = N_("这件诉求已经派给%(body)s了。确实要改派给别的单位，请打开它看清后再改派。")


class LeadGone(Conflict):
    """Tell a dispatcher that the lead on the page has given the matter back meanwhile."""

    code = "matters.lead_gone"
    text = N_("您打开这一页以后，承办单位已经不再办这一件了。请看清最新情况再派单。")


class ReturnedBefore(RuleBroken):
    """Refuse to send a matter back to who returned it, unless the dispatcher insists."""

    code = "matters.returned_before"
    text = N_("%(body)s退过这件诉求。确实要再派给它，请勾选“坚持派给它”。")


class ReturnRefused(RuleBroken):
    """Refuse a second return."""

    code = "matters.return_refused"
    text = N_("这件诉求是退回后坚持派来的，不能再退；有异议可以提一次派单争议，由管理员裁定。")


class ReturnFirst(RuleBroken):
    """Point to the plain return while it is still open."""

    code = "matters.return_first"
    text = N_("还没有退过单：不属于本单位的，请直接退单并写明理由。")


class DisputedBefore(RuleBroken):
    """Refuse a second dispute."""

    code = "matters.disputed_before"
    text = N_("这件诉求的派单争议已经裁定过一次，不再重复。")


class AskedAlready(Conflict):
    """Tell that the same request waits already."""

    code = "matters.asked_already"
    text = N_("已经申请过，正在等裁定。")


class AlreadyDecided(Conflict):
    """Tell the second of two who decide."""

    code = "matters.already_decided"
    text = N_("这项申请已经有人裁定了，请看最新内容。")


class TooLate(RuleBroken):
    """Refuse to move a deadline that has passed."""

    code = "matters.too_late"
    text = N_("已经超期，不能再申请延期；请尽快答复，并向提出人说明。")


class NoExtension(RuleBroken):
    """Refuse a date that extends nothing, or without end."""

    code = "matters.no_extension"
    text = N_("延期要延到现在的期限 %(now)s 以后的工作日，最多到 %(most)s。")


class NotOfTheLead(RuleBroken):
    """Refuse a handler from elsewhere."""

    code = "matters.not_of_the_lead"
    text = N_("%(person)s不在承办单位，不能经办这件诉求。")


class IntoItself(RuleBroken):
    """Refuse a merger that makes no sense."""

    code = "matters.into_itself"
    text = N_("不能与它自己并单。")


class NotTheSame(RuleBroken):
    """Refuse to merge what must be kept apart."""

    code = "matters.not_the_same"
    text = N_("投诉只能与投诉同一单位的诉求并单，否则内容会到被投诉单位手里。")


class NotTheSameHour(RuleBroken):
    """Refuse to merge what is under embargo with what is not."""

    code = "matters.not_the_same_hour"
    text = N_("两件诉求的公开时间不同，不能并单。")


class PartsWrong(RuleBroken):
    """Refuse to split into nothing, or into confetti."""

    code = "matters.parts_wrong"
    text = N_("拆单请写明 1 到 %(most)s 件另办的事，每件都要有内容。")


def has_gap(text: str) -> bool:
    """Tell whether something is still to be filled in."""
    return bool(_GAP.search(text))


def checked_text(text: str, *, most: int = LONGEST) -> str:
    """Clean a text that is to be read, cards masked. Raises NoText, TooLong, GapsLeft."""
    text = masked(cleaned(text))
    if not text:
        raise NoText
    if len(text) > most:
        raise TooLong(most=most)
    if has_gap(text):
        raise GapsLeft
    return text


def checked_reason(text: str) -> str:
    """Clean a reason. Raises NoText, TooLong, GapsLeft."""
    return checked_text(text, most=LONGEST_REASON)


def check_extension(
    calendar: Calendar, until: date, *, due_at: datetime, solve_by: datetime, at: datetime
) -> None:
    """Allow an extension only while nothing is late, to a working day within reach.

    Raises TooLate once the next deadline is past, NoExtension.
    """
    if at > due_at or at > solve_by:
        raise TooLate
    now = solve_by.astimezone(deadlines.ZONE).date()
    most = calendar.add(at.astimezone(deadlines.ZONE).date(), deadlines.LONGEST_EXTENSION)
    if not now < until <= max(most, now) or not calendar.is_working(until):
        raise NoExtension(now=now.isoformat(), most=most.isoformat())
