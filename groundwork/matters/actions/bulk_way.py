"""Walk one matter's whole way in memory, by the rules of the single actions; see `bulk`.

Every verb of the table is walked, and of what leaves the state as it is: first reply, contribution,
reminder, supervision, requests with their decisions (`bulk_asks`), notes, what a raiser adds and
thanks; mergers and splits tie two ways together (`bulk_ties`). Not walked, because a row says how
it came to stand: corrections of category or place, changes of the handler, joins, rounds of calls,
escalations.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from groundwork.base import clock, ids
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.matters.actions import bulk_asks
from groundwork.matters.actions.bulk_rows import Act, Help, Known, Row, WrongOrder
from groundwork.matters.actions.bulk_ties import split_off
from groundwork.matters.actions.pressing import PRESSED
from groundwork.matters.actions.raising import row_of
from groundwork.matters.models import Matter, Request, Step
from groundwork.matters.policy.matter import part_digest, secret_digest
from groundwork.matters.queries.choices import LEAD_KINDS
from groundwork.matters.queries.terms import next_due
from groundwork.matters.rules import deadlines, handling, states, verdicts, words
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body

BY_RAISERS = ("raise", "appeal", "confirm", "refuse", "withdraw", "add", "thank")
BY_LEAD = ("assign", "hand_out", "take_back", "start", "reply", "answer", "return", "lapse",
           "co_handle", "ask_extension", "dispute", "extend")  # fmt: skip
AUDIENCES = {
    "decline": Step.Audience.RAISER,
    "reopen": Step.Audience.RAISER,
    "reply": Step.Audience.RAISER,
    "remind": Step.Audience.RAISER,
    "supervise": Step.Audience.RAISER,
    "unsupervise": Step.Audience.RAISER,
    "extend": Step.Audience.RAISER,
    "add": Step.Audience.RAISER,
    "thank": Step.Audience.RAISER,
    "contribute": Step.Audience.STAFF,
    "ask_extension": Step.Audience.STAFF,
    "dispute": Step.Audience.STAFF,
    "grant": Step.Audience.STAFF,
    "deny": Step.Audience.STAFF,
    "return": Step.Audience.STAFF,
    "note": Step.Audience.STAFF,
}
NOTED = ("remind", "supervise", "unsupervise", "take_back")  # what was said is a note for the staff
OF_RAISER = (
    "appeal",
    "confirm",
    "refuse",
    "withdraw",
    "add",
    "thank",
)  # the step names the raiser's row
# With a reason, as its page asks for one.
REASONED = (*NOTED, "decline", "return", "ask_extension", "dispute", "grant", "deny")


class Way:
    """A matter as it goes through its acts, with the rows that hang on it."""

    __slots__ = (
        *("by", "data", "digest", "helpers", "known", "matter", "requests", "row", "steps"),
        *("verdicts", "whole"),
    )

    def __init__(
        self, row: Row, known: Known, by: Actor, latest: datetime, whole: Way | None = None
    ) -> None:
        self.row, self.known, self.by, self.whole = row, known, by, whole
        self.data: dict[str, Any] = {}  # of the next step
        self.steps: list[list[Any]] = []
        self.verdicts: list[tuple[Any, ...]] = []
        self.helpers: dict[int, Help] = {}
        self.requests: list[Request] = []
        if whole is None:
            self.matter = _raised(row, known)
            self.digest = secret_digest(ids.public_id() + ids.public_id())
            self.append("raise", "raised", row.at, Act("raise", row.at), None)
        else:
            self.matter = split_off(self, whole)
            self.digest = part_digest(whole.digest, self.matter.public_id)
        last = row.at
        if last > latest:
            raise WrongOrder
        for act in row.acts:
            if not last <= act.at <= latest:
                raise WrongOrder
            last = act.at
            self._go(act)

    @property
    def raised(self) -> datetime:
        """Say when its raiser came, of a part when the raiser of the whole did."""
        return self.matter.raised_at

    def _go(self, act: Act) -> None:
        matter, was = self.matter, self.matter.state
        if act.verb in REASONED:
            act = replace(act, text=handling.checked_reason(act.text))
        if act.verb not in states.VERBS:
            _DO[act.verb](self, act)
            self.append(act.verb, was, act.at, act, matter.lead)
            bulk_asks.follow(self, act)
            return
        self.move(act)

    def move(self, act: Act) -> None:
        """Take the matter one step on by a verb of the table, with all that follows of itself."""
        matter, was = self.matter, self.matter.state
        if act.verb not in states.VERBS:
            raise states.WrongState
        after = states.step(was, act.verb)
        led = matter.lead
        _DO.get(act.verb, _nothing)(self, act)
        matter.state, matter.state_since = after, act.at
        matter.due_at = next_due(matter)
        matter.closed_at = act.at if after in states.CLOSED else None
        asks = after == "answered"
        matter.ask_until = self.known.due(act.at, deadlines.ASK_DAYS) if asks else None
        self.append(act.verb, was, act.at, act, matter.lead or led)
        self._set_helpers(act)
        bulk_asks.settle(self, act, was)

    def append(self, verb: str, was: str, at: datetime, act: Act, led: Body | None) -> None:
        """Append a step as the single actions write it."""
        own, by = verb in BY_RAISERS, self.by
        body = led if verb in BY_LEAD else act.body if verb == "contribute" else None
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
            self.append("note", self.matter.state, at, replace(act, verb="note"), None)

    def _set_helpers(self, act: Act) -> None:
        """Let exactly these help; what somebody contributed already stays. Each has a step."""
        if act.verb not in ("assign", "hand_out"):
            return
        asked = self.row.helpers if act.verb == "assign" else ()
        wanted = {body.pk: body for body in asked if body != self.matter.lead}
        for pk, one in list(self.helpers.items()):
            if pk not in wanted and one.contributed_at is None:
                del self.helpers[pk]
        for pk, body in wanted.items():
            if pk not in self.helpers:
                self.helpers[pk] = Help(body, act.at)
                step = Act("co_handle", act.at)
                self.append("co_handle", self.matter.state, act.at, step, body)

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
    for one in (body, *(way.row.helpers if act.verb == "assign" else ())):
        _check_takes(matter, one, act)
    if matter.state in ("assigned", "handling") and matter.lead == body:
        raise handling.AlreadyAssigned(body=str(body))
    matter.lead, matter.handler, matter.assigned_at = body, None, act.at
    matter.escalation = 0
    way.data = {"lead": body.public_id}
    if act.verb == "assign":
        way.data["insisted"] = any(step[2] == "return" and step[6] == body.pk for step in way.steps)


def _check_takes(matter: Matter, body: Body, act: Act) -> None:
    gone = body.valid_to is not None and body.valid_to < clock.day_of(act.at)
    if act.verb == "assign" and (body.outside or gone or body.kind not in LEAD_KINDS):
        raise handling.NotALead(body=str(body))
    named = matter.concerns
    if named is not None and named_in_complaint(body.path, named.path):
        raise handling.NamedInComplaint(body=str(named))


def _return(way: Way, act: Act) -> None:
    """Give it back: by the lead, once; by a dispute that was granted; from a body outside."""
    matter, disputed = way.matter, act.asked == Request.Kind.DISPUTE
    if act.verb == "return" and not disputed and bulk_asks.insisted(way):
        raise handling.ReturnRefused
    matter.lead = None
    if act.verb == "return":
        matter.handler = None
        matter.returned_count += 1
        way.data = {"by": "dispute" if disputed else "return"}


def _reply(way: Way, act: Act) -> None:
    bulk_asks.check_at_work(way)
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
    if any(step[2] == "appeal" for step in way.steps):
        raise verdicts.AppealedBefore
    way.matter.accept_by = _accept_by(way.matter, act.at, way.known)


def _remind(way: Way, act: Act) -> None:
    if way.matter.state not in PRESSED:
        raise states.WrongState
    way.matter.reminded_at = act.at


def _supervise(way: Way, act: Act) -> None:
    matter, on = way.matter, act.verb == "supervise"
    if matter.state not in ("accepted", *PRESSED) or matter.supervised == on:
        raise states.WrongState
    matter.supervised = on


def _contribute(way: Way, act: Act) -> None:
    bulk_asks.check_at_work(way)
    mine = way.helpers.get(act.body.pk) if act.body else None
    if mine is None:
        raise Forbidden
    mine.contribution, mine.contributed_at = handling.checked_text(act.text), act.at


def _add(way: Way, act: Act) -> None:
    if way.matter.state not in states.OPEN:
        raise verdicts.NoMoreWords


def _thank(way: Way, act: Act) -> None:
    if way.matter.state not in verdicts.SPOKEN_OF:
        raise verdicts.NothingToSay
    if any(step[2] == "thank" for step in way.steps):
        raise verdicts.ThankedBefore


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
    "unsupervise": _supervise,
    "contribute": _contribute,
    "add": _add,
    "thank": _thank,
    "ask_extension": bulk_asks.ask,
    "dispute": bulk_asks.ask,
    "grant": bulk_asks.decide,
    "deny": bulk_asks.decide,
}
