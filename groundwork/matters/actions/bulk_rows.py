"""What the bulk ways are told: rows with their acts, and what many rows share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from groundwork.base.days import calendar
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.workdays import Calendar
from groundwork.matters.actions.raising import Teller, Telling, new_receipt
from groundwork.matters.models import Matter, Request, Term, Verdict
from groundwork.matters.queries.terms import Days, days_in_force
from groundwork.matters.rules import deadlines
from groundwork.registry.models import Body
from groundwork.registry.queries.above import Above


class WrongOrder(RuleBroken):
    """Refuse a way that runs backwards or into the future."""

    code = "matters.wrong_order"
    text = N_("办理经过的时间前后颠倒，或者在将来。")


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a way: a verb of the table, or one that leaves the state (remind, note, add).

    `body` is the new lead of an assignment, or who contributes; `into` names the row merged into by
    its position among all rows; `satisfied` goes with what the raiser says of an answer; `until` is
    the day an extension asks for, `asked` the kind of request that is granted or denied.
    """

    verb: str
    at: datetime
    text: str = ""
    body: Body | None = None
    label: str = ""
    satisfied: bool | None = None
    source: str = Verdict.Source.PAGE
    into: int | None = None
    until: date | None = None
    asked: str = Request.Kind.EXTENSION


@dataclass(frozen=True, slots=True)
class Row:
    """One matter: what was told, by whom, when, and its way since.

    `public_text` None is the masked words, as acceptance proposes; "" keeps it off the board.

    A part split off another matter names that one by its position, earlier among all rows, in
    `part_of`, and says its own words, category and place; who raised it and when is the whole's,
    `at` is the moment of the split.
    """

    telling: Telling
    teller: Teller
    at: datetime
    acts: tuple[Act, ...] = ()
    public_text: str | None = None
    helpers: tuple[Body, ...] = ()
    part_of: int | None = None


@dataclass(slots=True)
class Help:
    """A body that helps: asked when, and what it contributed."""

    body: Body
    asked_at: datetime
    contribution: str = ""
    contributed_at: datetime | None = None


@dataclass(slots=True)
class Known:
    """What many rows share: the places' paths, deadlines in force, the calendar's answers."""

    above: Above = field(default_factory=Above)
    versions: list[date] = field(default_factory=list)
    days: dict[tuple[int, str, int], Days] = field(default_factory=dict)
    dues: dict[tuple[date, bool, int], datetime] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    calendar: Calendar = field(default_factory=calendar)

    def __post_init__(self) -> None:
        self.versions = sorted(set(Term.objects.values_list("valid_from", flat=True)))

    def days_of(self, matter: Matter, on: date) -> Days:
        """Give the days in force; they change only where a version begins."""
        version = sum(day <= on for day in self.versions)
        key = (matter.category_id, matter.urgency, version)
        if key not in self.days:
            self.days[key] = days_in_force(matter.category, matter.urgency, on)
        return self.days[key]

    def due(self, start: datetime, days: int) -> datetime:
        """Give a deadline; all that begins on one day within the hours ends on one."""
        local = start.astimezone(deadlines.ZONE)
        key = (local.date(), local.time() >= deadlines.OFFICE_ENDS, days)
        if key not in self.dues:
            self.dues[key] = deadlines.due(self.calendar, start, days)
        return self.dues[key]

    def receipt(self, at: datetime) -> str:
        """Draw a receipt number that none of these rows has."""
        while (number := new_receipt(at)) in self.receipts:
            pass
        self.receipts.add(number)
        return number
