"""Write a like or brick, reply, decide, appeal, correct, take back; what the clock does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.days import calendar
from groundwork.base.errors import N_, NotFound
from groundwork.registry.models import Person, Place
from groundwork.voices.actions.telling import tell
from groundwork.voices.models import Mark, MarkStep
from groundwork.voices.policy import marks as policy
from groundwork.voices.policy.home import check_keeps
from groundwork.voices.queries import keepers
from groundwork.voices.rules import marks as rules

KIND = "voices.mark"
CLOCK = system("voices.clock")
State = Mark.State
TOLD = N_("%(place)s写了一条关于您的评议，请您先看；%(day)s前可以说明。")
REPLIED = N_("对您写的评议，本人作了说明。")
HEARD = N_("%(place)s有一条关于本单位干部的评议，请认定。")
HEARD_LIKE = N_("%(place)s给本单位干部点了赞。")
DECIDED = N_("一条与您有关的评议，有了认定：%(state)s。")
APPEALED = N_("一条评议申诉到您这里，请认定。")
CORRECTED = N_("%(place)s更正了一条与您有关的评议。")
TAKEN_BACK = N_("%(place)s收回了一条与您有关的评议。")


@dataclass(frozen=True)
class Happened:
    """What a mark is tied to: something another area knows, or a day and its words alone."""

    day: date
    words: str = ""
    kind: str = ""
    id: str = ""


@transaction.atomic
def write_mark(
    kind: str,
    person: Person,
    place: Place,
    happened: Happened,
    text: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Mark:
    """Write down what a community's secretary saw; the person alone is told.

    Raises Forbidden, NotFound for somebody who does not live there, BadDay, BadWords.
    """
    at = at or clock.now()
    check_keeps(by, place)
    if person.pk == by.person_id:
        raise rules.AboutOneself
    if not policy.markable(by, place).filter(pk=person.pk).exists():
        raise NotFound
    today = clock.day_of(at)
    rules.check_day(happened.day, today)
    text = rules.clean_words(text)
    mark = Mark.objects.create(
        kind=Mark.Kind(kind),
        person=person,
        unit=person.unit,
        place=place,
        subject_kind=happened.kind,
        subject_id=happened.id,
        subject=happened.words.strip()[:200],
        day=happened.day,
        written_at=at,
        reply_by=calendar().add(today, rules.REPLY_DAYS),
        expires_on=rules.expires_on(today),
    )
    _say(mark, "write", text, by, at)
    _tell([person], mark, "told", TOLD, at, place=str(place), day=mark.reply_by)
    return mark


def _say(mark: Mark, verb: str, text: str, by: Actor, at: datetime, *fields: str) -> None:
    """Append a word with its signature, and what the trail and the figures may know of it."""
    MarkStep.objects.create(
        mark=mark,
        verb=verb,
        at=at,
        account_id=by.account_id,
        name="" if by.system else by.display_name[:60],
        office=by.as_label[:120],
        text=text,
    )
    trail.record(by, verb, KIND, mark.public_id, fields, at=at)
    changes.record(KIND, mark.public_id, after={"day": clock.day_of(at).isoformat()}, at=at)


def _move(mark: Mark, verb: rules.Verb, text: str, by: Actor, at: datetime, *more: str) -> None:
    """Take one line of the table. Who comes second is told how it stands now."""
    try:
        mark.state = rules.step(mark.kind, mark.state, verb)
    except rules.WrongState:
        raise rules.WrongState(state=State(mark.state).label) from None
    fields = ["state", *more]
    mark.save(update_fields=fields)
    _say(mark, verb, text, by, at, *fields)


def _tell(
    to: list[Person] | list[int], mark: Mark, key: str, text: str, at: datetime, **params: object
) -> None:
    url = reverse("voices:mark", args=[mark.public_id])
    tell(to, KIND, f"{mark.public_id}:{key}", text, url, at=at, **params)


def _writers(mark: Mark, at: datetime) -> list[int]:
    return keepers.secretaries_of(mark.place, at)


def _hear(mark: Mark, at: datetime) -> None:
    """Let the unit hear both; of a like it is told, over a brick it has to decide.

    Where the mark is about the unit's own secretary, the next level decides.
    """
    mark.heard_at = at
    mark.save(update_fields=["heard_at"])
    heads = keepers.heads_of(mark.unit, at)
    about = mark.person.account.pk if mark.person and hasattr(mark.person, "account") else None
    to = [one for one in heads if one != about] or keepers.operators_over(mark.unit, at)
    text = HEARD_LIKE if mark.kind == "like" else HEARD
    _tell(to, mark, "heard", text, at, place=str(mark.place))


@transaction.atomic
def reply_to_mark(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Mark:
    """Say how it was, as the one it is about; the unit hears both. Raises ReplyOver, BadWords."""
    at = at or clock.now()
    mark = policy.mark_for(by, public_id, "reply", lock=True)
    text = rules.clean_words(text)
    if mark.state == State.UNANSWERED:
        raise rules.ReplyOver
    rules.check_reply(mark.reply_by, clock.day_of(at))
    _move(mark, "reply", text, by, at)
    _tell(_writers(mark, at), mark, "replied", REPLIED, at)
    _hear(mark, at)
    return mark


@transaction.atomic
def decide_mark(
    public_id: str, verb: rules.Verb, text: str, *, by: Actor, at: datetime | None = None
) -> Mark:
    """Adopt or refuse a brick with reasons: the unit first, on appeal the next level, for good.

    Raises WrongState for the second of two reviewers, SameHands, BadWords.
    """
    at = at or clock.now()
    if verb not in rules.DECIDED:
        raise ValueError(verb)
    mark = policy.mark_for(by, public_id, "adopt" if verb == "adopt" else "refuse", lock=True)
    text = rules.clean_words(text)
    on_appeal = mark.state == State.APPEALED
    if on_appeal and _decided_before(mark, by):
        raise rules.SameHands
    if not on_appeal:
        mark.appeal_by = calendar().add(clock.day_of(at), rules.APPEAL_DAYS)
    _move(mark, verb, text, by, at, "appeal_by")
    word = State(mark.state).label
    people = [mark.person] if mark.person else []
    key = "final" if on_appeal else "decided"
    _tell(people, mark, key, DECIDED, at, state=word)
    _tell(_writers(mark, at), mark, key, DECIDED, at, state=word)
    if on_appeal:
        _tell(keepers.heads_of(mark.unit, at), mark, key, DECIDED, at, state=word)
    return mark


def _decided_before(mark: Mark, by: Actor) -> bool:
    steps = mark.steps.filter(verb__in=rules.DECIDED, account_id__isnull=False)
    return steps.filter(account_id=by.account_id).exists()


@transaction.atomic
def appeal_mark(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Mark:
    """Take the unit's decision to the next level, once. Raises AppealedOnce, AppealOver."""
    at = at or clock.now()
    mark = policy.mark_for(by, public_id, "appeal", lock=True)
    text = rules.clean_words(text)
    if rules.can(mark.kind, mark.state, "appeal"):
        rules.check_appeal(mark.appeal_by, mark.appealed, clock.day_of(at))
    mark.appealed = True
    _move(mark, "appeal", text, by, at, "appealed")
    _tell(keepers.operators_over(mark.unit, at), mark, "appealed", APPEALED, at)
    return mark


@transaction.atomic
def correct_mark(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Mark:
    """Put a correction beside the mark, as large as the mark; everybody who read it is told."""
    at = at or clock.now()
    mark = policy.mark_for(by, public_id, "correct", lock=True)
    _move(mark, "correct", rules.clean_words(text), by, at)
    _tell_readers(mark, f"corrected:{mark.steps.count()}", CORRECTED, at)
    return mark


@transaction.atomic
def withdraw_mark(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Mark:
    """Take a mark back and say why; everybody who read it is told."""
    at = at or clock.now()
    mark = policy.mark_for(by, public_id, "withdraw", lock=True)
    _move(mark, "withdraw", rules.clean_words(text), by, at)
    _tell_readers(mark, "withdrawn", TAKEN_BACK, at)
    return mark


def _tell_readers(mark: Mark, key: str, text: str, at: datetime) -> None:
    place = str(mark.place)
    if mark.person:
        _tell([mark.person], mark, key, text, at, place=place)
    if mark.heard_at is not None:
        _tell(keepers.heads_of(mark.unit, at), mark, key, text, at, place=place)
    if mark.appealed:
        _tell(keepers.operators_over(mark.unit, at), mark, key, text, at, place=place)


# ---- the clock ----------------------------------------------------------------------------------
MOST = 500  # of one kind in a run; the next run goes on


def run_marks(*, at: datetime | None = None) -> int:
    """Do what the time does: replies not given, appeals not made, years that are over."""
    at = at or clock.now()
    today = clock.day_of(at)
    due = (
        ("expire", Mark.objects.filter(expires_on__lte=today).exclude(state=State.EXPIRED)),
        ("lapse", Mark.objects.filter(state=State.TOLD, reply_by__lt=today)),
        (
            "settle",
            Mark.objects.filter(state__in=(State.ADOPTED, State.REFUSED), appeal_by__lt=today),
        ),
    )
    done = 0
    for verb, rows in due:
        for public_id in rows.order_by("pk").values_list("public_id", flat=True)[:MOST]:
            done += _tick(public_id, verb, today, at)  # type: ignore[arg-type]
    return done


@transaction.atomic
def _tick(public_id: str, verb: rules.Verb, today: date, at: datetime) -> bool:
    """Take one step of the clock's, if it is still due once the row is held."""
    mark = policy.mark_for(CLOCK, public_id, lock=True)
    if not rules.can(mark.kind, mark.state, verb):
        return False  # a reply or an appeal came first
    if verb == "settle" and (mark.appeal_by is None or mark.appeal_by >= today):
        return False
    _move(mark, verb, "", CLOCK, at)
    if verb == "lapse":
        _hear(mark, at)
    return True
