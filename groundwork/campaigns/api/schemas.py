"""What the JSON of the television inquiry looks like."""

from __future__ import annotations

from datetime import date

from ninja import Schema

from groundwork.access.api import Moment


class InquiryNamed(Schema):
    """A place or unit by its official code."""

    code: str
    name: str


class InquirySeason(Schema):
    """A run of the programme."""

    id: str
    title: str
    place: InquiryNamed
    first_day: date
    last_day: date


class InquirySeasons(Schema):
    """A page of seasons; `next` is the cursor of the next one, "" at the end."""

    items: list[InquirySeason]
    next: str


class InquiryRate(Schema):
    """A part of a whole; `quotient` in percent, null under a whole of five."""

    part: int
    whole: int
    quotient: float | None


class InquirySatisfied(InquiryRate):
    """Satisfied of those who said so or not; these of `asked`."""

    asked: int


class InquiryProblem(Schema):
    """A problem that was asked about: the state is the ledger's, `jury` null until counted."""

    id: str
    title: str
    question: str
    episode: str
    aired_at: Moment
    unit: InquiryNamed | None
    state: str
    jury: InquiryRate | None
    promise: str
    promise_on: date | None


class InquirySeasonPage(InquirySeason):
    """A season's problems in the order of broadcast; nothing that is not broadcast is counted."""

    episodes: int
    problems: int
    units: int
    solved: InquiryRate
    satisfied: InquirySatisfied
    items: list[InquiryProblem]
    next: str
