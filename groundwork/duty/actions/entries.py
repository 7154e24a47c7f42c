"""What a gate's phone sends: entries of the log, comings and goings, hand-overs, pauses, alarms.

One sending holds many acts, each under a key that the phone made before it sent: sent twice, in
the wrong order or after a crash it is written once. Every act gets its own answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail, vault
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, GroundworkError, NotFound, RuleBroken
from groundwork.duty.actions import alarms, coming, handing
from groundwork.duty.actions.orders import key_of
from groundwork.duty.models import GatePhone, LogEntry, Post, Reveal
from groundwork.duty.policy.gates import gate_for
from groundwork.duty.policy.orders import Shut, is_open, require_open, require_was_open
from groundwork.duty.policy.phones import at_gate
from groundwork.duty.rules import log as rules
from groundwork.duty.rules.posts import GOING

KIND = "duty.log"
Who = LogEntry.Who


class Unreadable(RuleBroken):
    """Refuse one act of a sending that is no act at all."""

    code = "duty.unreadable"
    text = N_("这一条读不懂，没有写入。")


@dataclass(frozen=True)
class Sent:
    """One act as the phone sent it."""

    key: str
    kind: str
    at: datetime
    said: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What became of one act: written (also when it had been before), or why not."""

    key: str
    error: GroundworkError | None = None


def take_sending(
    phone: GatePhone, sent: Sequence[Sent], *, at: datetime | None = None
) -> list[Answer]:
    """Write what a gate's phone sends, each act by itself; the log's entries together.

    After the order's end only comings and goings of before are taken. Raises Shut where there
    are none.
    """
    at = at or clock.now()
    by = at_gate(phone)
    if not is_open(phone.gate.order, at) and not any(act.kind in ROLL for act in sent):
        raise Shut
    entries = [act for act in sent if act.kind == "log"]
    answers = _take_entries(phone, entries, at)
    for act in sent:
        if act.kind != "log":
            answers[act.key] = _take(phone, act, by=by, at=at)
    return [answers[act.key] for act in sent]


def _take(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> Answer:
    work = ACTS.get(act.kind)
    try:
        if work is None:
            raise Unreadable
        if act.kind not in ROLL:
            require_open(phone.gate.order, at)
        with transaction.atomic():
            work(phone, act, by=by, at=at)
    except GroundworkError as error:
        return Answer(act.key, error)
    return Answer(act.key)


def _take_entries(phone: GatePhone, sent: Sequence[Sent], at: datetime) -> dict[str, Answer]:
    """Write entries of the log in one statement; a key that is there already stays as it is."""
    answers: dict[str, Answer] = {}
    rows = []
    for act in sent:
        try:
            require_open(phone.gate.order, at, "keeps_log")
            rows.append(_entry(phone, act, at))
            answers[act.key] = Answer(act.key)
        except GroundworkError as error:
            answers[act.key] = Answer(act.key, error)
    LogEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return answers


def _entry(phone: GatePhone, act: Sent, at: datetime) -> LogEntry:
    order, who = phone.gate.order, act.said.get("who", "")
    if who not in Who.values:
        raise Unreadable
    named = ""
    if who == Who.VISITOR:
        named = rules.name_of(act.said.get("name", ""))
    elif who == Who.VEHICLE:
        named = rules.plate_of(act.said.get("plate", ""))
    sealed = None
    if named:
        parts = {"named": named, "place": rules.place_of(act.said.get("place", ""))}
        plain = json.dumps(parts, ensure_ascii=False).encode()
        sealed = vault.seal(key_of(order), plain, bound=act.key)
    fever = {"1": True, "0": False}.get(act.said.get("fever", ""))
    return LogEntry(
        order=order,
        gate=phone.gate,
        client_key=act.key,
        who=who,
        fever=fever if order.takes_temperature else None,
        at=rules.told_at(act.at, at),
        received_at=at,
        sealed=sealed,
    )


def _post_at(phone: GatePhone, act: Sent) -> Post:
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("shift__order", "shift__gate", "person")
        .filter(public_id=act.said.get("post", ""), shift__gate=phone.gate)
        .first()
    )
    if post is None:
        raise NotFound
    return post


def _come(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    seen = rules.told_at(act.at, at)
    require_was_open(phone.gate.order, seen, "checks_in")
    coming.arrive(_post_at(phone, act), Post.Way.LEAD, by=by, seen=seen, at=at)


def _go(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    seen = rules.told_at(act.at, at)
    require_was_open(phone.gate.order, seen, "checks_in", grace=GOING)
    coming.leave(_post_at(phone, act), Post.Way.LEAD, by=by, seen=seen, at=at)


def _hand(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    counted = act.said.get("counted", "")
    handing.give_over(
        _post_at(phone, act),
        act.key,
        act.said.get("note", ""),
        int(counted) if counted.isascii() and counted.isdigit() and len(counted) < 7 else 0,
        by=by,
        seen=rules.told_at(act.at, at),
    )


def _take_over(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    seen = rules.told_at(act.at, at)
    handing.take_over(act.said.get("of", ""), _post_at(phone, act), by=by, seen=seen)


def _pause(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    handing.pause(_post_at(phone, act), by=by, seen=rules.told_at(act.at, at), at=at)


def _cover(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    seen = rules.told_at(act.at, at)
    handing.cover(act.said.get("of", ""), _post_at(phone, act), by=by, seen=seen)


def _back(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    handing.come_back(_post_at(phone, act), by=by, seen=rules.told_at(act.at, at))


def _alarm(phone: GatePhone, act: Sent, *, by: Actor, at: datetime) -> None:
    kind = act.said.get("alarm", "")
    alarms.raise_alarm(phone.gate, kind, act.key, by=by, seen=rules.told_at(act.at, at), at=at)


ROLL = ("come", "go")
"""Acts that are still taken after the order's end, by the time they were done at."""
ACTS: dict[str, Callable[..., None]] = {
    "come": _come,
    "go": _go,
    "hand": _hand,
    "take": _take_over,
    "pause": _pause,
    "cover": _cover,
    "back": _back,
    "alarm": _alarm,
}


class NoReason(RuleBroken):
    """Refuse to open names without a reason."""

    code = "duty.no_reason"
    text = N_("请写明查看登记的原因，至少五个字。")


class TooLong(RuleBroken):
    """Refuse to open more than a day of a gate at once."""

    code = "duty.too_long"
    text = N_("一次最多查看 24 小时的登记。")


@dataclass(frozen=True)
class Opened:
    """An entry with what was sealed."""

    at: datetime
    who: str
    fever: bool | None
    named: str
    place: str


@transaction.atomic
def reveal_entries(
    gate_id: str,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> list[Opened]:
    """Open the log of one gate for some hours: with a reason that stays, on the trail.

    Raises Forbidden but for the keepers of its community, NoReason, TooLong, KeyGone.
    """
    at = at or clock.now()
    gate = gate_for(by, gate_id, "edit")
    require_open(gate.order, at, "keeps_log")
    if len(reason.strip()) < 5:
        raise NoReason
    if not from_at < to_at or to_at - from_at > rules.LONGEST_REVEAL:
        raise TooLong
    rows = LogEntry.objects.filter(gate=gate, at__gte=from_at, at__lt=to_at)
    found = list(rows.order_by("at", "id")[: rules.MOST_SHOWN])
    Reveal.objects.create(
        gate=gate,
        account_id=by.account_id,
        name=by.display_name,
        reason=reason.strip()[:200],
        from_at=from_at,
        to_at=to_at,
        shown=len(found),
        at=at,
    )
    trail.record(by, "reveal", KIND, gate.public_id, ["named", "place"], at=at)
    return [_opened(entry, key_of(gate.order)) for entry in found]


def _opened(entry: LogEntry, key: str) -> Opened:
    parts = {"named": "", "place": ""}
    if entry.sealed is not None:
        plain = vault.unseal(key, bytes(entry.sealed), bound=entry.client_key)
        parts |= json.loads(plain)
    return Opened(entry.at, entry.who, entry.fever, parts["named"], parts["place"])
