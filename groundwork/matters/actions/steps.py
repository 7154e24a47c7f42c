"""Move a matter along its table and append the step; every act of the area ends here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.matters import signals
from groundwork.matters.models import Matter, Step
from groundwork.matters.queries.terms import next_due, promise
from groundwork.matters.rules import deadlines, states
from groundwork.registry.models import Body

KIND = "matters.matter"
WORD = "matters.word"  # what a raiser said of an answer; in the change log alone
RAISER = "raiser"  # the system name under which a raiser's own acts stand in the trail
BY_RAISER = Actor(system=RAISER)
Audience = Step.Audience


def dimensions(matter: Matter) -> dict[str, str | int | None]:
    """Give what the figures count a matter by: ids and days, never a person."""
    return {
        "door": matter.door,
        "category": matter.category_id,
        "place": matter.place_id,
        "district": matter.district_id,
        "lead": matter.lead_id,
        "state": matter.state,
        "raised": clock.day_of(matter.raised_at).isoformat(),
        "closed": clock.day_of(matter.closed_at).isoformat() if matter.closed_at else None,
        "answered": clock.day_of(matter.answered_at).isoformat() if matter.answered_at else None,
    }


def _standing(matter: Matter) -> dict[str, str | int | None]:
    """Give what the figures counted the locked matter by until now.

    Read anew: the caller has set lead or category already, and sums would never come right.
    """
    columns = ("door", "category", "place", "district", "lead", "state")
    times = ("raised_at", "closed_at", "answered_at")
    return dimensions(Matter.objects.only(*columns, *times).get(pk=matter.pk))


def note(
    matter: Matter,
    *,
    before: changes.Dimensions | None = None,
    kind: str = KIND,
    at: datetime,
) -> None:
    """Append what a matter is counted by to the change log, and tell the areas above of it.

    Without `before` it is counted as it was, but by more people, or from another hour on.
    """
    stands = dimensions(matter)
    changes.record(kind, matter.public_id, before=before or stands, after=stands, at=at)
    signals.counted.send(Matter, matter=matter, at=at)


def move(
    matter: Matter,
    verb: states.Verb,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    audience: str = Audience.PUBLIC,
    fields: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    body: Body | None = None,
) -> Step:
    """Take a locked matter one step on and save it with `fields`, which the caller has set.

    What the office owes next (`due_at`) and until when the raiser is asked follow by themselves.
    Raises WrongState. A raiser's act comes with `by=BY_RAISER`: no account stands in the step.
    """
    before, was = _standing(matter), matter.state
    matter.state = states.step(was, verb)
    matter.state_since = at
    matter.due_at = next_due(matter)
    matter.closed_at = at if matter.state in states.CLOSED else None
    if matter.state != "answered":
        matter.ask_until = None
    elif "ask_until" not in fields:
        matter.ask_until = deadlines.due(calendar(), at, deadlines.ASK_DAYS)
    names = {"state", "state_since", "due_at", "closed_at", "ask_until", *fields}
    matter.save(update_fields=sorted(names))
    if (was in states.CLOSED) != (matter.state in states.CLOSED):
        matter.co_handlers.update(over=matter.state in states.CLOSED)
    note(matter, before=before, at=at)
    step = append(
        matter, verb, by=by, at=at, text=text, audience=audience, data=data, body=body, was=was
    )
    trail.record(by, verb, KIND, matter.public_id, sorted(names), at=at)
    signals.moved.send(Matter, matter=matter, verb=verb, before=was, step=step, by=by, at=at)
    return step


def redo(
    matter: Matter,
    verb: states.Verb,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    audience: str = Audience.PUBLIC,
    data: Mapping[str, Any] | None = None,
    solve_by: datetime | None = None,
) -> Step:
    """Send a locked matter back for another round (`refuse`, `reopen`) with a new deadline.

    Its category's, unless a day was agreed.
    """
    states.step(matter.state, verb)
    matter.redo_count += 1
    matter.escalation = 0
    matter.solve_by = solve_by or promise(matter.category, matter.urgency, at).solve_by
    fields = ("redo_count", "escalation", "solve_by")
    return move(matter, verb, by=by, at=at, text=text, audience=audience, fields=fields, data=data)


def append(
    matter: Matter,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    audience: str = Audience.PUBLIC,
    data: Mapping[str, Any] | None = None,
    body: Body | None = None,
    was: str = "",
) -> Step:
    """Append a step that may leave the state as it is; the text stays as it was read."""
    return Step.objects.create(
        matter=matter,
        at=at,
        verb=verb,
        before=was or matter.state,
        after=matter.state,
        audience=audience,
        body=body,
        label=by.as_label[:80],
        account_id=by.account_id,
        text=text,
        data=dict(data or {}),
    )
