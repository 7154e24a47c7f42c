"""What a planner's forms may offer, and what pasted names mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from groundwork.base import text
from groundwork.base.actor import Actor
from groundwork.registry.models import Body, Person, Priority
from groundwork.study.models import Evening, Material, Programme, Topic
from groundwork.study.policy.evening import (
    is_planner,
    plannable_bodies,
    visible_evenings,
    visible_material,
    visible_programmes,
)

WIDE = str.maketrans("()", "（）")
RECENT = 12  # materials offered in a plan; older ones are put in from the library


class Choice(NamedTuple):
    """One answer of a search: the public id, the name, and what tells it from its namesakes."""

    id: str
    label: str
    sub: str = ""


def own_body(by: Actor) -> Body | None:
    """Guess for whom the actor plans: the highest body of the grant."""
    return plannable_bodies(by).select_related("place").order_by("path").first()


def body(by: Actor, public_id: str) -> Body | None:
    """Find a body for which the actor plans."""
    return plannable_bodies(by).select_related("place").filter(public_id=public_id).first()


def body_label(by: Actor, public_id: str) -> str:
    """Name a body for which the actor plans; '' for any other."""
    found = body(by, public_id)
    return found.name if found else ""


def body_choices(by: Actor, words: str, limit: int = 12) -> list[Choice]:
    """Find bodies the actor plans for by name, short name or code, in directory order."""
    words = text.tidy(words)
    if not words:
        return []
    named = Q(name__contains=words) | Q(short_name__contains=words) | Q(code__iexact=words)
    found = plannable_bodies(by).filter(named).order_by("path")[:limit]
    return [Choice(b.public_id, b.name, b.code) for b in found]


def bodies_named(by: Actor, lines: list[str]) -> dict[str, list[Body]]:
    """Resolve pasted names: name, short name or code first, then the other names units go by."""
    found: dict[str, list[Body]] = defaultdict(list)
    # Names are compared folded: a directory may write （市） where a clerk types (市).
    wanted = {text.tidy(line): line for line in lines}
    typed = {form for word in wanted for form in (word, word.translate(WIDE))}
    if not typed:
        return found
    mine = plannable_bodies(by).select_related("place")
    exact = Q(name__in=typed) | Q(short_name__in=typed) | Q(code__in=typed)
    for row in mine.filter(exact).order_by("path"):
        for word in {text.tidy(name) for name in (row.name, row.short_name, row.code)}:
            if word in wanted:
                found[wanted[word]].append(row)
    if rest := {word for word, line in wanted.items() if line not in found}:
        for row in mine.exclude(aliases=[]).order_by("path"):
            for word in rest & {text.tidy(alias) for alias in row.aliases}:
                found[wanted[word]].append(row)
    return found


def speaker_numbered(by: Actor, number: str) -> Person | None:
    """Find somebody of the staff by the whole work number; any of them may be asked to speak."""
    if not is_planner(by):
        return None
    wanted = text.tight(number)
    return Person.objects.filter(work_number__iexact=wanted, merged_into=None).first()


def topics() -> QuerySet[Topic]:
    """List the topics, by theme."""
    return Topic.objects.all()


def priorities(day: date) -> QuerySet[Priority]:
    """List the central tasks in force on a day."""
    return Priority.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def programmes(by: Actor, today: date) -> QuerySet[Programme]:
    """Give the programmes that run today or later: what a new evening may belong to."""
    return visible_programmes(by).filter(ends__gte=today)


def parents(by: Actor, host: Body | None, at: datetime) -> QuerySet[Evening]:
    """Give announced evenings from above under which a body may hold its own."""
    if host is None:
        return Evening.objects.none()
    step = Body.steplen
    above = [host.path[:n] for n in range(step, len(host.path) + 1, step)]
    return (
        visible_evenings(by)
        .filter(state=Evening.State.PUBLISHED, starts_at__gt=at, audience__path__in=above)
        .exclude(host=host)
        .select_related("host")
        .order_by("starts_at", "id")
        .distinct()
    )


def parent_at(by: Actor, host: Body, starts_at: datetime) -> Evening | None:
    """Find the announced evening from above that a stop at this time would stand in for."""
    ahead = parents(by, host, starts_at - timedelta(hours=6))
    return ahead.filter(starts_at__lte=starts_at, ends_at__gt=starts_at).first()


def materials(
    by: Actor, kept: Iterable[Material], wanted: Iterable[str] = ()
) -> dict[str, Material]:
    """Offer those already chosen, those asked for by public id, and the newest."""
    rows = visible_material(by).order_by("-added_at", "-id")
    named = rows.filter(public_id__in=list(wanted))
    return {m.public_id: m for m in (*kept, *named, *rows[:RECENT])}
