"""The JSON shapes of a roster file and a plan file, as docs/roster-format.md describes them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

FORMAT = "groundwork-roster/1"
PLAN_FORMAT = "groundwork-roster-plan/1"

MOST_BYTES = 512 * 2**20
MOST_DAYS = 92
MOST_SLOTS = 2_000_000
MOST_PRICE = 100_000
LONGEST_SHIFT = 24
"""Hours. A post longer than a day is several shifts."""

Id = Annotated[str, Meta(min_length=1, max_length=100)]
Word = Annotated[str, Meta(min_length=1, max_length=40)]
Price = Annotated[int, Meta(ge=0, le=MOST_PRICE)]
Small = Annotated[int, Meta(ge=0, le=1_000_000)]


class Span(Struct, forbid_unknown_fields=True, gc=False):
    """From one local time to another."""

    start: str
    end: str


class Kind(Struct, forbid_unknown_fields=True, gc=False):
    """What a shift may need: matched by a person who has any of the attributes, or by everybody."""

    id: Word
    unfilled: Price
    mismatch: Price = 0
    any_of: list[Word] = []


class Office(Struct, forbid_unknown_fields=True):
    """When the units need their people at the desk."""

    start: str = "08:00"
    end: str = "17:00"
    working_days: Annotated[list[str], Meta(max_length=MOST_DAYS)] | None = None


class Travel(Struct, forbid_unknown_fields=True):
    """The price of a shift by the lowest place that holds home and gate; null forbids it."""

    community: Price | None = 0
    township: Price | None = 2
    district: Price | None = 6
    city: Price | None = None


class Step(Struct, forbid_unknown_fields=True):
    """What a shift above the fair share costs, up to a part of the share above it."""

    up_to: Annotated[float, Meta(gt=0, le=1000)]
    price: Price


class Weights(Struct, forbid_unknown_fields=True):
    """What a plan pays besides the prices of the kinds."""

    travel: Travel = msgspec.field(default_factory=Travel)
    week: Annotated[list[Price], Meta(min_length=1, max_length=50)] = msgspec.field(
        default_factory=lambda: [0, 1, 3, 6, 10]
    )
    unit: Annotated[list[Step], Meta(min_length=1, max_length=10)] = msgspec.field(
        default_factory=lambda: [Step(0.15, 2), Step(9.0, 5)]
    )


class Place(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One place of the tree."""

    id: Id
    level: Literal["city", "district", "township", "community", "cell"]
    parent: Id | None = None


class Unit(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Who releases people: how many must stay, and what its share of the shifts is."""

    id: Id
    min_in_office: Small = 0
    staff: Small | None = None
    fair_share: Small | None = None


class Person(Struct, forbid_unknown_fields=True):
    """One who can be asked."""

    id: Id
    place: Id
    unit: Id
    weekly_cap: Annotated[int, Meta(ge=0, le=50)]
    windows: Annotated[list[Span], Meta(max_length=1000)]
    attributes: Annotated[list[Word], Meta(max_length=60)] = []


class Gate(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where shifts are stood, and when it is closed."""

    id: Id
    place: Id
    closed: Annotated[list[Span], Meta(max_length=1000)] = []


class Shift(Struct, forbid_unknown_fields=True):
    """One shift of a gate and how many of each kind it needs."""

    id: Id
    gate: Id
    start: str
    end: str
    needs: dict[str, Annotated[int, Meta(ge=0, le=10_000)]]


class Kept(Struct, forbid_unknown_fields=True, gc=False):
    """An earlier assignment that had better stay."""

    person: Id
    shift: Id
    bonus: Price = 4


class Row(Struct, forbid_unknown_fields=True, gc=False):
    """A person stands a shift as a kind."""

    person: str
    shift: str
    kind: str


class Roster(Struct, forbid_unknown_fields=True):
    """A whole roster file."""

    format: Literal["groundwork-roster/1"]
    first_day: str
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)]
    kinds: Annotated[list[Kind], Meta(min_length=1, max_length=20)]
    places: Annotated[list[Place], Meta(min_length=1, max_length=200_000)]
    units: Annotated[list[Unit], Meta(min_length=1, max_length=50_000)]
    people: Annotated[list[Person], Meta(max_length=200_000)]
    gates: Annotated[list[Gate], Meta(max_length=200_000)]
    shifts: Annotated[list[Shift], Meta(max_length=1_000_000)]
    attributes: Annotated[list[Word], Meta(max_length=60)] = []
    rest_minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] = 660
    office: Office = msgspec.field(default_factory=Office)
    weights: Weights = msgspec.field(default_factory=Weights)
    kept: Annotated[list[Kept], Meta(max_length=MOST_SLOTS)] = []
    locked: Annotated[list[Row], Meta(max_length=MOST_SLOTS)] = []


class PlanFile(Struct, forbid_unknown_fields=True):
    """A whole plan file; a plan from elsewhere may hold nothing but its assignments."""

    assignments: Annotated[list[Row], Meta(max_length=MOST_SLOTS)]
    format: Literal["groundwork-roster-plan/1"] = "groundwork-roster-plan/1"
    instance: str = ""
    version: str = ""
    cost: int | None = None
    bound: int | None = None
    gap: float | None = None
    seconds: float | None = None
    slots: int | None = None
    unfilled: int | None = None
    parts: dict[str, int] = {}
