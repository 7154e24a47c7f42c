"""Walk one matter's whole way in memory, by the rules of the single actions; see `bulk`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.workdays import Calendar
from groundwork.matters.actions.raising import Teller, Telling, new_receipt, row_of
from groundwork.matters.models import Matter, Step, Term, Verdict
from groundwork.matters.queries.terms import Days, days_in_force, next_due
from groundwork.matters.rules import deadlines, handling, states, words
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body
from groundwork.registry.queries.above import Above

BY_RAISERS = ("raise", "appeal", "confirm", "refuse", "withdraw")
BY_LEAD = ("assign", "hand_out", "take_back", "start", "reply", "answer", "return", "lapse",
           "co_handle")  # fmt: skip
AUDIENCES = {
    "decline": Step.Audience.RAISER,
    "reply": Step.Audience.RAISER,
    "remind": Step.Audience.RAISER,
    "supervise": Step.Audience.RAISER,
    "return": Step.Audience.STAFF,
    "note": Step.Audience.STAFF,
}
NOTED = ("remind", "supervise", "take_back")  # what was said is a note for the staff
OF_RAISER = ("appeal", "confirm", "refuse", "withdraw")  # the step names the raiser's row


class WrongOrder(RuleBroken):
    """Refuse a way that runs backwards or into the future."""

    code = "matters.wrong_order"
    text = N_("办理经过的时间前后颠倒，或者在将来。")


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a way: a verb of the table, or one that leaves the state (remind, note, add).

    `body` is the new lead of an assignment, else in whose name; `into` names the row merged into
    by its position among all rows; `satisfied` goes with what the raiser says of an answer.
    """

    verb: str
    at: datetime
    text: str = ""
    body: Body | None = None
    label: str = ""
    satisfied: bool | None = None
    source: str = Verdict.Source.PAGE
    into: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One matter: what was told, by whom, when, and its way since.

    `public_text` None is the masked words, as acceptance proposes; "" keeps it off the board.
    """

    telling: Telling
    teller: Teller
    at: datetime
    acts: tuple[Act, ...] = ()
    public_text: str | None = None
    helpers: tuple[Body, ...] = ()


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


class Way:
    """A matter as it goes through its acts, with the rows that hang on it."""

    __slots__ = ("data", "helpers", "known", "matter", "row", "steps", "verdicts")

    def __init__(self, row: Row, known: Known, by: Actor, latest: datetime) -> None:
        self.row, self.known = row, known
        self.matter = _raised(row, known)
        self.data: dict[str, Any] = {}  # of the next step
        self.steps: list[list[Any]] = []
        self.verdicts: list[tuple[Any, ...]] = []
        self.helpers: list[tuple[Body, datetime]] = []
        self._append("raise", "raised", row.at, by, Act("raise", row.at), None)
        last = row.at
        for act in row.acts:
            if not last <= act.at <= latest:
                raise WrongOrder
            last = act.at
            self._go(act, by)
            self.ask_help(act, by)

    def _go(self, act: Act, by: Actor) -> None:
        matter, was = self.matter, self.matter.state
        if act.verb not in states.VERBS:
            _DO[act.verb](self, act)
            self._append(act.verb, was, act.at, by, act, matter.lead)
            return
        after = states.step(was, act.verb)
        led = matter.lead
        _DO.get(act.verb, _nothing)(self, act)
        matter.state, matter.state_since = after, act.at
        matter.due_at = next_due(matter)
        matter.closed_at = act.at if after in states.CLOSED else None
        asks = after == "answered"
        matter.ask_until = self.known.due(act.at, deadlines.ASK_DAYS) if asks else None
        self._append(act.verb, was, act.at, by, act, matter.lead or led)

    def _append(
        self, verb: str, was: str, at: datetime, by: Actor, act: Act, led: Body | None
    ) -> None:
        own = verb in BY_RAISERS
        body = led if verb in BY_LEAD else None
        label, account = ("", None) if own else ((act.label or by.as_label)[:80], by.account_id)
        audience = AUDIENCES.get(verb, Step.Audience.PUBLIC)
        data, text = self.data, words.masked(act.text)
        self.data = {}
        aside = text if verb in NOTED else ""
        self.steps.append(
            [None, at, verb, was, self.matter.state, audience, body.pk if body else None,
             label, account, "" if aside else text, data]
        )  # fmt: skip
        if aside:
            self._append("note", self.matter.state, at, by, replace(act, verb="note"), None)

    def ask_help(self, act: Act, by: Actor) -> None:
        """Ask those who help; each has a step of its own."""
        for body in self.row.helpers if act.verb == "assign" and not self.helpers else ():
            _check_takes(self.matter, body)
            self.helpers.append((body, act.at))
            self._append("co_handle", self.matter.state, act.at, by, Act("co_handle", act.at), body)

    def say(self, act: Act, solved: bool) -> None:
        """Keep what the first raiser says of this round's answer."""
        said = words.masked(act.text)[:500]
        answered = True if act.satisfied is not None else None  # two questions on one small form
        self.verdicts.append(
            (self.matter.redo_count, act.source, act.at, answered, solved, act.satisfied, said)
        )


def _raised(row: Row, known: Known) -> Matter:
    receipt, over = known.receipt(row.at), known.above.of(row.telling.place)
    matter = row_of(row.telling, row.teller, row.at, receipt=receipt, over=over)
    matter.accept_by = matter.due_at = _accept_by(matter, row.at, known)
    return matter


def _accept_by(matter: Matter, since: datetime, known: Known) -> datetime:
    begins = max(since, matter.withheld_until) if matter.withheld_until else since
    return known.due(begins, known.days_of(matter, clock.day_of(begins)).accept)


def _accept(way: Way, act: Act) -> None:
    matter, known = way.matter, way.known
    days = known.days_of(matter, clock.day_of(act.at))
    matter.accepted_at = act.at
    matter.reply_by = known.due(act.at, days.reply)
    matter.solve_by = known.due(act.at, days.solve)
    shown = way.row.public_text
    matter.public_text = matter.text if shown is None else words.masked(shown)


def _assign(way: Way, act: Act) -> None:
    matter, body = way.matter, act.body
    if body is None or (act.verb == "hand_out") != body.outside:
        raise handling.NotALead(body=str(body or ""))
    _check_takes(matter, body)
    matter.lead, matter.handler, matter.assigned_at = body, None, act.at
    matter.escalation = 0
    way.data = {"lead": body.public_id}
    if act.verb == "assign":
        way.data["insisted"] = any(step[2] == "return" and step[6] == body.pk for step in way.steps)


def _check_takes(matter: Matter, body: Body) -> None:
    named = matter.concerns
    if named is not None and named_in_complaint(body.path, named.path):
        raise handling.NamedInComplaint(body=str(named))


def _return(way: Way, act: Act) -> None:
    matter = way.matter
    matter.lead = None
    if act.verb == "return":
        matter.handler = None
        matter.returned_count += 1
        way.data = {"by": "return"}


def _reply(way: Way, act: Act) -> None:
    way.matter.replied_at = way.matter.replied_at or act.at
    way.matter.due_at = next_due(way.matter)


def _answer(way: Way, act: Act) -> None:
    matter = way.matter
    matter.replied_at = matter.replied_at or act.at
    matter.answered_at, matter.answer = act.at, handling.checked_text(act.text)


def _confirm(way: Way, act: Act) -> None:
    way.say(act, solved=True)


def _redo(way: Way, act: Act) -> None:
    matter, known = way.matter, way.known
    if act.verb == "refuse":
        way.say(act, solved=False)
    matter.redo_count += 1
    matter.escalation = 0
    matter.solve_by = known.due(act.at, known.days_of(matter, clock.day_of(act.at)).solve)


def _appeal(way: Way, act: Act) -> None:
    way.matter.accept_by = _accept_by(way.matter, act.at, way.known)


def _remind(way: Way, act: Act) -> None:
    way.matter.reminded_at = act.at


def _supervise(way: Way, act: Act) -> None:
    way.matter.supervised = True


def _nothing(way: Way, act: Act) -> None:
    pass


_DO = {
    "accept": _accept,
    "appeal": _appeal,
    "assign": _assign,
    "hand_out": _assign,
    "take_back": _return,
    "return": _return,
    "reply": _reply,
    "answer": _answer,
    "confirm": _confirm,
    "refuse": _redo,
    "reopen": _redo,
    "note": _nothing,
    "remind": _remind,
    "supervise": _supervise,
}


def join(way: Way, ways: Sequence[Way]) -> None:
    """Lead a matter merged away to the one it went into; its raiser follows."""
    if way.matter.state != "merged":
        return
    act = way.row.acts[-1]
    target = ways[act.into] if act.into is not None else None
    if target is None or target is way or target.matter.state == "merged":
        raise handling.IntoItself
    if way.matter.concerns_id != target.matter.concerns_id:
        raise handling.NotTheSame
    _absorb(target, way, act.at)


def _absorb(target: Way, way: Way, at: datetime) -> None:
    """Write into the way of the matter that goes on that another one came, when it did."""
    into, matter = target.matter, way.matter
    place = sum(step[1] <= at for step in target.steps)
    before = target.steps[place - 1] if place else None
    if before is None or before[4] in states.CLOSED:
        raise states.WrongState
    matter.merged_into = into
    way.steps[-1][-1] = {"into": into.public_id}
    into.raisers_count += 1
    into.confidential = into.confidential or matter.confidential
    if before[4] == into.state == "answered":
        into.ask_until = target.known.due(at, deadlines.ASK_DAYS)
    audience, label, account = Step.Audience.PUBLIC, way.steps[-1][7], way.steps[-1][8]
    absorbed = [None, at, "absorb", before[4], before[4], audience, None, label, account, "",
                {"from": matter.public_id}]  # fmt: skip
    target.steps.insert(place, absorbed)
