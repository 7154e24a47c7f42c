"""What an alliance's members need and offer, the way of an entry and of a proposed pair; pure.

An entry is open until a pair is proposed, agreed once its whole amount is; a pair is agreed when
both sides said yes. Amounts are people, trips, tonnes and pieces; money stands nowhere as a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

EntryState = Literal["open", "proposed", "agreed", "withdrawn", "passed"]
EntryVerb = Literal["propose", "free", "fill", "withdraw", "pass_on"]
ENTRY_STEPS: Mapping[tuple[EntryState, EntryVerb], EntryState] = {
    ("open", "propose"): "proposed",
    ("proposed", "propose"): "proposed",  # one entry may meet several
    ("proposed", "free"): "open",  # the last live pair is gone, something is still wanting
    ("proposed", "fill"): "agreed",
    ("open", "withdraw"): "withdrawn",
    ("proposed", "withdraw"): "withdrawn",
    ("open", "pass_on"): "passed",  # to a unit, as a matter
}
PairState = Literal["proposed", "need_said", "offer_said", "agreed", "declined", "lapsed"]
PairVerb = Literal["need_accepts", "offer_accepts", "decline", "lapse"]
Side = Literal["need", "offer"]
PAIR_STEPS: Mapping[tuple[PairState, PairVerb], PairState] = {
    ("proposed", "need_accepts"): "need_said",
    ("proposed", "offer_accepts"): "offer_said",
    ("need_said", "offer_accepts"): "agreed",
    ("offer_said", "need_accepts"): "agreed",
    ("proposed", "decline"): "declined",
    ("need_said", "decline"): "declined",
    ("offer_said", "decline"): "declined",
    ("proposed", "lapse"): "lapsed",
    ("need_said", "lapse"): "lapsed",
    ("offer_said", "lapse"): "lapsed",
}
ENTRY_STATES: tuple[EntryState, ...] = get_args(EntryState)
ENTRY_VERBS: tuple[EntryVerb, ...] = get_args(EntryVerb)
PAIR_STATES: tuple[PairState, ...] = get_args(PairState)
PAIR_VERBS: tuple[PairVerb, ...] = get_args(PairVerb)
LIVE: tuple[PairState, ...] = ("proposed", "need_said", "offer_said")
HOLDS: tuple[PairState, ...] = (*LIVE, "agreed")  # what holds a part of the amounts
MATCHED: tuple[EntryState, ...] = ("open", "proposed")  # what may still be proposed
ACCEPTS: Mapping[Side, PairVerb] = {"need": "need_accepts", "offer": "offer_accepts"}

# kind → units in which it is counted. A pair is of one kind and one unit.
UNITS: Mapping[str, tuple[str, ...]] = {
    "labour": ("people",),
    "logistics": ("trips", "tonnes"),
    "guarantees": ("cases",),
    "material": ("pieces", "boxes", "tonnes"),
}
LEADERS = ("party", "branch", "temporary_branch")  # kinds of bodies that may lead an alliance
MOST_AMOUNT = 1_000_000
LONGEST = timedelta(days=366)
SHORTEST_REASON = 4
_MONEY = re.compile(
    r"[¥￥$€]\s*\d"
    r"|[\d一二两三四五六七八九十百千万亿][\d,.]*\s*[百千万亿]*\s*(?:元|块钱|美元|欧元|RMB|CNY|USD)"
)


class WrongEntry(RuleBroken):
    """Tell that the entry moved on meanwhile."""

    code = "campaigns.entry_state"
    status = 409
    text = N_("这一条的情况刚刚变了，请看最新状态。")


class WrongPair(RuleBroken):
    """Tell that the other side, or a colleague, settled the pair first."""

    code = "campaigns.pair_state"
    status = 409
    text = N_("这次对接已经有了结果，请看最新状态。")


class BadAmount(RuleBroken):
    """Refuse nothing and too much."""

    code = "campaigns.amount"
    text = N_("数量应在 1 到 1,000,000 之间。")


class BadUnit(RuleBroken):
    """Refuse a unit in which this kind is not counted."""

    code = "campaigns.unit"
    text = N_("这一类不按这个单位计数。")


class BadDays(RuleBroken):
    """Refuse days that lie behind, run backwards or go on for more than a year."""

    code = "campaigns.entry_days"
    text = N_("结束不能早于开始，也不能已经过去，最长一年。")


class MoneyNamed(RuleBroken):
    """Refuse a sum of money: it is agreed between the two, and stands nowhere here."""

    code = "campaigns.money"
    text = N_("请不要写金额：价钱由双方自己谈，这里只写要什么、多少、什么时候。")


class ReasonNeeded(RuleBroken):
    """Ask why."""

    code = "campaigns.reason"
    text = N_("请写明原因，至少四个字。")


class MemberAlready(RuleBroken):
    """Refuse to take an enterprise in twice."""

    code = "campaigns.member_already"
    text = N_("这家企业已经在联盟里。")


class OneLead(RuleBroken):
    """An alliance stands around one enterprise."""

    code = "campaigns.one_lead"
    text = N_("联盟里已经有一家牵头企业。")


class NotAPartyOrganisation(RuleBroken):
    """Refuse an office or an enterprise as the leader: an alliance is led by the Party's own."""

    code = "campaigns.not_a_party_organisation"
    text = N_("联盟由党组织牵头：“%(name)s”不是党组织，请选它下面的党委、党支部。")


class NotAnEnterprise(RuleBroken):
    """Refuse a body that is no enterprise."""

    code = "campaigns.not_an_enterprise"
    text = N_("只有企业可以加入联盟。")


class NoPlace(RuleBroken):
    """Refuse an enterprise of which nobody knows where it is."""

    code = "campaigns.no_place"
    text = N_("“%(name)s”在目录里还没有登记地点。")


class LinkedToItself(RuleBroken):
    """Refuse a link from a member to itself."""

    code = "campaigns.linked_to_itself"
    text = N_("供货方和客户不能是同一家。")


class LinkedAlready(RuleBroken):
    """Refuse the same link twice."""

    code = "campaigns.linked_already"
    text = N_("这两家的供货关系已经记过。")


class Engaged(RuleBroken):
    """Refuse to let a member go while something of it is under way."""

    code = "campaigns.engaged"
    text = N_("这家企业还有没办完的需求、供给或对接，请先办完或撤回。")


class AllianceClosed(RuleBroken):
    """Refuse to go on in an alliance that is closed."""

    code = "campaigns.alliance_closed"
    text = N_("这个联盟已经结束。")


def entry_step(state: str, verb: EntryVerb) -> EntryState:
    """Give the state of an entry after `verb`. Raises WrongEntry."""
    return after(ENTRY_STEPS, state, verb, WrongEntry)


def pair_step(state: str, verb: PairVerb) -> PairState:
    """Give the state of a pair after `verb`. Raises WrongPair."""
    return after(PAIR_STEPS, state, verb, WrongPair)


def settled_verb(amount: int, agreed: int, live: int) -> EntryVerb | None:
    """Say what becomes of an entry after one of its pairs moved: None while others are live."""
    if live:
        return None
    return "fill" if agreed >= amount else "free"


def check_leader(kind: str, name: str) -> None:
    """Refuse a leading body that is no party organisation. Raises NotAPartyOrganisation."""
    if kind not in LEADERS:
        raise NotAPartyOrganisation(name=name)


def check_entry(kind: str, unit: str, amount: int, days: tuple[date, date], today: date) -> None:
    """Refuse what cannot be matched. Raises BadUnit, BadAmount, BadDays."""
    first, last = days
    if unit not in UNITS.get(kind, ()):
        raise BadUnit
    if not 1 <= amount <= MOST_AMOUNT:
        raise BadAmount
    if not first <= last <= first + LONGEST or last < today:
        raise BadDays


def check_words(*texts: str) -> None:
    """Refuse a sum of money in what is written. Raises MoneyNamed."""
    if any(_MONEY.search(text) for text in texts):
        raise MoneyNamed


def check_reason(text: str) -> str:
    """Give a reason, tidied. Raises ReasonNeeded."""
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise ReasonNeeded
    return text
