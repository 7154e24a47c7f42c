"""Take answers to a round; what needs doing becomes a matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict, Forbidden, NotFound
from groundwork.matters.actions.knocking import Sender, count_knock
from groundwork.matters.actions.raising import (
    Receipt,
    Teller,
    Telling,
    raise_matter,
    receipt_of,
)
from groundwork.matters.actions.steps import BY_RAISER
from groundwork.matters.models import Category, Door, Kind
from groundwork.matters.rules.words import masked
from groundwork.registry.models import Body, Place
from groundwork.service.actions.visits import key_of
from groundwork.service.models import Round, RoundReply
from groundwork.service.policy import rounds as policy
from groundwork.service.queries.suggesting import suggested
from groundwork.service.rules import rounds as rules

KIND = "service.reply"
SOURCE = "service.round"
NAMED = (Round.Audience.NAMED, Round.Audience.ENTERPRISES)


@dataclass(frozen=True)
class Answer:
    """What somebody says to a round: by question, which of it needs doing, where, who to ask."""

    answers: Mapping[str, str]  # question's id → text
    to_do: frozenset[str] = frozenset()  # questions whose answer needs doing
    place: Place | None = None
    name: str = ""
    phone: str = ""
    confidential: bool = False
    client_key: str = ""


@dataclass(frozen=True)
class Taken:
    """A reply received, with the receipts of its matters; `fresh` is False the second time."""

    reply: RoundReply
    receipts: list[Receipt] = field(default_factory=list)
    fresh: bool = True


def send_reply(
    round_id: str,
    answer: Answer,
    *,
    by: Actor,
    sender: Sender | None = None,
    at: datetime | None = None,
) -> Taken:
    """Take an answer. Raises NotNow, NothingSaid, AlreadyReplied, or TooMany of a flood.

    Of a round to all no account is kept, so that people speak freely; whoever is asked by name
    answers once.
    """
    at = at or clock.now()
    found = policy.asked_round(by, round_id, at)
    if same := _same(found, answer, by):
        return same
    rules.step(found.state, "reply")
    rules.check_now(found.opens_at, found.closes_at, at)
    if sender is not None and found.audience == Round.Audience.ALL:
        count_knock("send", sender, at=at)
    try:
        with transaction.atomic():
            return _take(found, answer, by, at)
    except IntegrityError as error:  # the same key, or the same account, at the same moment
        if same := _same(found, answer, by):
            return same
        if found.audience in NAMED:
            raise rules.AlreadyReplied from error
        raise Conflict from error


def _same(found: Round, answer: Answer, by: Actor) -> Taken | None:
    """Give the first answer of a sending with its links: whoever asked for them lost them."""
    if not answer.client_key:
        return None
    reply = RoundReply.objects.filter(client_key=answer.client_key, round=found).first()
    if reply is None:
        return None
    if reply.account_id != _account(found, by):
        raise Forbidden
    keys = (key_of(Door.ROUND, answer.client_key, int(question)) for question in reply.answers)
    receipts = [receipt_of(Door.ROUND, key, reply.account_id) for key in keys]
    return Taken(reply, [receipt for receipt in receipts if receipt], fresh=False)


def _account(found: Round, by: Actor) -> int | None:
    """Give the account that is kept: none where all are asked, whoever is signed in."""
    return by.account_id if found.audience in NAMED else None


def _take(found: Round, answer: Answer, by: Actor, at: datetime) -> Taken:
    known = {str(pk) for pk in found.questions.values_list("pk", flat=True)}
    said = rules.clean_answers({k: masked(v) for k, v in answer.answers.items() if k in known})
    body = _speaks_for(found, by)
    reply = RoundReply.objects.create(
        round=found,
        client_key=answer.client_key or None,
        account_id=_account(found, by),
        body=body,
        confidential=answer.confidential,
        place=answer.place,
        answers=said,
        received_at=at,
    )
    teller = Teller(
        name=answer.name,
        phone=answer.phone,
        body=body,
        account_id=reply.account_id,
        confidential=answer.confidential,
    )
    receipts = [
        _raise(found, _telling(found, answer, key, said[key]), teller, at)
        for key in said
        if key in answer.to_do
    ]
    if receipts:
        reply.matters = len(receipts)
        reply.save(update_fields=["matters"])
    trail.record(BY_RAISER, "reply", KIND, reply.public_id, at=at)  # who it was is theirs alone
    return Taken(reply, receipts)


def _telling(found: Round, answer: Answer, question: str, words: str) -> Telling:
    """Put what needs doing as a matter; its key brings the link again."""
    key = key_of(Door.ROUND, answer.client_key, int(question))
    place = answer.place or found.place
    return Telling(words, suggested(words), place, Door.ROUND, client_key=key)


def _speaks_for(found: Round, by: Actor) -> Body | None:
    if found.audience not in NAMED:
        return None
    mine = policy.enterprises(by)
    if found.audience == Round.Audience.NAMED:
        mine = mine.filter(pk__in=found.invites.values("body"))
    else:
        mine = mine.filter(place__path__startswith=found.place.path)
    return mine.order_by("path").first()


def _raise(found: Round, telling: Telling, teller: Teller, at: datetime) -> Receipt:
    telling = replace(telling, source=(SOURCE, found.public_id))
    return raise_matter(telling, teller, by=BY_RAISER, at=at)


@transaction.atomic
def take_up(
    reply_id: str,
    *,
    question: str,
    words: str,
    category: Category,
    place: Place,
    kind: str = Kind.SUGGESTION,
    by: Actor,
    at: datetime | None = None,
) -> Receipt:
    """Turn an answer into a matter where the one who wrote it did not.

    The one who answered by account has it among the own matters. Raises NotFound for a question
    that was not answered.
    """
    at = at or clock.now()
    reply = policy.reply_for(by, reply_id, lock=True)
    rules.step(reply.round.state, "take_up")
    if question not in reply.answers:
        raise NotFound
    teller = Teller(account_id=reply.account_id, body=reply.body, confidential=reply.confidential)
    receipt = _raise(
        reply.round, Telling(words, category, place, Door.ROUND, kind=kind), teller, at
    )
    reply.matters += 1
    reply.save(update_fields=["matters"])
    trail.record(by, "take_up", KIND, reply.public_id, ["matters"], at=at)
    return receipt
