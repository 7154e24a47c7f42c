"""Rounds of consultation: the unit's list, those addressed to me, replies, what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import SMALLEST_WHOLE, Rate
from groundwork.matters.models import Matter
from groundwork.matters.policy import public_matters, visible_matters
from groundwork.matters.queries.counted import IS_CONFIRMED, counted_matters
from groundwork.registry.models import Body
from groundwork.service.models import Round, RoundQuestion, RoundReply, RoundSchedule
from groundwork.service.policy import rounds as policy
from groundwork.service.rules import rounds as rules

SOURCE = "service.round"
SIZE, MOST_SCHEDULES = 30, 50
State, Audience = Round.State, Round.Audience


def rounds(by: Actor, *, state: str = "", after: str = "") -> Listing[Round]:
    """List the rounds of one's units, the newest first, with how many have answered."""
    rows = policy.visible_rounds(by).select_related("body", "place")
    if state:
        rows = rows.filter(state=state)
    rows = rows.annotate(answered=CountOf("replies"))
    return page_by_key(rows, ("-opens_at", "-id"), after, size=SIZE)


def waiting(by: Actor, at: datetime) -> list[Round]:
    """Give open rounds that ask the actor and that the actor has not answered."""
    if by.account_id is None:
        return []
    said = RoundReply.objects.filter(round=OuterRef("pk"), account_id=by.account_id)
    rows = policy.asked(by).filter(
        ~Exists(said), state=State.OPEN, opens_at__lte=at, closes_at__gt=at
    )
    bodies = policy.enterprises(by) if by.person_id is None else None
    if bodies is not None:  # a colleague may have answered for the enterprise
        ours = RoundReply.objects.filter(round=OuterRef("pk"), body__in=bodies)
        rows = rows.filter(~Exists(ours))
    return list(rows.select_related("body").order_by("closes_at", "id")[:10])


def open_to_all(at: datetime) -> list[Round]:
    """Give the rounds that ask everybody now."""
    rows = policy.public_rounds(at).filter(
        audience=Audience.ALL, state=State.OPEN, closes_at__gt=at
    )
    return list(rows.select_related("body", "place").order_by("closes_at", "id")[:50])


def reported(after: str = "") -> Listing[Round]:
    """List published outcomes, the newest first."""
    rows = Round.objects.filter(state=State.REPORTED).select_related("body", "place")
    return page_by_key(rows, ("-opens_at", "-id"), after, size=SIZE)


@dataclass(frozen=True)
class Answered:
    """One answer under its question."""

    question: RoundQuestion
    text: str


@dataclass(frozen=True)
class ReplyLine:
    """A reply as the unit reads it: never whose account it was; the enterprise where one spoke and
    does not mind.
    """

    reply: RoundReply
    who: Body | None
    answers: list[Answered]


@dataclass(frozen=True)
class RoundPage:
    """What the page of a round shows the unit that asks."""

    round: Round
    questions: list[RoundQuestion]
    asked: list[str]
    replies: Listing[RoundReply]
    lines: list[ReplyLine]
    replied: int
    answered: Rate | None  # of those asked by name
    matters: list[Matter]
    schedule: RoundSchedule | None
    may: dict[str, bool]


def round_page(by: Actor, found: Round, at: datetime, after: str = "") -> RoundPage:
    """Read a round with its replies and the matters that came out of it."""
    questions = list(found.questions.all())
    replies = policy.replies_of(by, found)
    page = page_by_key(replies.select_related("body", "place"), ("-id",), after, size=SIZE)
    invites = list(found.invites.select_related("person", "body").order_by("id")[:500])
    n = replies.count()
    keeps = policy.may_keep_round(by, found.body)
    matters = visible_matters(by, at).filter(source_kind=SOURCE, source_id=found.public_id)
    verbs: tuple[rules.Verb, ...] = ("edit", "open", "close", "report", "take_up")
    return RoundPage(
        round=found,
        questions=questions,
        asked=[str(row.person or row.body) for row in invites],
        replies=page,
        lines=[line_of(reply, questions) for reply in page.rows],
        replied=n,
        answered=_answered(found),
        matters=list(matters.select_related("category", "place", "lead").order_by("-id")[:50]),
        schedule=found.schedule,
        may={verb: keeps and rules.can(found.state, verb) for verb in verbs}
        | {"copy": keeps, "schedule": keeps and not _runs(found.schedule)},
    )


def _answered(found: Round) -> Rate | None:
    """Count who was asked by name, and who of them answered, as an account or an enterprise.

    None where nobody was named, and once the names are erased.
    """
    if found.replies.filter(account_id=None).exists():
        return None
    said = RoundReply.objects.filter(round=OuterRef("round"))
    as_account = Exists(said.filter(account_id=OuterRef("person__account")))
    answered = Q(as_account) | Q(Exists(said.filter(body=OuterRef("body"))))
    n = found.invites.aggregate(all=CountOf("pk"), answered=CountOf("pk", filter=answered))
    return Rate(n["answered"], n["all"]) if n["all"] else None


def _runs(schedule: RoundSchedule | None) -> bool:
    return schedule is not None and schedule.ended_at is None


def running(by: Actor) -> list[Round]:
    """Give the standing orders to ask again, each by its newest round: the next to begin first."""
    newest = Round.objects.filter(schedule=OuterRef("pk")).order_by("-turn")
    schedules = policy.visible_schedules(by).filter(ended_at=None)
    rows = schedules.values_list(Subquery(newest.values("pk")[:1]), flat=True)
    found = Round.objects.filter(pk__in=rows).select_related("body", "schedule")
    return list(found.order_by("opens_at", "id")[:MOST_SCHEDULES])


def line_of(reply: RoundReply, questions: list[RoundQuestion]) -> ReplyLine:
    """Put a reply's answers under their questions."""
    said = [Answered(q, reply.answers[str(q.pk)]) for q in questions if str(q.pk) in reply.answers]
    return ReplyLine(reply, None if reply.confidential else reply.body, said)


@dataclass(frozen=True)
class Outcome:
    """What came of a round, as everybody may read it."""

    round: Round
    questions: list[RoundQuestion]
    replies: int
    marked: int  # matters that came out of it, those under embargo not yet
    matters: list[Matter]  # those the public board shows
    unshown: int
    few_unshown: bool  # one to four are no number
    solved: Rate


def outcome(found: Round, at: datetime) -> Outcome:
    """Count the replies and list the matters that the board shows; the others are counted.

    One to four others are no number anywhere: then what is counted is what is shown.
    """
    own = {"source_kind": SOURCE, "source_id": found.public_id}
    public = public_matters(at).filter(**own)
    n, solved = _counted(counted_matters(at).filter(**own))
    shown, shown_solved = _counted(public)
    few = 0 < n - shown < SMALLEST_WHOLE
    if few:
        n, solved = shown, shown_solved
    rows = public.select_related("place", "category", "lead").order_by("-id")
    return Outcome(
        round=found,
        questions=list(found.questions.all()),
        replies=found.replies.count(),
        marked=n,
        matters=list(rows[:100]),
        unshown=n - shown,
        few_unshown=few,
        solved=Rate(solved, n),
    )


def _counted(rows: QuerySet[Matter]) -> tuple[int, int]:
    """Count matters, and those of them that who raised them says are solved."""
    counted = rows.aggregate(n=CountOf("pk"), solved=CountOf("pk", filter=IS_CONFIRMED))
    return counted["n"], counted["solved"]


def has_replied(by: Actor, found: Round) -> bool:
    """Tell whether somebody asked by name has answered already."""
    if found.audience == Audience.ALL or by.account_id is None:
        return False
    replies = found.replies
    if replies.filter(account_id=by.account_id).exists():
        return True
    return replies.filter(body__in=policy.enterprises(by)).exists()


def is_open(found: Round, at: datetime) -> bool:
    """Tell whether answers are taken now."""
    return found.state == State.OPEN and found.opens_at <= at < found.closes_at


def state_word(found: Round, at: datetime) -> tuple[str, str]:
    """Say how a round stands: the chip's tone and its words."""
    if found.state == State.OPEN and at < found.opens_at:
        return "plain", _("到时开始")
    if found.state == State.OPEN and at >= found.closes_at:
        return "due", _("已截止")
    tones = {State.DRAFT: "plain", State.OPEN: "act", State.CLOSED: "due", State.REPORTED: "ok"}
    return tones[State(found.state)], str(found.get_state_display())
