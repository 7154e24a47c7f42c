"""What the ledger's JSON looks like."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from groundwork.access.api import Code, Key, Line, Moment, Name, Words
from groundwork.matters.rules.intake import LONGEST_WORDS, SHORTEST_WORDS
from groundwork.matters.rules.states import State

Kind = Literal["help", "complaint", "suggestion", "question"]
Urgency = Literal["normal", "urgent", "emergency"]


class Named(Schema):
    """Something with a code of its own."""

    code: str
    name: str


class CategoryNamed(Named):
    """A category by name; `name_en` is "" where the office gave it none."""

    name_en: str


class Category(CategoryNamed):
    """What a matter may be about."""

    group: str
    group_en: str
    audience: Literal["people", "enterprise", "both"]


class Place(Named):
    """A place of the official directory, with those above it in its name."""

    level: Literal["city", "district", "township", "community"]


class Task(Schema):
    """A central task of the city (中心工作) that a matter serves."""

    id: str
    name: str


class Matter(Schema):
    """A matter as the public board shows it."""

    id: str
    words: str
    category: CategoryNamed
    place: Named
    state: State
    state_name: str
    lead: str
    raised_at: Moment
    solve_by: Moment | None
    answer: str
    answered_at: Moment | None
    closed_at: Moment | None
    confirmed_by_raiser: bool | None
    reopened: bool
    raisers: int


class StaffMatter(Matter):
    """A matter as the staff read it: the raiser's own words, never who raised it."""

    receipt: str
    title: str
    public_words: str
    door: str
    kind: Kind
    urgency: Urgency
    priority: Task | None
    due_at: Moment | None
    supervised: bool


class Matters(Schema):
    """A page of the board; `next` is the cursor of the next one, "" at the end."""

    items: list[Matter]
    next: str


class StaffMatters(Schema):
    """A page of the staff's list."""

    items: list[StaffMatter]
    next: str


class WayStep(Schema):
    """One step of a matter's way, in plain words."""

    at: Moment
    verb: str
    sentence: str
    body: str
    text: str


class Way(Schema):
    """A matter's way from its raising on."""

    id: str
    receipt: str | None
    state: State
    state_name: str
    steps: list[WayStep]
    went_into: Way | None = None


class Telling(Schema):
    """What somebody raises. `place` is an official code, a public id, a name or an address."""

    words: Words = Field(min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS)
    category: Code
    place: Line = Field(min_length=1)
    kind: Kind = "help"
    concerns: Line = ""  # a complaint's unit: its code or public id
    name: Name = ""
    phone: Line = ""
    email: Line = ""
    confidential: bool = False
    client_key: Key = ""  # the same key again is the same matter


class Receipt(Schema):
    """What the raiser takes along. `secret` opens the raiser's own page and way."""

    id: str
    receipt: str
    secret: str
    link: str
    again: bool
    joined: bool


class Categories(Schema):
    """The categories in force."""

    items: list[Category]


class Places(Schema):
    """Places that fit a text."""

    items: list[Place]
