"""Walk many posts along their ways at once, by the rules of the single acts.

For what was noted on paper while there was no signal, and for the demo city. Every way is walked
through the one table, with the hours that the single acts ask for. What differs: one trail row for
all, the figures are told where each post came from and how it stands now, and nobody is written to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from groundwork.base import bulk, changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Forbidden, NotFound, RuleBroken
from groundwork.duty.actions.coming import WINDOW, TooEarly
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.settling import NoWords, StillToHear
from groundwork.duty.actions.steps import KIND
from groundwork.duty.models import Order, Post, PostStep
from groundwork.duty.policy.orders import order_for, require_open
from groundwork.duty.policy.runs import require_call
from groundwork.duty.rules import posts as rules

OWN = ("confirm", "decline", "contest")
SETTLING = ("approve", "excuse", "uphold")
WORDY = ("contest", "excuse", "uphold")
SET = (
    *("state", "answered_at", "came_at", "came_by", "came_checked", "went_at", "went_by"),
    *("missed_at", "settled_at"),
)


class WrongOrder(RuleBroken):
    """Refuse a way whose acts run backwards in time, or ahead of it."""

    code = "duty.wrong_order"
    text = N_("一个班次的经过要按时间先后，也不能晚于现在。")


@dataclass(frozen=True)
class Signer:
    """Who does an act: their account, their person, the name a reader sees."""

    account: int | None = None
    person: int | None = None
    name: str = ""


NOBODY = Signer()


@dataclass(frozen=True)
class Act:
    """One act: the verb, when it was done, by whom; `way` is how somebody came or went."""

    verb: rules.Verb
    at: datetime
    by: Signer = NOBODY
    text: str = ""
    way: str = ""
    seen: datetime | None = None  # when they came or went, if not at the moment of the act


@dataclass(frozen=True)
class Way:
    """One post, by its key, and what became of it."""

    post: int
    acts: tuple[Act, ...]


@dataclass
class _Walk:
    """A post on its way: what it is, and what the acts set."""

    pk: int
    person: int
    starts_at: datetime
    ends_at: datetime
    called_off: bool
    shift: int
    dims: dict[str, str | int | None]
    values: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def walk_posts_many(
    order_id: str, ways: Sequence[Way], *, by: Actor, at: datetime | None = None
) -> int:
    """Walk posts of an order along their ways, all or none; give how many.

    By the order's keepers. Raises WrongState, WrongOrder, TooEarly, StillToHear, NoWords, Shut;
    Forbidden where an act is another's to do, NotFound for a post that is not the order's.
    """
    at = at or clock.now()
    order = order_for(by, order_id, "edit", lock=True)
    known = {walk.pk: walk for walk in _posts(order)}
    steps: list[tuple[object, ...]] = []
    walked: list[tuple[_Walk, str]] = []
    for way in ways:
        walk = known.get(way.post)
        if walk is None:
            raise NotFound
        before = str(walk.values["state"])
        last = None
        for act in way.acts:
            if act.at > at or (last is not None and act.at < last):
                raise WrongOrder
            last = act.at
            _do(order, walk, act)
            steps.append((walk.pk, act.verb, act.at, act.by.account, act.by.name, act.text[:300]))
        walked.append((walk, before))
    _write(walked, steps)
    _record_changes(walked, at)
    trail.record(by, "walk_many", KIND, order.public_id, [*SET], at=at)
    return len(walked)


def _posts(order: Order) -> Iterator[_Walk]:
    rows = Post.objects.filter(shift__order=order).order_by("pk")
    columns = ("pk", "person_id", "person__unit_id", "kind", "shift_id", "shift__day")
    shift = ("shift__starts_at", "shift__ends_at", "shift__called_off_at", "shift__place_id")
    for (
        pk,
        person,
        unit,
        kind,
        shift_id,
        day,
        starts,
        ends,
        off,
        place,
        *values,
    ) in rows.values_list(*columns, *shift, *SET):
        dims = {
            "day": day.isoformat(),
            "order": order.pk,
            "place": place,
            "unit": unit,
            "kind": kind,
        }
        set_to = dict(zip(SET, values, strict=True))
        yield _Walk(pk, person, starts, ends, off is not None, shift_id, dims, set_to)


def _do(order: Order, walk: _Walk, act: Act) -> None:
    """Take one step: the table first, then what the single act asks for, then what it sets."""
    state = str(walk.values["state"])
    after = rules.step(state, act.verb)
    _require_right(walk, act)
    if act.verb in ("confirm", "decline"):
        require_call(order, act.at)
        if walk.called_off or walk.starts_at <= act.at:
            raise rules.WrongState
        walk.values["answered_at"] = act.at
    elif act.verb in ("come", "go"):
        if act.way != Post.Way.RULE:  # the clock signs out whoever forgot, also after the end
            require_open(order, act.at, "checks_in")
        _pass_gate(walk, act)
    elif act.verb == "miss":
        if act.at < walk.starts_at + rules.UNSEEN:
            raise rules.WrongState
        walk.values["missed_at"] = act.at
    elif act.verb in SETTLING:
        missed = walk.values["missed_at"]
        if act.verb == "uphold" and state == "missed" and act.at < missed + rules.TO_CONTEST:
            raise StillToHear
        walk.values["settled_at"] = act.at
        if act.verb == "approve":
            _approve(walk)
    walk.values["state"] = after


def _require_right(walk: _Walk, act: Act) -> None:
    """Hold the act to who may do it, and to the words it takes."""
    own = act.by.person == walk.person
    if (act.verb in OWN and not own) or (act.verb in SETTLING and own):
        raise Forbidden
    if act.verb in WORDY and not act.text.strip():
        raise NoWords
    if act.verb in (*SETTLING, "contest"):
        rules.check_settled(str(walk.values["state"]), walk.ends_at, act.at)
    if act.verb in ("release", "swap"):  # they have bulk ways, or a partner, of their own
        raise rules.WrongState


def _approve(walk: _Walk) -> None:
    walk.values["came_checked"] = True
    if walk.values["came_at"] is None:
        word = Post.Way.WORD
        walk.values |= {"came_at": walk.starts_at, "came_by": word}
        walk.values |= {"went_at": walk.ends_at, "went_by": word}


def _pass_gate(walk: _Walk, act: Act) -> None:
    seen = act.seen or act.at
    if act.verb == "go":
        walk.values |= {"went_at": seen, "went_by": act.way}
        return
    if seen < walk.starts_at - WINDOW:
        raise TooEarly
    checked = act.way != Post.Way.POSTER
    walk.values |= {"came_at": seen, "came_by": act.way, "came_checked": checked}


def _write(walked: Sequence[tuple[_Walk, str]], steps: Sequence[tuple[object, ...]]) -> None:
    bulk.update(
        Post, SET, ((*(walk.values[name] for name in SET), walk.pk) for walk, _before in walked)
    )
    bulk.insert(PostStep, ("post", "verb", "at", "account_id", "name", "text"), steps)
    recount(sorted({walk.shift for walk, _before in walked}))


def _record_changes(walked: Sequence[tuple[_Walk, str]], at: datetime) -> None:
    """Tell the figures how many went from where to where, those alike in one row."""
    sums: Counter[tuple[tuple[tuple[str, str | int | None], ...], str, str]] = Counter(
        (tuple(walk.dims.items()), before, str(walk.values["state"]))
        for walk, before in walked
        if walk.values["state"] != before
    )
    changes.record_many(
        changes.change(
            KIND,
            str(n),
            before={**dict(alike), "state": before},
            after={**dict(alike), "state": after},
            n=n,
            at=at,
        )
        for (alike, before, after), n in sums.items()
    )
