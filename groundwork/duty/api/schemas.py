"""What the JSON of orders, gates, shifts and posts looks like."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from groundwork.access.api import Key, Line, Moment, Name, PublicId
from groundwork.duty.rules.needs import MOST_OF_A_KIND

Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Pair = Annotated[list[Hour], Field(min_length=2, max_length=2)]  # from, to; to may be the next day
PostState = Literal[
    "planned", "confirmed", "declined", "swapped", "released", "standing",
    "stood", "approved", "missed", "contested", "absent", "excused",
]  # fmt: skip


class Named(Schema):
    """Something with a code of its own."""

    code: str
    name: str


class Order(Schema):
    """An activation order: who ordered, on which basis, where, from when to when, what it opens."""

    id: str
    title: str
    kind: Literal["epidemic", "typhoon", "snow", "missing", "other"]
    state: Literal["draft", "active", "ended"]
    open: bool  # in force at this moment
    body: Named
    place: Named
    basis: str
    starts_at: Moment
    ends_at: Moment
    calls_up: bool
    checks_in: bool
    keeps_log: bool
    takes_temperature: bool


class Orders(Schema):
    """A page of orders, the latest first; `next` is the cursor of the next one, "" at the end."""

    items: list[Order]
    next: str


class Gate(Schema):
    """A gate of an order."""

    id: str
    name: str
    spot: str
    place: Named
    closed: bool  # now


class Gates(Schema):
    """A page of gates, in directory order of their places."""

    items: list[Gate]
    next: str


class GateWish(Schema):
    """A gate to be set up at a place that the actor keeps."""

    place: Line = Field(min_length=1)  # name, official code or public id
    name: Name = Field(min_length=1)
    spot: Line = Field("", max_length=120)


class Needs(Schema):
    """How many a shift asks for, by kind."""

    lead: int = Field(0, ge=0, le=MOST_OF_A_KIND)
    general: int = Field(0, ge=0, le=MOST_OF_A_KIND)
    medical: int = Field(0, ge=0, le=MOST_OF_A_KIND)
    dialect: int = Field(0, ge=0, le=MOST_OF_A_KIND)
    driver: int = Field(0, ge=0, le=MOST_OF_A_KIND)


class ShiftWish(Schema):
    """A shift to be asked for at a gate; an end not after the start is on the next day."""

    day: date
    start: Hour
    end: Hour
    needs: Needs


class Shift(Schema):
    """A shift with its four counts: asked for, planned, said yes, came."""

    id: str
    gate: str
    gate_name: str
    place: Named
    starts_at: Moment
    ends_at: Moment
    called_off: bool
    wanted: int
    posted: int
    confirmed: int
    present: int


class Shifts(Schema):
    """A page of shifts, the earliest first."""

    items: list[Shift]
    next: str


class Slot(Schema):
    """One kind of a shift's need; names only for who stands it too, or keeps the place."""

    kind: Literal["lead", "general", "medical", "dialect", "driver"]
    wanted: int
    open: int
    people: list[str]


class ShiftPage(Shift):
    """A shift by kinds, and what the actor could take of it now."""

    slots: list[Slot]
    own_post: str  # "" where the actor does not stand it
    may_take: list[str]


class OwnPost(Schema):
    """The actor's own place on a shift, and what became of it."""

    id: str
    state: PostState
    kind: str
    shift: str
    order: str
    gate_name: str
    spot: str
    place: Named
    starts_at: Moment
    ends_at: Moment
    called_off: bool
    came_at: Moment | None
    came_checked: bool  # by code, or by the lead's word
    went_at: Moment | None
    short_rest: bool


class OwnPosts(Schema):
    """A page of the actor's posts, the newest shift first."""

    items: list[OwnPost]
    next: str


class SignUp(Schema):
    """Which kind of an open slot one takes; "" is whichever is hardest to fill."""

    kind: Literal["", "lead", "general", "medical", "dialect", "driver"] = ""


class Reply(Schema):
    """Whether one will come. No reason is asked for."""

    comes: bool


class Times(Schema):
    """When somebody can: hours by day of the week (1 Monday … 7 Sunday), and days that differ."""

    week: dict[Annotated[str, StringConstraints(pattern=r"^[1-7]$")], list[Pair]] = {}
    days: dict[Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")], list[Pair]] = {}


class Availability(Schema):
    """What the actor said under an order; `excused` is "not at all", without a reason."""

    answered: bool
    excused: bool
    held: bool  # the unit needs them at the desk
    cap: int
    skills: list[str]
    times: Times


class Offer(Schema):
    """What one says of one's own time; asked or not, and again at any time."""

    excused: bool = False
    cap: int = Field(3, ge=1, le=7)  # shifts a week at most
    skills: list[Literal["medical", "dialect", "driver"]] = Field([], max_length=3)
    times: Times = Times()


class CheckIn(Schema):
    """Come, or go where one is there: by the scanned code, the six digits, or the gate's poster.

    Exactly one of the three. `said_at` is when it was done, for what waited without signal; such a
    word counts from then and waits for the lead's. Sent twice it is one.
    """

    gate: PublicId | None = None
    code: Key = ""
    digits: Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")] = ""
    poster: Annotated[str, StringConstraints(pattern=r"^([2-9b-z]{12})?$")] = ""
    said_at: AwareDatetime | None = None
