"""The way of a matter as one table: which verb leads from which state to which.

The hotline's chain 受理 → 派单 → 办理 → 答复 → 办结 → 回访, but it is the raiser who
says 办结. Where the raiser stays silent the unit's word stands, under a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.states import after

State = Literal[
    "raised",
    "accepted",
    "declined",
    "assigned",
    "handling",
    "outside",
    "answered",
    "solved",
    "unit_done",
    "redo",
    "withdrawn",
    "merged",
]
Verb = Literal[
    "accept",  # 受理
    "decline",  # 不予受理, with a reason the raiser reads
    "appeal",  # the raiser asks once more after a decline
    "assign",  # 派单, also to another body
    "start",  # 接单
    "return",  # 退单, with a reason
    "answer",  # 答复
    "hand_out",  # 转外单位
    "take_back",  # back from a body outside without an answer
    "confirm",  # the raiser: solved
    "refuse",  # the raiser: not solved
    "lapse",  # nobody answered within the asking period
    "reopen",  # an audit or a call-back finds it is not solved
    "withdraw",  # the raiser takes it back
    "merge",  # 并单
]

# The one table. What it does not list is refused.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("raised", "accept"): "accepted",
    ("raised", "decline"): "declined",
    ("raised", "merge"): "merged",
    ("raised", "withdraw"): "withdrawn",
    ("declined", "appeal"): "raised",
    ("accepted", "assign"): "assigned",
    ("accepted", "hand_out"): "outside",
    ("accepted", "merge"): "merged",
    ("accepted", "withdraw"): "withdrawn",
    ("assigned", "assign"): "assigned",
    ("assigned", "start"): "handling",
    ("assigned", "return"): "accepted",
    ("assigned", "answer"): "answered",
    ("assigned", "hand_out"): "outside",
    ("assigned", "merge"): "merged",
    ("assigned", "withdraw"): "withdrawn",
    ("handling", "assign"): "assigned",
    ("handling", "return"): "accepted",
    ("handling", "answer"): "answered",
    ("handling", "hand_out"): "outside",
    ("handling", "merge"): "merged",
    ("handling", "withdraw"): "withdrawn",
    ("outside", "answer"): "answered",
    ("outside", "take_back"): "accepted",
    ("outside", "withdraw"): "withdrawn",
    ("answered", "confirm"): "solved",
    ("answered", "refuse"): "redo",
    ("answered", "lapse"): "unit_done",
    ("answered", "reopen"): "redo",
    ("answered", "withdraw"): "withdrawn",
    ("unit_done", "confirm"): "solved",
    ("unit_done", "refuse"): "redo",
    ("unit_done", "reopen"): "redo",
    ("solved", "refuse"): "redo",
    ("solved", "reopen"): "redo",
    ("redo", "assign"): "assigned",
    ("redo", "start"): "handling",
    ("redo", "return"): "accepted",
    ("redo", "answer"): "answered",
    ("redo", "hand_out"): "outside",
    ("redo", "merge"): "merged",
    ("redo", "withdraw"): "withdrawn",
}
STATES: tuple[State, ...] = get_args(State)
VERBS: tuple[Verb, ...] = get_args(Verb)

WITH_LEAD: tuple[State, ...] = (
    "assigned",
    "handling",
    "outside",
    "answered",
    "solved",
    "unit_done",
    "redo",
)
AT_WORK: tuple[State, ...] = ("assigned", "handling", "redo")  # the lead owes an answer
CLOSED: tuple[State, ...] = ("declined", "solved", "unit_done", "withdrawn", "merged")
CONFIRMED: tuple[State, ...] = ("solved",)  # the raiser says so
DONE: tuple[State, ...] = (*CONFIRMED, "unit_done")  # or did not answer in time
OPEN: tuple[State, ...] = tuple(state for state in STATES if state not in CLOSED)


class WrongState(RuleBroken):
    """Refuse an act that the matter's state does not allow."""

    code = "matters.wrong_state"
    text = N_("这件诉求现在不能这样办，请看最新进展。")


def step(state: str, verb: Verb) -> State:
    """Give the state after `verb`. Raises WrongState."""
    return after(STEPS, state, verb, WrongState)


def can(state: str, verb: Verb) -> bool:
    """Tell whether the table knows a way on by `verb`."""
    return (state, verb) in STEPS
