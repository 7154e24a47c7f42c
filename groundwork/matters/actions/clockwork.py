"""What happens by itself: silence ends the asking, a deadline that nears or passes is told."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse

from groundwork.access.actions.notices import Message, notify, notify_many
from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.days import calendar
from groundwork.base.errors import N_
from groundwork.base.tree import chain
from groundwork.matters.actions import steps, telling
from groundwork.matters.models import Matter, State, Step, Verdict
from groundwork.matters.policy import locked, not_withheld
from groundwork.matters.queries import keepers
from groundwork.matters.rules import deadlines, states
from groundwork.registry.models import Body, Place

WORKER = system("worker")
MOST = 500  # matters in one run; the next run takes the rest
DISPATCHED = (State.RAISED, State.ACCEPTED, State.OUTSIDE)  # the dispatcher owes the next step
AMBER = N_("%(body)s有 %(count)s 件诉求在 %(due)s 到期，请抓紧办理。")
RED = N_("%(body)s有 %(count)s 件诉求已超期，请督促办理。")
RED_HERE = N_("%(place)s有 %(count)s 件诉求超期未受理、未派单或外单位未答复。")


def lapse_unanswered(at: datetime | None = None, *, by: Actor = WORKER, most: int = MOST) -> int:
    """End the asking where its days are over; count what ended.

    Silence makes it "unit says done", a state of its own. Where who raised it is silent and
    somebody who joined said it is solved, that word decides.
    """
    at = at or clock.now()
    over = Matter.objects.filter(state=State.ANSWERED, ask_until__lt=at).order_by("pk")
    keys = list(over.values_list("pk", flat=True)[:most])
    return sum(_lapse(pk, by=by, at=at) for pk in keys)


@transaction.atomic
def _lapse(pk: int, *, by: Actor, at: datetime) -> bool:
    matter = locked(pk)
    if matter.state != State.ANSWERED or matter.ask_until is None or matter.ask_until >= at:
        return False  # somebody said something since
    said = Verdict.objects.filter(
        matter=matter, round=matter.redo_count, solved=True, raiser__isnull=False
    )
    if said.exists():
        steps.move(matter, "confirm", by=steps.BY_RAISER, at=at, data={"by": "joined"})
        telling.tell_lead(matter, "confirm", by=by, at=at)
        return True
    step = steps.move(matter, "lapse", by=by, at=at, body=matter.lead)
    telling.tell_lead(matter, "lapse", by=by, at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return True


def escalate_late(at: datetime | None = None, *, by: Actor = WORKER, most: int = MOST) -> int:
    """Tell of deadlines: near, the lead; missed, its secretary, then one level up each working day.

    One notice per lead and level, however many matters. Counts the matters that went a level up.
    """
    at = at or clock.now()
    _warn(at, by=by)
    return _rise(at, by=by, most=most)


# ---- amber -----------------------------------------------------------------------------------
@transaction.atomic
def _warn(at: datetime, *, by: Actor) -> None:
    """Tell every lead once of what falls due next."""
    bound = deadlines.amber_until(calendar(), at)
    near = _running(at).filter(state__in=states.AT_WORK, due_at__gte=at, due_at__lt=bound)
    rows = near.order_by().values("lead", "due_at").annotate(n=Count("pk"))
    counted = {(row["lead"], row["due_at"]): row["n"] for row in rows if row["due_at"]}
    bodies = Body.objects.in_bulk({lead for lead, _due in counted})
    told = []
    for (lead, due_at), count in counted.items():
        body = bodies[lead]
        message = Message(
            kind="matters.amber",
            key=f"matters.amber:{lead}:{due_at.isoformat()}",
            text=AMBER,
            url=reverse("matters:queue"),
            params={"body": str(body), "count": count, "due": due_at},
        )
        told += [(account, message) for account in keepers.handlers_of(body, at)]
    notify_many(told, by=by, at=at)


def _running(at: datetime) -> QuerySet[Matter]:
    return Matter.objects.filter(not_withheld(at), closed_at=None, due_at__isnull=False)


# ---- red -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Rise:
    """Late matters that go up together: from whom, past whom, from which level to which."""

    lead: Body | None  # None: the dispatcher's to move
    place: Place | None
    concerns: Body | None
    told: int
    level: int

    def accounts(self, level: int, at: datetime) -> list[int]:
        """Name whom to tell at a level: the secretary and up the bodies, else up the places."""
        if self.lead is not None:
            above = chain(self.lead.path)[level - 1]
            return keepers.leaders_at(above, at, avoid=self.concerns)
        assert self.place is not None
        if level == 1:
            return keepers.dispatchers_of(self.place, at, avoid=self.concerns)
        return keepers.operators_at(_districts(self.place.path)[level - 2], at, avoid=self.concerns)


def _districts(path: str) -> list[str]:
    """Name the district and the city above a place, where operators sit."""
    return [above for above in chain(path) if len(above) <= 2 * Place.steplen]


def _rise(at: datetime, *, by: Actor, most: int) -> int:
    groups: dict[Rise, list[int]] = defaultdict(list)
    for matter, level in _rising(at, most):
        led = matter.state in states.AT_WORK
        place = None if led else matter.place
        lead = matter.lead if led else None
        rise = Rise(lead, place, matter.concerns, matter.escalation, level)
        groups[rise].append(matter.pk)
    return sum(_tell_of(rise, keys, by=by, at=at) for rise, keys in groups.items())


def _rising(at: datetime, most: int) -> list[tuple[Matter, int]]:
    """Find late matters of which somebody further up has to know by now."""
    levels = lru_cache(maxsize=None)(partial(deadlines.levels_late, calendar(), at=at))
    late = _running(at).filter(state__in=(*states.AT_WORK, *DISPATCHED), due_at__lt=at)
    found: dict[int, int] = {}
    rows = late.order_by("due_at", "pk").values_list(
        "pk", "state", "due_at", "escalation", "lead__path", "place__path"
    )
    for pk, state, due_at, told, lead, place in rows.iterator(chunk_size=2000):
        led = state in states.AT_WORK
        top = len(chain(lead)) if led else 1 + len(_districts(place))
        level = min(levels(due_at), top)
        if level > told:
            found[pk] = level
        if len(found) >= most:
            break
    matters = Matter.objects.filter(pk__in=found).select_related("lead", "place", "concerns")
    return [(matter, found[matter.pk]) for matter in matters.order_by("pk")]


@transaction.atomic
def _tell_of(rise: Rise, keys: list[int], *, by: Actor, at: datetime) -> int:
    """Write the level with the matters that are still late, and tell each level passed."""
    still = Matter.objects.filter(
        pk__in=keys, escalation=rise.told, due_at__lt=at, closed_at=None, lead=rise.lead
    )
    if rise.lead is None:
        still = Matter.objects.filter(
            pk__in=keys, escalation=rise.told, due_at__lt=at, state__in=DISPATCHED
        )
    matters = list(still.select_for_update().order_by("pk"))
    if not matters:
        return 0
    pks = [matter.pk for matter in matters]
    Matter.objects.filter(pk__in=pks).update(escalation=rise.level)
    for matter in matters:
        audience = Step.Audience.RAISER
        data = {"level": rise.level}
        steps.append(matter, "escalate", by=by, at=at, audience=audience, data=data)
        trail.record(by, "escalate", steps.KIND, matter.public_id, ["escalation"], at=at)
    which = hashlib.sha256(",".join(map(str, pks)).encode()).hexdigest()[:16]
    for level in range(rise.told + 1, rise.level + 1):
        notify(
            rise.accounts(level, at),
            kind="matters.red",
            key=f"matters.red:{level}:{at.timestamp():.0f}:{which}",
            text=RED if rise.lead is not None else RED_HERE,
            url=reverse("matters:queue"),
            params={"body": str(rise.lead), "place": str(rise.place), "count": len(matters)},
            by=by,
            at=at,
        )
    return len(matters)
