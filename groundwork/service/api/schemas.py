"""What the JSON of visits, contact points and rounds looks like."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from groundwork.access.api import Code, Key, Line, Moment, Name, Words
from groundwork.matters.rules.intake import LONGEST_WORDS, SHORTEST_WORDS

Service = Literal["enterprises", "people", "grassroots"]
Brought = Literal["policy", "guidance", "hands", "goods"]


class Named(Schema):
    """Something with a code of its own."""

    code: str
    name: str


class Visit(Schema):
    """A visit: who went where on which day, what was brought, how many problems were found."""

    id: str
    service: Service
    day: date
    unit: Named
    place: Named
    host: Named | None
    brought: list[Brought]
    found: int


class VisitPage(Visit):
    """A visit with who went and what became of it, as far as the actor may read."""

    people: list[str]
    note: str
    matters: list[str]  # ids of those the actor may read
    matters_unseen: int


class Visits(Schema):
    """A page of visits; `next` is the cursor of the next one, "" at the end."""

    items: list[Visit]
    next: str


class FoundProblem(Schema):
    """A problem found on a visit; it becomes a matter with the visit as its source.

    Names are one space for the whole document: `Problem` is a refusal there.
    """

    words: Words = Field(min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS)
    category: Code
    place: Line = ""
    urgency: Literal["normal", "urgent", "emergency"] = "normal"


class VisitPlan(Schema):
    """What is said of a visit. `place` may be left out where the host has one."""

    service: Service
    day: date
    place: Line = ""
    host: Line = ""  # code or public id
    brought: list[Brought] = Field([], max_length=8)
    problems: list[FoundProblem] = Field([], max_length=50)
    companions: list[Name] = Field([], max_length=50)  # names or work numbers of colleagues
    note: Line = ""
    contact_name: Name = ""
    contact_phone: Line = ""
    client_key: Key = ""


class Recorded(Schema):
    """The visit, patrol or reply written down, with the receipts of its matters."""

    id: str
    receipts: list[str]
    fresh: bool


class ContactPoint(Schema):
    """A unit's standing squad at a place."""

    id: str
    name: str
    unit: Named
    place: Named
    weekdays: list[int]
    squad: list[str]


class ContactPoints(Schema):
    """A page of contact points."""

    items: list[ContactPoint]
    next: str


class PatrolArea(Schema):
    """Cells of the grid or communities that somebody walks through."""

    id: str
    name: str
    unit: Named
    places: list[Named]
    keepers: list[str]
    last_day: date | None


class PatrolAreas(Schema):
    """A page of patrol areas."""

    items: list[PatrolArea]
    next: str


class PatrolPlan(Schema):
    """What is said of one round through an area: the day and what was seen. No track."""

    day: date
    problems: list[FoundProblem] = Field([], max_length=50)
    note: Line = ""
    client_key: Key = ""


class RoundAnswer(Schema):
    """The answer to one question; with `to_do` it becomes a matter too."""

    question: int = Field(ge=1, le=50)  # its place in the round's list, from 1
    text: Words = Field(min_length=1, max_length=1000)
    to_do: bool = False


class RoundReply(Schema):
    """What somebody answers to a round of consultation."""

    answers: list[RoundAnswer] = Field(min_length=1, max_length=50)
    place: Line = ""
    name: Name = ""
    phone: Line = ""
    confidential: bool = False
    client_key: Key = ""


class Round(Schema):
    """A round of consultation that everybody may see."""

    id: str
    title: str
    unit: Named
    place: Named
    state: Literal["open", "closed", "reported"]
    opens_at: Moment
    closes_at: Moment
    why: str
    outcome: str


class RoundPage(Round):
    """A round with its questions."""

    questions: list[str]


class Rounds(Schema):
    """A page of rounds."""

    items: list[Round]
    next: str
