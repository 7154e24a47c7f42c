"""The hall of an evening as it is read: the page, the questions, the speaker's screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from groundwork.base.actor import Actor
from groundwork.live.models import Stream
from groundwork.live.queries.playing import Playing, playing, stream_of
from groundwork.study.models import Evening, EveningSpeaker, HallQuestion, Material
from groundwork.study.policy import hall as policy
from groundwork.study.queries.roll import OwnPart, hours_of, own_part
from groundwork.study.rules import hall as rules
from groundwork.study.rules.hall import Face, Signal

KIND = "study.evening"
VERBS: tuple[policy.Verb, ...] = ("moderate", "speak", "watch")
State = HallQuestion.State
MOST_READ = 200  # waiting questions on one page
MOST_ANSWERED = 40
Moves = tuple[tuple[HallQuestion, tuple[rules.Verb, ...]], ...]


@dataclass(frozen=True)
class HallPage:
    """What the hall shows a reader now."""

    evening: Evening
    face: Face
    stream: Stream | None
    playing: Playing | None
    speakers: list[EveningSpeaker]
    materials: list[Material]
    quiz: int
    takes_questions: bool
    own: OwnPart | None
    verbs: frozenset[str]


def hall_page(by: Actor, evening: Evening, at: datetime) -> HallPage:
    """Read one hall; the number of statements is constant: six, for the staff three more."""
    stream = stream_of(KIND, evening.public_id)
    found = playing(stream, at) if stream is not None else None
    hours = hours_of(evening)
    return HallPage(
        evening=evening,
        face=rules.face(hours, signal_of(stream, found), at),
        stream=stream,
        playing=found,
        speakers=list(evening.speakers.all()),
        materials=list(evening.materials.select_related("attachment").order_by("id")),
        quiz=evening.questions.count(),
        takes_questions=rules.takes_questions(hours, at),
        own=own_part(evening, by, at) if by.person_id is not None else None,
        verbs=frozenset(verb for verb in VERBS if policy.allows(by, evening, verb)),
    )


def signal_of(stream: Stream | None, found: Playing | None) -> Signal:
    """Give what the rules need of a stream."""
    if stream is None or found is None:
        return Signal()
    # Opened again before anybody sent: no line is broken, it has not begun.
    begun = stream.started_at is not None or found.state != Stream.State.BROKEN
    state = found.state if begun else str(Stream.State.WAITING)
    return Signal(str(stream.source), state, bool(found.replay_url))


def asked(evening: Evening) -> list[HallQuestion]:
    """List what was put to the speakers, the open ones first; nothing says who asked."""
    rows = policy.questions_of(evening).filter(state__in=(State.SHORTLISTED, State.ANSWERED))
    found = list(rows.exclude(text="").order_by("id")[: MOST_ANSWERED + rules.MOST_SHORTLISTED])
    return sorted(found, key=lambda question: question.state == State.ANSWERED)


def shortlist(evening: Evening) -> list[HallQuestion]:
    """List what stands on the speaker's screen, in the order in which it was asked."""
    return list(policy.questions_of(evening).filter(state=State.SHORTLISTED).order_by("id"))


@dataclass(frozen=True)
class Desk:
    """The moderator's desk: what waits, what is on the speaker's screen, what is done."""

    waiting: Moves
    more_waiting: int
    shortlisted: Moves
    done: Moves


def desk(evening: Evening) -> Desk:
    """Read the moderator's desk in four statements."""
    rows = policy.questions_of(evening).exclude(text="").order_by("id")
    waiting = list(rows.filter(state=State.WAITING)[:MOST_READ])
    done = rows.filter(Q(state=State.ANSWERED) | Q(state=State.SET_ASIDE))
    total = rows.filter(state=State.WAITING).count()
    return Desk(
        waiting=_moves(waiting),
        more_waiting=max(0, total - len(waiting)),
        shortlisted=_moves(list(rows.filter(state=State.SHORTLISTED))),
        done=_moves(list(done.order_by("-moved_at", "-id")[:MOST_ANSWERED])),
    )


def _moves(rows: list[HallQuestion]) -> Moves:
    return tuple((row, rules.verbs_in(row.state)) for row in rows)
