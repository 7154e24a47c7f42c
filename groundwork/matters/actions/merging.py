"""Merge what is the same problem, split what is several; the raisers' old links go on working."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import changes, clock, ids, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.raising import new_receipt
from groundwork.matters.actions.settling import settle_requests
from groundwork.matters.actions.wording import index_many
from groundwork.matters.models import (
    Category,
    Kind,
    Matter,
    MatterFile,
    Raiser,
    Request,
    State,
    Step,
)
from groundwork.matters.policy import all_raisers, locked, matter_for
from groundwork.matters.policy.matter import part_digest
from groundwork.matters.queries.terms import next_due, promise
from groundwork.matters.rules import deadlines, states, words
from groundwork.matters.rules import handling as rules
from groundwork.registry.models import Place
from groundwork.registry.queries.above import above

SPLITTABLE = (State.ACCEPTED, *states.AT_WORK)


@transaction.atomic
def merge_matters(public_id: str, into_id: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Merge a matter into another one of the same problem; give the one that goes on.

    Its raisers keep their links and what they wrote, read on there and are asked there. The lead
    of both and the raisers are told. Raises WrongState, IntoItself, NotTheSame.
    """
    at = at or clock.now()
    if public_id == into_id:
        raise rules.IntoItself
    # Both are locked in the order of their keys: two mergers that cross must not wait in a ring.
    pair = [matter_for(by, one, "merge", at=at) for one in (public_id, into_id)]
    for pk in sorted(matter.pk for matter in pair):
        locked(pk)
    matter = matter_for(by, public_id, "merge", at=at)
    into = matter_for(by, into_id, "merge", at=at)
    states.step(matter.state, "merge")
    if into.state in states.CLOSED:
        raise states.WrongState
    _check_same(matter, into)
    followers = list(all_raisers(matter).values_list("pk", flat=True))
    matter.merged_into = into
    # One hop from wherever somebody's link leads to the matter that goes on.
    Matter.objects.filter(merged_into=matter).update(merged_into=into)
    Raiser.objects.filter(goes_on=matter).update(goes_on=into)
    settle_requests(matter, Request.State.REFUSED, "", by=by, at=at)
    lead, handler = matter.lead, matter.handler
    steps.move(
        matter,
        "merge",
        by=by,
        at=at,
        fields=("merged_into",),
        data={"into": into.public_id},
    )
    step = _absorb(into, matter, by=by, at=at)
    if lead is not None and (lead != into.lead or handler != into.handler):
        telling.tell_lead(matter, "merge", by=by, at=at)
    if into.lead is not None:
        telling.tell_lead(into, "absorb", by=by, at=at)
    telling.tell_raisers(into, step, by=by, at=at, only=followers)
    return into


def _check_same(matter: Matter, into: Matter) -> None:
    """Keep the words of a complaint from the body it names, and an embargo closed."""
    if matter.concerns_id != into.concerns_id or (
        Kind.COMPLAINT in (matter.kind, into.kind) and matter.kind != into.kind
    ):
        raise rules.NotTheSame
    if matter.withheld_until != into.withheld_until:
        raise rules.NotTheSameHour


def _absorb(into: Matter, matter: Matter, *, by: Actor, at: datetime) -> Step:
    into.raisers_count += matter.raisers_count
    into.confidential = into.confidential or matter.confidential
    fields = ["raisers_count", "confidential"]
    if into.state == State.ANSWERED:  # who joins late has the whole time to say something
        into.ask_until = deadlines.due(calendar(), at, deadlines.ASK_DAYS)
        fields.append("ask_until")
    into.save(update_fields=fields)
    trail.record(by, "absorb", steps.KIND, into.public_id, fields, at=at)
    steps.note(into, at=at)  # whose raisers are more people now
    return steps.append(into, "absorb", by=by, at=at, data={"from": matter.public_id})


@dataclass(frozen=True)
class Part:
    """One of the problems a matter turned out to hold; what is left out is as in the whole."""

    words: str
    category: Category
    place: Place | None = None
    urgency: str = ""
    title: str = ""
    public_text: str = ""


@transaction.atomic
def split_matter(
    public_id: str, parts: Sequence[Part], *, by: Actor, at: datetime | None = None
) -> list[Matter]:
    """Split problems off a matter; each is one of its own, accepted, with the same raisers.

    The matter itself goes on with what is left. The old link shows all parts and opens each
    (`policy.secret_digest`), so nobody has to be sent a new one. The promise of a part runs from
    the acceptance of the whole. Raises WrongState, PartsWrong.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "split", at=at, lock=True)
    if matter.state not in SPLITTABLE:
        raise states.WrongState
    if not 1 <= len(parts) <= rules.MOST_PARTS or not all(part.words.strip() for part in parts):
        raise rules.PartsWrong(most=rules.MOST_PARTS)
    made = [_part_of(matter, part, at) for part in parts]
    raisers = list(all_raisers(matter).filter(erased_at=None))
    files = list(matter.files.filter(from_raiser=True))
    for row in made:
        row.save(force_insert=True)
        _copy(row, raisers, files)
        steps.append(row, "raise", by=steps.BY_RAISER, at=matter.raised_at)
        steps.append(row, "accept", by=by, at=at, data={"split_from": matter.public_id})
        changes.record(steps.KIND, row.public_id, after=steps.dimensions(row), at=at)
        trail.record(by, "split_off", steps.KIND, row.public_id, ["split_from"], at=at)
    index_many(made)
    step = steps.append(
        matter, "split", by=by, at=at, data={"parts": [row.public_id for row in made]}
    )
    trail.record(by, "split", steps.KIND, matter.public_id, ["parts"], at=at)
    if matter.lead is not None:
        telling.tell_lead(matter, "split", by=by, at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return made


def _part_of(matter: Matter, part: Part, at: datetime) -> Matter:
    text = rules.checked_text(part.words)
    place = part.place or matter.place
    township, district = above(place)
    urgency = part.urgency or matter.urgency
    since = matter.accepted_at or at
    until = promise(part.category, urgency, since)
    row = Matter(
        public_id=ids.public_id(),
        receipt=new_receipt(at),
        kind=matter.kind,
        door=matter.door,
        source_kind=matter.source_kind,
        source_id=matter.source_id,
        category=part.category,
        urgency=urgency,
        place=place,
        township_id=township,
        district_id=district,
        priority=matter.priority,
        concerns=matter.concerns,
        title=words.title_of(words.masked(part.title) or text),
        text=text,
        words_digest=words.digest(text),
        public_text=words.masked(words.cleaned(part.public_text)),
        withheld_until=matter.withheld_until,
        confidential=matter.confidential,
        state=State.ACCEPTED,
        state_since=at,
        raised_at=matter.raised_at,
        accepted_at=since,
        accept_by=matter.accept_by,
        reply_by=until.reply_by,
        solve_by=until.solve_by,
        raisers_count=matter.raisers_count,
        split_from=matter,
    )
    row.due_at = next_due(row)
    return row


def _copy(row: Matter, raisers: Sequence[Raiser], files: Sequence[MatterFile]) -> None:
    """Give a part the raisers of the whole, under digests that the old link leads to."""
    Raiser.objects.bulk_create(
        Raiser(
            matter=row,
            goes_on=row,
            first=raiser.first and raiser.matter_id == row.split_from_id,
            name=raiser.name,
            phone=raiser.phone,
            email=raiser.email,
            person_id=raiser.person_id,
            body_id=raiser.body_id,
            account_id=raiser.account_id,
            confidential=raiser.confidential,
            digest=part_digest(raiser.digest, row.public_id),
            joined_at=raiser.joined_at,
        )
        for raiser in raisers
    )
    MatterFile.objects.bulk_create(
        MatterFile(
            matter=row, attachment_id=file.attachment_id, from_raiser=True, added_at=file.added_at
        )
        for file in files
    )
