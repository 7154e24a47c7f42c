"""What the gate's own phone shows: the shift's people, the code, the note of those before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from groundwork.base import codes
from groundwork.duty.models import Alarm, Gate, HandOver, LogEntry, Pause, Post, Reveal, Shift
from groundwork.duty.models.need import GateContact
from groundwork.duty.queries.keepers import keepers_of
from groundwork.duty.rules.posts import EARLY, purpose
from groundwork.registry.models import Person

SHOWN = ("planned", "confirmed", "standing", "stood", "approved", "missed")
STEPS_AHEAD = 8 * 3600 // codes.STEP  # a whole shift without a line, and the one before it
NOTE_LIVES = timedelta(hours=36)  # a gate with one shift a day reads it the next evening
LINGERS = timedelta(hours=2)  # a shift stays on the phone so long after its end


@dataclass(frozen=True)
class Shifts:
    """The shift that runs (or is about to), and the one after it."""

    now: Shift | None
    then: Shift | None


def shifts_at(gate: Gate, at: datetime) -> Shifts:
    """Find the shift a gate's phone is about, and the next."""
    rows = list(
        Shift.objects.filter(gate=gate, called_off_at=None, ends_at__gte=at - LINGERS).order_by(
            "starts_at", "id"
        )[:4]
    )
    running = [s for s in rows if s.starts_at - EARLY <= at]
    # Where one shift lingers and the next has begun, the one that runs is meant.
    now = next((s for s in reversed(running) if s.starts_at <= at), None)
    now = now or (running[-1] if running else None)
    then = next((s for s in rows if now is None or s.starts_at > now.starts_at), None)
    return Shifts(now, then)


def people_of(gate: Gate, at: datetime) -> list[dict[str, object]]:
    """List who stands the shifts that linger, run or are about to begin, leads first."""
    posts = (
        Post.objects.filter(
            shift__gate=gate,
            shift__called_off_at=None,
            shift__starts_at__lte=at + EARLY,
            shift__ends_at__gte=at - LINGERS,
            state__in=SHOWN,
        )
        .select_related("person", "shift")
        .annotate(away=Count("pauses", filter=Q(pauses__ended_at=None)))
        .order_by("shift__starts_at", "person__sort_key")
    )
    covers, asked = _covers(gate), _asked(gate)
    rows = sorted(posts, key=lambda post: (post.shift.starts_at, post.kind != "lead"))
    return [
        {
            "id": post.public_id,
            "name": post.person.name,
            "lead": post.kind == "lead",
            "state": post.state,
            "came": post.came_at is not None,
            "checked": post.came_checked,
            "gone": post.went_at is not None,
            "away": bool(post.away),
            "cover": covers.get(post.pk, ""),
            "asked": asked.get(post.pk, ""),
            "short_rest": post.short_rest,
            "from": post.shift.starts_at.timestamp(),
            "to": post.shift.ends_at.timestamp(),
        }
        for post in rows
    ]


def asked_of(gate: Gate, at: datetime) -> list[dict[str, str]]:
    """List the gates whose people step away and ask this one for cover, until somebody goes."""
    rows = Pause.objects.filter(
        asked_gate=gate, ended_at=None, covered_by=None, began_at__gt=at - LINGERS
    ).select_related("post__shift__gate__place")
    return [
        {
            "id": row.public_id,
            "gate": f"{row.post.shift.gate.place.name} {row.post.shift.gate.name}",
            "spot": row.post.shift.gate.spot,
        }
        for row in rows.order_by("began_at")[:4]
    ]


def _covers(gate: Gate) -> dict[int, str]:
    """Name who comes from the neighbour gate, by the post that is away."""
    rows = Pause.objects.filter(post__shift__gate=gate, ended_at=None, covered_by__isnull=False)
    return dict(rows.values_list("post_id", "covered_by__person__name"))


def _asked(gate: Gate) -> dict[int, str]:
    """Name the gate that was asked to cover, by the post that is away."""
    rows = Pause.objects.filter(post__shift__gate=gate, ended_at=None, asked_gate__isnull=False)
    found = rows.values_list("post_id", "asked_gate__place__name", "asked_gate__name")
    return {post: f"{place} {name}" for post, place, name in found}


def calls_of(gate: Gate, at: datetime) -> list[Person]:
    """List whom those at a gate can ring up: its contacts, else who keeps its place."""
    contacts = GateContact.objects.filter(gate=gate).exclude(person__phone="")
    people = [row.person for row in contacts.select_related("person").order_by("pk")]
    if people:
        return people
    keepers = Person.objects.filter(account__in=keepers_of(gate, at)).exclude(phone="")
    return list(keepers.order_by("sort_key", "pk")[:3])


def alarms_of(gate: Gate, at: datetime) -> list[dict[str, object]]:
    """List the alarms of the last hours, newest first: when each arrived, and was answered."""
    newest = Alarm.objects.filter(gate=gate).order_by("-at", "-id")[:4]
    return [
        {
            "key": row.client_key,
            "kind": row.kind,
            "at": row.at.timestamp(),
            "sent": row.received_at.timestamp(),
            "answered": row.answered_at.timestamp() if row.answered_at else None,
        }
        for row in newest
        if row.received_at > at - LINGERS
    ]


def reaches(gate: Gate, at: datetime) -> bool:
    """Tell whether there is anybody whom a word from the gate is brought to."""
    return bool(keepers_of(gate, at))


def note_for(gate: Gate, at: datetime) -> HandOver | None:
    """Find the newest note that nobody has signed for yet; an old one is for nobody any more."""
    notes = HandOver.objects.filter(
        gate=gate, taken_at=None, given_at__gt=at - NOTE_LIVES
    ).select_related("from_post__person")
    return notes.order_by("-given_at").first()


def counted(gate: Gate, since: datetime) -> int:
    """Count the entries of a gate's log since a moment."""
    return LogEntry.objects.filter(gate=gate, at__gte=since).count()


def code_of(gate: Gate, at: datetime) -> str:
    """Give the text of the rotating code."""
    return codes.token(gate.secret, purpose(gate.public_id), at)


def digits_of(gate: Gate, at: datetime) -> list[str]:
    """List the six digits that stand beside the code from now on, for the hours of a shift."""
    return codes.digits_from(gate.secret, purpose(gate.public_id), at, STEPS_AHEAD)


@dataclass(frozen=True)
class Counted:
    """Entries of one shift of a gate: how many, of which kind, how many with fever."""

    shift: Shift
    residents: int
    visitors: int
    vehicles: int
    fevers: int


def days_counted(gate: Gate, at: datetime, most: int = 21) -> list[Counted]:
    """Count a gate's log by shift, newest first; the counts go with the log."""
    shifts = list(
        Shift.objects.filter(gate=gate, starts_at__lte=at, called_off_at=None).order_by(
            "-starts_at"
        )[:most]
    )
    if not shifts:
        return []
    rows = LogEntry.objects.filter(gate=gate, at__gte=shifts[-1].starts_at)
    entries = list(rows.values_list("at", "who", "fever"))
    return [_counted(shift, entries) for shift in shifts]


def _counted(shift: Shift, entries: list[tuple[datetime, str, bool | None]]) -> Counted:
    mine = [(who, fever) for at, who, fever in entries if shift.starts_at <= at < shift.ends_at]
    number = Counter(who for who, _fever in mine)
    return Counted(
        shift,
        number["resident"],
        number["visitor"],
        number["vehicle"],
        sum(1 for _who, fever in mine if fever),
    )


def reveals_of(gate: Gate, most: int = 50) -> list[Reveal]:
    """List who had names of a gate's log opened, when and why."""
    return list(Reveal.objects.filter(gate=gate).order_by("-id")[:most])
