"""What an answer gets: solved or not, by each raiser and round; three questions kept apart.

Two taps at once have one outcome: the matter's row is locked, the second sees what stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.matters.actions import steps, telling
from groundwork.matters.models import Matter, Raiser, Verdict
from groundwork.matters.policy.matter import BESIDE, locked
from groundwork.matters.policy.own import own_work, raiser_for
from groundwork.matters.rules import verdicts
from groundwork.matters.rules.states import WrongState, can
from groundwork.matters.rules.words import masked


@dataclass(frozen=True)
class Said:
    """The three questions, each optional, and words."""

    answered: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    words: str = ""


@dataclass(frozen=True)
class Own:
    """A raiser and the matter that goes on for them: their own, or the one it went into."""

    raiser: Raiser
    matter: Matter

    @property
    def first(self) -> bool:
        """Tell whether the matter is the one this raiser raised."""
        return self.raiser.first and self.raiser.matter_id == self.matter.pk


def own_for(by: Actor, key: str, *, lock: bool = False) -> Own:
    """Fetch the own raising and the matter that goes on, locked where something is written."""
    raiser = raiser_for(by, key)
    pk = raiser.matter_id
    while True:
        matter = locked(pk) if lock else Matter.objects.select_related(*BESIDE).get(pk=pk)
        if matter.merged_into_id is None:
            break
        pk = matter.merged_into_id
    # What was erased while this waited for the lock is gone.
    return Own(raiser_for(by, key) if lock else raiser, matter)


def _judge(by: Actor, key: str) -> Own:
    """Fetch and lock the own raising of somebody who may praise the answer. Raises OwnWork."""
    own = own_for(by, key, lock=True)
    if own_work(by, own.raiser, own.matter):
        raise verdicts.OwnWork
    return own


@transaction.atomic
def confirm_matter(key: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Say that it is solved. A second tap is no error; after "not solved" it is AlreadySaid.

    Raises OwnWork for the lead's own people.
    """
    at = at or clock.now()
    own = _judge(by, key)
    return give_verdict(own, Said(solved=True), source=Verdict.Source.PAGE, at=at)


@transaction.atomic
def refuse_matter(key: str, reason: str = "", *, by: Actor, at: datetime | None = None) -> Matter:
    """Say that it is not solved: another round begins. After "solved" it is AlreadySaid."""
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    said = Said(solved=False, words=reason)
    return give_verdict(own, said, source=Verdict.Source.PAGE, at=at)


@transaction.atomic
def rate_answer(key: str, said: Said, *, by: Actor, at: datetime | None = None) -> Matter:
    """Answer the questions still open of the last answer; solved or not is said by one tap.

    Raises OwnWork for the lead's own people.
    """
    at = at or clock.now()
    own = _judge(by, key)
    return give_verdict(own, replace(said, solved=None), source=Verdict.Source.PAGE, at=at)


def give_verdict(own: Own, said: Said, *, source: str, at: datetime) -> Matter:
    """Write a raiser's word on the answer of a locked matter, and move it where it decides.

    Also for what was said on the phone. Raises NothingToSay, AlreadySaid.
    """
    matter, raiser = own.matter, own.raiser
    of_round = verdicts.round_of(matter.state, matter.redo_count)
    # Of this matter: who spoke of one that then went into another has said nothing of that yet.
    stood = Verdict.objects.filter(raiser=raiser, matter=matter, round=of_round).first()
    if _said_again(own, stood, said):
        return matter
    if of_round < 0:
        raise verdicts.NothingToSay
    if said.solved is not None and not can(matter.state, "refuse"):
        raise WrongState
    _keep(own, stood, said, of_round, source=source, at=at)
    if said.solved is None:
        return matter
    words = {"raiser": raiser.pk}
    text = masked(said.words.strip())
    if not said.solved:
        steps.redo(matter, "refuse", by=steps.BY_RAISER, at=at, text=text, data=words)
        telling.tell_lead(matter, "refuse", by=steps.BY_RAISER, at=at)
    elif can(matter.state, "confirm") and verdicts.decides(matter.state, first=own.first):
        steps.move(matter, "confirm", by=steps.BY_RAISER, at=at, text=text, data=words)
        telling.tell_lead(matter, "confirm", by=steps.BY_RAISER, at=at)
    else:
        audience = steps.Audience.RAISER
        steps.append(matter, "verdict", by=steps.BY_RAISER, at=at, audience=audience, data=words)
    return matter


def _said_again(own: Own, stood: Verdict | None, said: Said) -> bool:
    """Tell whether this very word stands already. Raises AlreadySaid where another one does."""
    if said.solved is None or stood is None or stood.solved is None:
        return False
    if stood.solved is said.solved:
        return True
    raise verdicts.AlreadySaid


def _keep(
    own: Own, stood: Verdict | None, said: Said, of_round: int, *, source: str, at: datetime
) -> None:
    """Fill what is still open of this raiser's verdict on the round; what was said stays."""
    verdict = stood or Verdict(
        matter=own.matter, raiser=own.raiser, round=of_round, source=source, at=at
    )
    fresh = [
        name
        for name in verdicts.QUESTIONS
        if getattr(said, name) is not None and getattr(verdict, name) is None
    ]
    for name in fresh:
        setattr(verdict, name, getattr(said, name))
    if said.words.strip() and not verdict.words:
        verdict.words = masked(said.words.strip())[:500]
        fresh.append("words")
    if stood is None:
        verdict.save(force_insert=True)
    elif fresh:
        verdict.save(update_fields=fresh)
    trail.record(steps.BY_RAISER, "verdict", steps.KIND, own.matter.public_id, fresh, at=at)
    # Which days' shares move; nothing of what was said.
    steps.note(own.matter, kind=steps.WORD, at=at)
