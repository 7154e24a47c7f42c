"""Write a document whose numbers are live, have it checked, publish it frozen, correct it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict
from groundwork.figures import policy
from groundwork.figures.models import Briefing, BriefingStep, Reference
from groundwork.figures.queries.briefings import (
    Look,
    curves_of_keys,
    key_of,
    looks,
    numbers_of,
    sender_of,
)
from groundwork.figures.queries.curves import Plain
from groundwork.figures.queries.values import Value
from groundwork.figures.rules import briefing as rules
from groundwork.figures.rules import saying
from groundwork.figures.rules.briefing import BadReference, Token
from groundwork.registry.models import Place

KIND = "figures.briefing"


@dataclass(frozen=True)
class Wording:
    """What a document says, apart from its kind and place."""

    issuer: str
    title: str
    text: str
    number: str = ""
    addressed: str = ""
    copied: str = ""
    public: bool = False


@transaction.atomic
def draft_briefing(
    kind: str, place: Place, wording: Wording, *, by: Actor, at: datetime | None = None
) -> Briefing:
    """Draft a document of a place. Raises Forbidden, BadReference, TooManyReferences, NoCurve."""
    at = at or clock.now()
    policy.require_writer(by, place)
    made = Briefing.objects.create(kind=kind, place=place, made_at=at, **vars(wording))
    _sync(made, at)
    _note(made, "draft", by, at)
    return made


@transaction.atomic
def edit_briefing(
    public_id: str, wording: Wording, *, by: Actor, read: str = "", at: datetime | None = None
) -> Briefing:
    """Write a draft anew; `read` is the text the writer began with.

    Raises WrongState, Conflict where another hand wrote meanwhile, BadReference.
    """
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "write", lock=True)
    rules.step(found.state, "edit")
    if read and _lines(read) != _lines(found.text):
        raise Conflict
    for name, value in vars(wording).items():
        setattr(found, name, value)
    found.text = "\n".join(_lines(found.text))
    found.save(update_fields=list(vars(wording)))
    _sync(found, at)
    trail.record(by, "edit", KIND, found.public_id, sorted(vars(wording)), at=at)
    return found


@transaction.atomic
def put_number(
    public_id: str, token: Token, paragraph: int, *, by: Actor, at: datetime | None = None
) -> None:
    """Put a number at the end of a paragraph of a draft."""
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "write", lock=True)
    rules.step(found.state, "edit")
    found.text = rules.insert(found.text, token, paragraph)
    found.save(update_fields=["text"])
    _sync(found, at)
    trail.record(by, "edit", KIND, found.public_id, ["text"], at=at)


@transaction.atomic
def look_again(
    public_id: str, numbers: list[int] | None = None, *, by: Actor, at: datetime | None = None
) -> int:
    """Take numbers as they are now for looked at (by row, or all); give how many had changed."""
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "check", lock=True)
    if found.published_at is not None:
        raise rules.WrongState
    changed = [
        look
        for look in looks(found, at)
        if look.changed and look.now and (numbers is None or look.reference.pk in numbers)
    ]
    for look in changed:
        assert look.now is not None
        _keep(look.reference, look.now, look.drawn)
    if changed:
        trail.record(by, "look", KIND, found.public_id, at=at)
    return len(changed)


@transaction.atomic
def send_briefing(public_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Send a draft to be checked. Raises WrongState, Unwritten, NumbersChanged."""
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "write", lock=True)
    state = rules.step(found.state, "send")
    rules.check_written(found.text)
    rules.check_publish(len(_changed(looks(found, at))), None, None)
    _move(found, state, "send", by, at)


@transaction.atomic
def return_briefing(public_id: str, note: str, *, by: Actor, at: datetime | None = None) -> None:
    """Give a document back to be written again, with what is to be mended."""
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "check", lock=True)
    _move(found, rules.step(found.state, "return"), "return", by, at, note)


@transaction.atomic
def publish_briefing(public_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Publish a document: every number is frozen as it is at this moment.

    Raises WrongState, NumbersChanged, SameHand. What it corrects shows the correction from now on.
    """
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "check", lock=True)
    state = rules.step(found.state, "publish")
    seen = looks(found, at)
    rules.check_publish(len(_changed(seen)), sender_of(found), by.account_id)
    for look in seen:
        assert look.now is not None
        _keep(look.reference, look.now, look.drawn)
    found.published_at = at
    _move(found, state, "publish", by, at)
    if found.corrects is not None:
        original = Briefing.objects.select_for_update(of=("self",)).get(pk=found.corrects.pk)
        _move(original, rules.step(original.state, "correct"), "correct", by, at, found.why)


@transaction.atomic
def correct_briefing(
    public_id: str, why: str, *, by: Actor, at: datetime | None = None
) -> Briefing:
    """Begin the correction of a published document: its text anew, numbers live again.

    The original stands until the correction is published, and stays after. Raises WrongState,
    NoWhy, Conflict where a correction is already being written.
    """
    at = at or clock.now()
    found = policy.briefing_for(by, public_id, "write", lock=True)
    rules.step(found.state, "correct")
    if not why.strip():
        raise rules.NoWhy
    if Briefing.objects.filter(corrects=found).exists():
        raise Conflict
    same = ("kind", "place", "issuer", "number", "title", "addressed", "copied", "text", "public")
    values = {name: getattr(found, name) for name in same}
    made = Briefing.objects.create(corrects=found, why=why.strip(), made_at=at, **values)
    _sync(made, at)
    _note(made, "draft", by, at, why.strip())
    return made


def _lines(text: str) -> list[str]:
    """A browser sends other ends of lines than it was given."""
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n")]


def _changed(seen: list[Look]) -> list[Look]:
    return [look for look in seen if look.changed]


def _move(
    briefing: Briefing, state: str, verb: str, by: Actor, at: datetime, note: str = ""
) -> None:
    briefing.state = state
    briefing.save(update_fields=["state", "published_at"])
    _note(briefing, verb, by, at, note)


def _note(briefing: Briefing, verb: str, by: Actor, at: datetime, note: str = "") -> None:
    BriefingStep.objects.create(
        briefing=briefing,
        verb=verb,
        account_id=by.account_id,
        name=by.display_name[:60],
        at=at,
        note=note[:300],
    )
    trail.record(by, verb, KIND, briefing.public_id, ["state"], at=at)


def _sync(briefing: Briefing, at: datetime) -> None:
    """Hold the rows of numbers to the text: new ones are counted and thereby looked at."""
    wanted = [token.key for token in rules.tokens(briefing.text)]
    rows = {key_of(row): row for row in briefing.references.all()}
    Reference.objects.filter(pk__in=[r.pk for key, r in rows.items() if key not in wanted]).delete()
    counted = numbers_of([key for key in wanted if key not in rows], at)
    for order, key in enumerate(wanted):
        row = rows.get(key)
        if row is not None:
            row.order = order
            row.save(update_fields=["order"])
        elif key in counted:
            _create(briefing, order, counted[key], key)
        else:
            raise BadReference(token=key[0])
    _sync_curves(briefing, at)


def _sync_curves(briefing: Briefing, at: datetime) -> None:
    """Keep the curves that the text draws, and no others. Raises NoCurve."""
    wanted = rules.drawn(briefing.text)
    rows = {key_of(row): row for row in briefing.references.all()}
    fresh = curves_of_keys([key for key in wanted if not rows[key].curve], at)
    for key, row in rows.items():
        if key in fresh and not fresh[key]:
            raise rules.NoCurve
        curve = fresh.get(key, row.curve if key in wanted else [])
        if curve != row.curve:
            row.curve = curve
            row.save(update_fields=["curve"])


def _create(briefing: Briefing, order: int, value: Value, key: tuple[str, str, str]) -> None:
    figure, place_code, period = key
    row = Reference(
        briefing=briefing, order=order, figure=figure, place_code=place_code, period=period
    )
    _fill(row, value)
    row.save(force_insert=True)


def _keep(row: Reference, value: Value, curve: Plain | None) -> None:
    _fill(row, value)
    row.curve = curve or []
    row.save(update_fields=["number", "curve", "n", "edition", "definition", "cutoff"])


def _fill(row: Reference, value: Value) -> None:
    row.number, row.n = saying.plain(value.number), value.n
    row.edition, row.cutoff = value.edition, value.cutoff
    row.definition = value.figure.definition
