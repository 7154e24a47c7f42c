"""The way of a post as one table: from the plan to the hours confirmed, or an absence settled.

An absence is written only after the person has heard of it and could contest it; there is no
total of absences anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal[
    "planned",
    "confirmed",
    "declined",
    "swapped",
    "released",
    "standing",
    "stood",
    "approved",
    "missed",
    "contested",
    "absent",
    "excused",
]
Verb = Literal[
    "confirm",  # the person: I shall come
    "decline",  # the person: I cannot; no reason is asked for
    "swap",  # another stands it
    "release",  # the planner takes it back: a new plan, a closed gate, the order's end
    "come",  # check-in
    "go",  # check-out
    "approve",  # the community confirms the hours
    "miss",  # the lead: not seen
    "contest",  # the person: I was there, or had said so
    "uphold",  # the community after hearing, or nobody contested in time
    "excuse",  # the community: no absence
]

# The one table. What it does not list is refused.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("planned", "confirm"): "confirmed",
    ("planned", "decline"): "declined",
    ("planned", "swap"): "swapped",
    ("planned", "release"): "released",
    ("planned", "come"): "standing",
    ("planned", "miss"): "missed",
    ("planned", "approve"): "approved",  # after the shift: nobody scanned, the community knows
    ("planned", "contest"): "contested",  # after the shift: nobody scanned, I was there
    ("confirmed", "decline"): "declined",
    ("confirmed", "swap"): "swapped",
    ("confirmed", "release"): "released",
    ("confirmed", "come"): "standing",
    ("confirmed", "miss"): "missed",
    ("confirmed", "approve"): "approved",
    ("confirmed", "contest"): "contested",
    ("standing", "go"): "stood",
    ("stood", "approve"): "approved",
    ("missed", "come"): "standing",  # late is not absent
    ("missed", "contest"): "contested",
    ("missed", "excuse"): "excused",
    ("missed", "uphold"): "absent",
    ("contested", "come"): "standing",  # the gate's phone found its signal after all
    ("contested", "excuse"): "excused",
    ("contested", "approve"): "approved",  # was there after all
    ("contested", "uphold"): "absent",
    ("absent", "excuse"): "excused",  # a correction
    ("absent", "approve"): "approved",
}
STATES: tuple[State, ...] = tuple(
    dict.fromkeys([*(state for state, _verb in STEPS), *STEPS.values()])
)
VERBS: tuple[Verb, ...] = tuple(dict.fromkeys(verb for _state, verb in STEPS))

HOLDS: tuple[State, ...] = ("planned", "confirmed", "standing", "stood", "approved")
"""States in which the person fills the slot."""
SURE: tuple[State, ...] = ("confirmed", "standing", "stood", "approved")
CAME: tuple[State, ...] = ("standing", "stood", "approved")
AHEAD: tuple[State, ...] = ("planned", "confirmed")

EARLY = timedelta(minutes=60)
"""Check-in opens so long before the shift."""
GOING = timedelta(hours=2)
"""So long after a shift, or after the order's end, somebody may still sign out."""
ROLL = timedelta(hours=12)
"""So long after a shift its lead may write up who was there."""
UNSEEN = timedelta(minutes=30)
"""From so long after the start the lead may note that somebody was not seen."""
TO_CONTEST = timedelta(days=3)
"""So long a person may contest before an absence is written."""


class WrongState(RuleBroken):
    """Refuse an act that the post's state does not allow."""

    code = "duty.wrong_state"
    text = N_("这个班次现在不能这样办，请看最新安排。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(STEPS, state, verb, WrongState)


def can(state: str, verb: Verb) -> bool:
    """Tell whether the table knows a way on by `verb`."""
    return (state, verb) in STEPS


def unseen(state: str, ends_at: datetime, at: datetime) -> bool:
    """Tell whether a shift is over of which nobody wrote whether this person came."""
    return state in AHEAD and ends_at <= at


def check_settled(state: str, ends_at: datetime, at: datetime) -> None:
    """Refuse to confirm, or to contest, what is still ahead or under way. Raises WrongState."""
    if state in AHEAD and at < ends_at:
        raise WrongState


def purpose(gate_id: str) -> str:
    """Name what a gate's rotating code is for."""
    return f"gate:{gate_id}"
