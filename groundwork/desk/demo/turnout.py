"""What became of the demo city's shifts: who confirmed, came, went, and what the gates noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from groundwork.access.models import Account
from groundwork.base import clock, ids
from groundwork.base.actor import Actor
from groundwork.desk.demo.names import invent
from groundwork.duty.actions.bulk_posts import NOBODY, Act, Signer, Way, walk_posts_many
from groundwork.duty.actions.entries import Sent, take_sending
from groundwork.duty.actions.phones import open_phone
from groundwork.duty.models import Gate, GatePhone, Order, Post, Shift
from groundwork.duty.policy.phones import phone_for

LATE = timedelta(hours=2)  # so long after a shift whoever did not sign out is signed out
WAYS, WAY_WEIGHTS = ("code", "poster", "lead"), (82, 12, 6)
FATES = ("declined", "excused", "heard", "absent")  # of those who have another shift
FATE_WEIGHTS = (20, 6, 5, 2)
ODD = 0.033  # of the shifts of people who have several
HEARD = "带班记错了岗亭，本人在东门站了一整班，有同伴作证。"
EXCUSED = "当天发热就医，已提前告诉带班。"
ABSENT = "三天内没有说明，带班和社区都联系过。"
ENTRIES = 30  # of a gate's evening
PLATE = "浙B"


@dataclass(frozen=True)
class _Stood:
    """One post as it was published."""

    pk: int
    person: int
    name: str
    starts_at: datetime
    ends_at: datetime
    gate: int
    told_at: datetime


def walk_all(
    order: Order, unsettled: frozenset[int], now: datetime, *, by: Actor, rng: Random
) -> int:
    """Walk every post to where it stands at `now`; hours at `unsettled` gates wait for the cast."""
    posts = list(_posts(order))
    account_of = dict(
        Account.objects.filter(person__posts__shift__order=order).values_list("person_id", "pk")
    )
    several = {person for person, n in Counter(p.person for p in posts).items() if n > 1}
    ways = []
    for post in posts:
        me = Signer(account_of.get(post.person), post.person, post.name)
        odd = post.person in several and rng.random() < ODD
        if odd:
            several.discard(post.person)  # one each, so that everybody keeps a shift
        waits = post.gate in unsettled and post.ends_at > now - timedelta(days=2)
        acts = _acts(post, me, odd, waits, now, rng)
        ways.append(Way(post.pk, tuple(act for act in acts if act.at <= now)))
    return walk_posts_many(order.public_id, [way for way in ways if way.acts], by=by, at=now)


def _posts(order: Order) -> Iterator[_Stood]:
    rows = Post.objects.filter(shift__order=order).order_by("shift__starts_at", "pk")
    columns = ("pk", "person_id", "person__name", "shift__starts_at", "shift__ends_at")
    for pk, person, name, starts, ends, gate, told in rows.values_list(
        *columns, "shift__gate_id", "told_at"
    ):
        start, end, heard = (at.astimezone(clock.ZONE) for at in (starts, ends, told))
        yield _Stood(pk, person, name, start, end, gate, heard)


def _acts(
    post: _Stood, me: Signer, odd: bool, waits: bool, now: datetime, rng: Random
) -> list[Act]:
    """Invent what was done about one post, in order; what lies ahead of `now` is left out later."""
    told = post.told_at + timedelta(minutes=rng.randrange(5, 170))
    ahead = _awake(post.starts_at - timedelta(minutes=rng.randrange(90, 2000)))
    said = told if rng.random() < 0.6 else max(ahead, told)  # most answer the same evening
    acts = [Act("confirm", said, me)] if rng.random() < 0.9 else []
    if odd:
        fate = rng.choices(FATES, FATE_WEIGHTS)[0]
        if fate == "declined":
            return [Act("decline", said, me)]
        return [*acts, *_missed(post, me, fate)]
    if post.starts_at + timedelta(minutes=2) > now:
        return acts
    seen = post.starts_at - timedelta(minutes=rng.randrange(-2, 13))
    how = rng.choices(WAYS, WAY_WEIGHTS)[0]
    acts.append(Act("come", seen, me if how != "lead" else NOBODY, way=how, seen=seen))
    if rng.random() < 0.9:
        left = post.ends_at + timedelta(minutes=rng.randrange(7))
        acts.append(Act("go", left, me, way="code", seen=left))
    else:
        acts.append(Act("go", post.ends_at + LATE, way="rule", seen=post.ends_at))
    if not waits:
        acts.append(Act("approve", _morning(post.ends_at, 1, rng.randrange(90))))
    return acts


def _missed(post: _Stood, me: Signer, fate: str) -> list[Act]:
    noted = post.starts_at + timedelta(minutes=45)
    missed = Act("miss", noted)
    if fate == "excused":
        return [missed, Act("excuse", _morning(post.ends_at, 1, 20), text=EXCUSED)]
    if fate == "heard":
        said = Act("contest", _morning(post.ends_at, 1, 5), me, text=HEARD)
        return [missed, said, Act("approve", _morning(post.ends_at, 2, 10))]
    return [missed, Act("uphold", _morning(post.ends_at, 5, 30), text=ABSENT)]


def _awake(at: datetime) -> datetime:
    """Move a moment of the night into the evening before."""
    if at.hour < 7:
        return at.replace(hour=21) - timedelta(days=1)
    return at


def _morning(after: datetime, days: int, minutes: int) -> datetime:
    day = clock.day_of(after) + timedelta(days=days)
    return clock.local(day, time(9, 30)) + timedelta(minutes=minutes)


# ---- the gate ------------------------------------------------------------------------------------
def keep_logs(shifts: Sequence[Shift], now: datetime, *, by: Actor, rng: Random) -> int:
    """Send from each shift's gate what its phone kept until `now`; give how many entries."""
    sent = 0
    for shift in shifts:
        until = min(shift.ends_at, now)
        if until <= shift.starts_at:
            continue
        acts = [_entry(shift, until, rng) for _ in range(ENTRIES)]
        phone = _phone(shift.gate, shift.starts_at, by)
        sent += len(take_sending(phone, acts, at=until))
    return sent


def _phone(gate: Gate, at: datetime, by: Actor) -> GatePhone:
    _made, token = open_phone(gate.public_id, by=by, at=at)
    return phone_for(token, at)


def _entry(shift: Shift, until: datetime, rng: Random) -> Sent:
    """Invent one who came through: most live here, nobody is real."""
    at = shift.starts_at + (until - shift.starts_at) * rng.random()
    who = rng.choices(("resident", "visitor", "vehicle"), (60, 25, 15))[0]
    said = {"who": who, "fever": "1" if rng.random() < 0.004 else "0"}
    if who == "visitor":
        said |= {"name": invent(rng), "place": shift.place.name}
    elif who == "vehicle":
        said |= {"plate": f"{PLATE}{rng.randrange(10**5):05d}", "place": shift.place.name}
    return Sent(ids.public_id(), "log", at.replace(microsecond=0), said)
