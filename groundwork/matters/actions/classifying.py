"""Set what a locked matter is about, and what follows from it; the caller saves."""

from __future__ import annotations

from typing import Literal

from groundwork.matters.actions.raising import unit_of
from groundwork.matters.models import Category, Kind, Matter, State
from groundwork.matters.queries.terms import accept_by, next_due, promise
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.matters.rules.words import cleaned, masked
from groundwork.registry.models import Body, Place, Priority
from groundwork.registry.queries.above import above

OPEN_PROMISE = (State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.OUTSIDE)


def apply_classes(
    matter: Matter,
    *,
    category: Category | None,
    urgency: str,
    kind: str,
    concerns: Body | None,
    place: Place | None,
    public_text: str | None,
    priority: Priority | Literal[""] | None = "",
    promised: bool = False,
) -> set[str]:
    """Set what is given and differs, name the fields that changed.

    `promised`: the deadlines already made follow a new category or urgency. A matter that is no
    complaint any more names nobody. `priority`: the central task it serves, None for none of them.
    """
    wanted: dict[str, object] = {
        "category": category,
        "urgency": urgency,
        "kind": kind,
        "concerns": unit_of(concerns),
    }
    changed = {name: value for name, value in wanted.items() if value}
    if kind and kind != Kind.COMPLAINT:
        changed["concerns"] = None
    if public_text is not None:
        changed["public_text"] = masked(cleaned(public_text))
    if priority != "":
        changed["priority"] = priority
    fields = {name for name, value in changed.items() if value != getattr(matter, name)}
    for name in fields:
        setattr(matter, name, changed[name])
    if place is not None and place != matter.place:
        matter.place = place
        matter.township_id, matter.district_id = above(place)
        fields |= {"place", "township", "district"}
    if promised and fields & {"category", "urgency"}:
        fields |= _promise_anew(matter)
    return fields


def _promise_anew(matter: Matter) -> set[str]:
    """Let the deadlines follow; an extension that was granted is not taken back."""
    if matter.state == State.RAISED:
        matter.accept_by = accept_by(matter, matter.raised_at)
    elif matter.state in OPEN_PROMISE and matter.accepted_at is not None:
        until = promise(matter.category, matter.urgency, matter.accepted_at)
        extended = matter.requests.filter(kind="extension", state="granted").exists()
        if not extended or matter.solve_by is None or until.solve_by > matter.solve_by:
            matter.solve_by = until.solve_by
        matter.reply_by = until.reply_by
    else:
        return set()
    matter.due_at = next_due(matter)
    return {"accept_by", "reply_by", "solve_by", "due_at"}


def check_lead_not_named(matter: Matter) -> None:
    """Refuse that a matter complains of a body that has it. Raises NamedInComplaint."""
    if matter.concerns is None:
        return
    helpers = [row.body for row in matter.co_handlers.select_related("body")]
    for body in (matter.lead, *helpers):
        if body is not None and named_in_complaint(body.path, matter.concerns.path):
            raise rules.NamedInComplaint(body=str(matter.concerns))
