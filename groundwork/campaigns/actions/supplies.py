"""Write down a need or an offer, propose pairs, answer for a side, pass on what stays open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.errors import N_
from groundwork.base.rows import hold_row
from groundwork.campaigns import solver
from groundwork.campaigns.actions.telling import keepers_of, speakers_of, tell
from groundwork.campaigns.models import Alliance, Entry, Pair
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.queries.supplies import to_match
from groundwork.campaigns.rules import alliance as rules
from groundwork.matters.actions.raising import Receipt, Teller, Telling, put_matter
from groundwork.matters.models import Category, Door
from groundwork.registry.models import Place

ENTRY, PAIR = "campaigns.entry", "campaigns.pair"
CLOCK = system("campaigns.clock")
PROPOSED = N_("“%(what)s”有一家可以对接：%(other)s，请看合不合适。")
AGREED = N_("谈妥了：%(need)s要的“%(what)s”由%(offer)s提供。")
DECLINED = N_("“%(what)s”这次没有谈成，还会再找。原因：%(reason)s")
LAPSED = N_("“%(what)s”的对接失效了：有一方撤回，或者日子已经过去。")
PASSED = N_("“%(what)s”联盟里没有找到，已转单位办理，进展在“我提出的”里看。")


@dataclass(frozen=True)
class EntryPlan:
    """What is needed or offered."""

    side: str
    kind: str
    what: str
    amount: int
    unit: str
    first_day: date
    last_day: date
    place: Place | None = None  # of the member where nothing is said


@transaction.atomic
def write_entry(
    member_id: str,
    plan: EntryPlan,
    *,
    client_key: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Entry:
    """Write down a need or an offer; a key known already gives the first one again.

    Raises BadUnit, BadAmount, BadDays, MoneyNamed.
    """
    at = at or clock.now()
    alliance = policy.member_for(by, member_id, "speak").alliance
    hold_row(Alliance, pk=alliance.pk)  # it may be closing, and the same tap come twice
    member = policy.member_for(by, member_id, "speak")
    known = Entry.objects.filter(client_key=client_key or None, member=member).first()
    if client_key and known is not None:
        return known
    if member.alliance.closed_on is not None:
        raise rules.AllianceClosed
    days = (plan.first_day, plan.last_day)
    rules.check_entry(plan.kind, plan.unit, plan.amount, days, clock.day_of(at))
    rules.check_words(plan.what)
    made = Entry.objects.create(
        **{**vars(plan), "place": plan.place or member.place, "what": plan.what.strip()},
        alliance=member.alliance,
        member=member,
        client_key=client_key[:40] or None,
        written_at=at,
        account_id=by.account_id,
    )
    changes.record(ENTRY, made.public_id, after=dimensions(made), at=at)
    trail.record(by, "write", ENTRY, made.public_id, at=at)
    return made


def dimensions(entry: Entry) -> dict[str, str | int | None]:
    """Give what figures count an entry by."""
    return {"alliance": entry.alliance_id, "side": entry.side, "state": entry.state}


def propose_pairs(public_id: str, *, by: Actor, at: datetime | None = None) -> list[Pair]:
    """Propose the best pairs of an alliance's open needs and offers; both sides are told.

    They are looked for before anything is held, which may take seconds, and judged again under the
    lock: what somebody withdrew or agreed meanwhile is left out.
    """
    at = at or clock.now()
    alliance = policy.alliance_for(by, public_id, "keep")
    board = to_match(alliance, clock.day_of(at))
    found = solver.match(board.needs, board.offers, board.barred)
    return _write_pairs(public_id, found.pairs, by, at)


@transaction.atomic
def _write_pairs(
    public_id: str, pairs: Iterable[solver.Pair], by: Actor, at: datetime
) -> list[Pair]:
    alliance = policy.alliance_for(by, public_id, "keep", lock=True)
    if alliance.closed_on is not None:
        raise rules.AllianceClosed
    now = to_match(alliance, clock.day_of(at))
    left = {one.id: one.amount for one in (*now.needs, *now.offers)}
    made = []
    for one in pairs:
        free = min(left.get(one.need, 0), left.get(one.offer, 0))
        if (one.need, one.offer) in now.barred or one.amount > free:
            continue
        made.append(_propose(now.rows[one.need], now.rows[one.offer], one, at))
        for entry in (one.need, one.offer):
            left[entry] -= one.amount
    trail.record(by, "propose", "campaigns.alliance", public_id, at=at)
    return made


def _propose(need: Entry, offer: Entry, found: solver.Pair, at: datetime) -> Pair:
    made = Pair.objects.create(
        need=need,
        offer=offer,
        amount=found.amount,
        common=found.common,
        first_day=found.first,
        last_day=found.last,
        proposed_at=at,
    )
    for entry, other in ((need, offer), (offer, need)):
        _move(entry, "propose", at)
        told = {"what": entry.what, "other": str(other.member)}
        _tell_side(made, entry, "proposed", PROPOSED, at, **told)
    return made


@transaction.atomic
def accept_pair(pair_id: str, side: rules.Side, *, by: Actor, at: datetime | None = None) -> Pair:
    """Say yes for one side; with the second yes it is agreed and both are told.

    Raises WrongPair for whoever comes after it was settled.
    """
    at = at or clock.now()
    pair = _held(pair_id, by)
    policy.require_side(by, pair, side)
    if pair.last_day < clock.day_of(at):  # the clock has not come by yet
        raise rules.WrongPair
    state = rules.pair_step(pair.state, rules.ACCEPTS[side])
    agreed = state == "agreed"
    pair.state, pair.settled_at = state, at if agreed else None
    pair.save(update_fields=["state", "settled_at"])
    trail.record(by, rules.ACCEPTS[side], PAIR, pair_id, ["state"], at=at)
    if agreed:
        _settle((pair.need, pair.offer), at)
        told = {
            "what": pair.need.what,
            "need": str(pair.need.member),
            "offer": str(pair.offer.member),
        }
        for entry in (pair.need, pair.offer):
            _tell_side(pair, entry, "agreed", AGREED, at, **told)
    return pair


@transaction.atomic
def decline_pair(
    pair_id: str, side: rules.Side, reason: str, *, by: Actor, at: datetime | None = None
) -> Pair:
    """Say no for one side, with the reason; the other side is told. Raises WrongPair."""
    at = at or clock.now()
    pair = _held(pair_id, by)
    policy.require_side(by, pair, side)
    reason = rules.check_reason(reason)
    rules.check_words(reason)
    pair.state = rules.pair_step(pair.state, "decline")
    pair.declined_by, pair.reason, pair.settled_at = side, reason[:200], at
    fields = ["state", "declined_by", "reason", "settled_at"]
    pair.save(update_fields=fields)
    trail.record(by, "decline", PAIR, pair_id, fields, at=at)
    _settle((pair.need, pair.offer), at)
    for entry in (pair.need, pair.offer):
        _tell_side(pair, entry, "declined", DECLINED, at, what=entry.what, reason=reason)
    return pair


def _held(pair_id: str, by: Actor) -> Pair:
    """Hold the alliance of a pair, then read the pair as it is now."""
    alliance = policy.pair_for(by, pair_id).need.alliance
    hold_row(Alliance, pk=alliance.pk)
    return policy.pair_for(by, pair_id)


@transaction.atomic
def withdraw_entry(entry_id: str, *, by: Actor, at: datetime | None = None) -> Entry:
    """Take a need or offer back; what is agreed stays, live pairs lapse and both are told."""
    at = at or clock.now()
    alliance = policy.entry_for(by, entry_id, "withdraw").alliance
    hold_row(Alliance, pk=alliance.pk)
    entry = policy.entry_for(by, entry_id, "withdraw")
    state = rules.entry_step(entry.state, "withdraw")
    _lapse(_live_of(entry), at, but=entry)
    before = dimensions(entry)
    entry.state = state
    entry.save(update_fields=["state"])
    changes.record(ENTRY, entry_id, before=before, after=dimensions(entry), at=at)
    trail.record(by, "withdraw", ENTRY, entry_id, ["state"], at=at)
    return entry


@transaction.atomic
def pass_on(
    entry_id: str,
    category: Category,
    words: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Receipt:
    """Make a matter for a unit of a need that nobody in the alliance meets. Raises WrongEntry.

    The enterprise is its raiser: it is asked in the end whether it is solved.
    """
    at = at or clock.now()
    alliance = policy.entry_for(by, entry_id, "pass_on").alliance
    hold_row(Alliance, pk=alliance.pk)
    entry = policy.entry_for(by, entry_id, "pass_on")
    if entry.side != Entry.Side.NEED:
        raise rules.WrongEntry
    _move(entry, "pass_on", at)
    telling = Telling(
        words=words,
        category=category,
        place=entry.place,
        door=Door.STAFF,
        source=(ENTRY, entry.public_id),
        client_key=f"entry:{entry.public_id}",
    )
    teller = Teller(name=str(entry.member), body=entry.member.body, account_id=_writer(entry, at))
    receipt = put_matter(telling, teller, by, at)
    trail.record(by, "pass_on", ENTRY, entry_id, ["state"], at=at)
    url = reverse("campaigns:alliance", args=[alliance.public_id])
    tell(
        speakers_of(entry.member.body, at), ENTRY, f"{entry_id}:passed", PASSED, url, at=at,
        what=entry.what,
    )  # fmt: skip
    return receipt


def _writer(entry: Entry, at: datetime) -> int | None:
    """Give the enterprise's own account, so that the matter stands among its own."""
    speakers = speakers_of(entry.member.body, at)
    return entry.account_id if entry.account_id in speakers else next(iter(speakers), None)


def lapse_due(*, at: datetime | None = None) -> int:
    """Let pairs lapse whose last day went by without an answer; give how many."""
    at = at or clock.now()
    over = Pair.objects.filter(state__in=rules.LIVE, last_day__lt=clock.day_of(at))
    lapsed = 0
    for alliance in list(over.order_by().values_list("need__alliance", flat=True).distinct()):
        with transaction.atomic():
            hold_row(Alliance, pk=alliance)
            rows = over.filter(need__alliance=alliance).order_by("pk")
            lapsed += _lapse(list(_joined(rows)), at)
    return lapsed


def _live_of(entry: Entry) -> list[Pair]:
    rows = entry.as_need if entry.side == Entry.Side.NEED else entry.as_offer
    return list(_joined(rows.filter(state__in=rules.LIVE).order_by("pk")))


def _joined(rows: Iterable[Pair]) -> Iterable[Pair]:
    return rows.select_related(  # type: ignore[attr-defined,no-any-return]
        "need__member__body", "offer__member__body", "need__alliance"
    )


def _lapse(pairs: list[Pair], at: datetime, but: Entry | None = None) -> int:
    """Let pairs lapse; the entries but one are free again, both sides of each are told."""
    for pair in pairs:
        pair.state, pair.settled_at = rules.pair_step(pair.state, "lapse"), at
        pair.save(update_fields=["state", "settled_at"])
        trail.record(CLOCK, "lapse", PAIR, pair.public_id, ["state"], at=at)
        for entry in (pair.need, pair.offer):
            _tell_side(pair, entry, "lapsed", LAPSED, at, what=entry.what)
            if but is None or entry.pk != but.pk:
                _settle((entry,), at)
    return len(pairs)


def _settle(entries: Iterable[Entry], at: datetime) -> None:
    """Move entries on after one of their pairs was settled."""
    for entry in entries:
        rows = entry.as_need if entry.side == Entry.Side.NEED else entry.as_offer
        live = rows.filter(state__in=rules.LIVE).count()
        agreed = rows.filter(state="agreed").aggregate(n=Sum("amount"))["n"] or 0
        entry.refresh_from_db(fields=["state"])
        verb = rules.settled_verb(entry.amount, agreed, live)
        if verb is not None and entry.state == Entry.State.PROPOSED:
            _move(entry, verb, at)


def _move(entry: Entry, verb: rules.EntryVerb, at: datetime) -> None:
    before = dimensions(entry)
    entry.state = rules.entry_step(entry.state, verb)
    entry.save(update_fields=["state"])
    if before["state"] != entry.state:
        changes.record(ENTRY, entry.public_id, before=before, after=dimensions(entry), at=at)


def _tell_side(
    pair: Pair, entry: Entry, word: str, text: str, at: datetime, **params: object
) -> None:
    """Tell a side: its enterprise, or who keeps the alliance where it has no account."""
    to = speakers_of(entry.member.body, at) or keepers_of(pair.need.alliance.led_by, at)
    url = reverse("campaigns:pair", args=[pair.public_id])
    tell(to, PAIR, f"{pair.public_id}:{word}:{entry.side}", text, url, at=at, **params)
