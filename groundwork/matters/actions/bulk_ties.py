"""What ties two ways walked in memory together: a merger, a part split off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.base import clock
from groundwork.matters.actions.bulk_rows import Act
from groundwork.matters.actions.merging import SPLITTABLE
from groundwork.matters.actions.raising import row_of
from groundwork.matters.models import Kind, Matter, Step
from groundwork.matters.queries.terms import next_due
from groundwork.matters.rules import deadlines, handling, states, words

if TYPE_CHECKING:
    from groundwork.matters.actions.bulk_way import Way


def join(way: Way, ways: Sequence[Way]) -> None:
    """Lead a matter merged away to the one it went into; its raiser follows."""
    if way.matter.state != "merged":
        return
    act = way.row.acts[-1]
    target = ways[act.into] if act.into is not None else None
    if target is None or target is way or target.matter.state == "merged":
        raise handling.IntoItself
    one, other = way.matter, target.matter
    if one.concerns_id != other.concerns_id or (
        Kind.COMPLAINT in (one.kind, other.kind) and one.kind != other.kind
    ):
        raise handling.NotTheSame
    if one.withheld_until != other.withheld_until:
        raise handling.NotTheSameHour
    _absorb(target, way, act.at)


def _place(way: Way, at: datetime) -> tuple[int, list[Any]]:
    """Find where a step of `at` stands among those of a way, and the step before it."""
    place = sum(step[1] <= at for step in way.steps)
    if not place:
        raise states.WrongState
    return place, way.steps[place - 1]


def _insert(way: Way, place: int, at: datetime, verb: str, data: dict[str, Any]) -> None:
    """Write into a way that another one touched it, when it did."""
    state, by = way.steps[place - 1][4], way.by
    audience = Step.Audience.PUBLIC
    way.steps.insert(
        place,
        [None, at, verb, state, state, audience, None, by.as_label[:80], by.account_id, "", data],
    )


def _absorb(target: Way, way: Way, at: datetime) -> None:
    into, matter = target.matter, way.matter
    place, before = _place(target, at)
    if before[4] in states.CLOSED:
        raise states.WrongState
    matter.merged_into = into
    way.steps[-1][-1] = {"into": into.public_id}
    into.raisers_count += 1
    into.confidential = into.confidential or matter.confidential
    if before[4] == into.state == "answered":
        into.ask_until = target.known.due(at, deadlines.ASK_DAYS)
    _insert(target, place, at, "absorb", {"from": matter.public_id})
    target.steps[place][7:9] = way.steps[-1][7:9]


def split_off(way: Way, whole: Way) -> Matter:
    """Make a part of a matter as it stood at the split, accepted, and say so in both ways.

    Raises WrongState where the whole was not at work then, IntoItself of a part of a part.
    """
    if whole.whole is not None:
        raise handling.IntoItself
    own, at, known = way.row, way.row.at, way.known
    place, before = _place(whole, at)
    if before[4] not in SPLITTABLE:
        raise states.WrongState
    said = own.telling
    telling = replace(
        whole.row.telling,
        words=handling.checked_text(said.words),
        category=said.category,
        place=said.place,
        title=said.title,
        client_key="",
    )
    way.row = replace(own, telling=telling, teller=whole.row.teller)
    raised, over = whole.row.at, known.above.of(telling.place)
    part = row_of(telling, whole.row.teller, raised, receipt=known.receipt(at), over=over)
    _promise(part, way, whole)
    part.public_text = words.masked(words.cleaned(own.public_text or ""))
    way.matter = part
    way.append("raise", part.state, raised, Act("raise", raised), None)
    way.data = {"split_from": whole.matter.public_id}
    way.append("accept", part.state, at, Act("accept", at), None)
    if before[2] == "split" and before[1] == at:
        before[-1]["parts"].append(part.public_id)
    else:
        _insert(whole, place, at, "split", {"parts": [part.public_id]})
    return part


def tie(way: Way) -> None:
    """Lead a part to the matter it was split off, once that has its key."""
    if way.whole is not None:
        way.matter.split_from = way.whole.matter


def _promise(part: Matter, way: Way, whole: Way) -> None:
    """Let the promise of a part run from the acceptance of the whole."""
    at, known = way.row.at, way.known
    since = whole.matter.accepted_at or at
    days = known.days_of(part, clock.day_of(since))
    part.state, part.state_since = "accepted", at
    part.accepted_at, part.accept_by = since, whole.matter.accept_by
    part.reply_by, part.solve_by = known.due(since, days.reply), known.due(since, days.solve)
    part.due_at = next_due(part)
