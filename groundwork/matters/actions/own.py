"""What raisers do with what is theirs: add, thank, appeal, take back, correct, erase.

Each act comes by the link's secret or the account; none of them leaves an account in the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from groundwork.base import attachments, clock, retention, search, trail
from groundwork.base.actor import Actor
from groundwork.base.models import Attachment
from groundwork.matters.actions import steps, telling, wording
from groundwork.matters.actions.retention import blank_way
from groundwork.matters.actions.verdict import Own, own_for
from groundwork.matters.models import LooseFile, Matter, MatterFile, Raiser, Step, Verdict
from groundwork.matters.policy import all_raisers
from groundwork.matters.queries.terms import accept_by
from groundwork.matters.rules import verdicts
from groundwork.matters.rules.states import OPEN, can, step
from groundwork.matters.rules.words import masked

ROW, WHOLE = "matters.own", "matters.own_matter"  # kinds of what is erased
OWN_RULE = "own"  # the rule of what somebody erased who it was of
TEXTS = ("title", "text", "words_digest", "public_text", "answer", "erased_at")
ERASED = "（文字已应提出人要求删去）"


def _data(own: Own) -> dict[str, int]:
    return {"raiser": own.raiser.pk}


@transaction.atomic
def withdraw_matter(key: str, reason: str = "", *, by: Actor, at: datetime | None = None) -> Matter:
    """Take a matter back. Raises OthersStand where others raise it too, WrongState when closed."""
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    if own.matter.state == "withdrawn":
        return own.matter  # the second of two taps
    step(own.matter.state, "withdraw")
    if _others(own).exists():
        raise verdicts.OthersStand
    steps.move(
        own.matter,
        "withdraw",
        by=steps.BY_RAISER,
        at=at,
        text=masked(reason.strip()),
        data=_data(own),
    )
    telling.tell_lead(own.matter, "withdraw", by=steps.BY_RAISER, at=at)
    return own.matter


def _others(own: Own) -> QuerySet[Raiser]:
    return all_raisers(own.matter).filter(erased_at=None).exclude(pk=own.raiser.pk)


@transaction.atomic
def add_words(
    key: str,
    words: str,
    photos: Sequence[Attachment] = (),
    *,
    by: Actor,
    at: datetime | None = None,
) -> Step:
    """Add words and photos to an open matter. Raises NoMoreWords."""
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    said = own.matter.steps.filter(verb="add", data__raiser=own.raiser.pk)
    if own.matter.state not in OPEN or said.count() >= verdicts.MOST_ADDED:
        raise verdicts.NoMoreWords
    added = steps.append(
        own.matter,
        "add",
        by=steps.BY_RAISER,
        at=at,
        text=masked(words.strip()),
        audience=steps.Audience.RAISER,
        data=_data(own),
    )
    MatterFile.objects.bulk_create(
        MatterFile(matter=own.matter, attachment=photo, step=added, from_raiser=True, added_at=at)
        for photo in photos
    )
    LooseFile.objects.filter(attachment__in=photos).delete()  # they hang on the matter now
    trail.record(steps.BY_RAISER, "add", steps.KIND, own.matter.public_id, at=at)
    telling.tell_lead(own.matter, "add", by=steps.BY_RAISER, at=at)
    return added


@transaction.atomic
def thank_matter(key: str, words: str = "", *, by: Actor, at: datetime | None = None) -> None:
    """Thank for an answer, once. Raises NothingToSay, ThankedBefore."""
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    if own.matter.state not in verdicts.SPOKEN_OF:
        raise verdicts.NothingToSay
    if own.matter.steps.filter(verb="thank", data__raiser=own.raiser.pk).exists():
        raise verdicts.ThankedBefore
    steps.append(
        own.matter,
        "thank",
        by=steps.BY_RAISER,
        at=at,
        text=masked(words.strip())[:500],
        audience=steps.Audience.RAISER,
        data=_data(own),
    )
    trail.record(steps.BY_RAISER, "thank", steps.KIND, own.matter.public_id, at=at)
    telling.tell_lead(own.matter, "thank", by=steps.BY_RAISER, at=at)


@transaction.atomic
def appeal_matter(key: str, words: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Ask once more after a decline, once. Raises AppealedBefore, WrongState."""
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    matter = own.matter
    if matter.steps.filter(verb="appeal").exists():
        raise verdicts.AppealedBefore
    step(matter.state, "appeal")
    matter.accept_by = accept_by(matter, at)
    steps.move(
        matter,
        "appeal",
        by=steps.BY_RAISER,
        at=at,
        text=masked(words.strip()),
        fields=("accept_by",),
        data=_data(own),
    )
    return matter


@dataclass(frozen=True)
class Details:
    """How a raiser may be reached, by whom; everything may be left out."""

    name: str = ""
    phone: str = ""
    email: str = ""
    confidential: bool = False  # unknown to the lead


@transaction.atomic
def correct_details(
    key: str, details: Details, *, by: Actor, at: datetime | None = None
) -> list[str]:
    """Correct the own name, phone and e-mail, and whether the lead may know them; give the names
    of the fields that changed. From now on: what a lead has read it has read.
    """
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    raiser = own.raiser
    changed = [
        field.name
        for field in fields(Details)
        if getattr(raiser, field.name) != getattr(details, field.name)
    ]
    for name in changed:
        setattr(raiser, name, getattr(details, name))
    if changed:
        raiser.save(update_fields=changed)
        if "confidential" in changed:
            _mark_confidential({raiser.matter_id, own.matter.pk})
        trail.record(
            steps.BY_RAISER, "correct", steps.KIND, raiser.matter.public_id, changed, at=at
        )
    return changed


def _mark_confidential(pks: set[int]) -> None:
    """Say of matters whether one of their raisers wants to stay unknown."""
    for matter in Matter.objects.filter(pk__in=pks):
        unknown = all_raisers(matter).filter(erased_at=None, confidential=True)
        matter.confidential = unknown.exists()
        matter.save(update_fields=["confidential"])


@transaction.atomic
def erase_own(key: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Erase what is the raiser's: who it was, the words added, the link.

    Of a sole raiser all texts and photos go too, and what is open is taken back first; the record
    stays. Where others stand, the next of them becomes the first, whose word decides.
    """
    at = at or clock.now()
    own = own_for(by, key, lock=True)
    raiser, matter = own.raiser, own.raiser.matter
    if matter.pk != own.matter.pk:
        matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    alone = not all_raisers(matter).filter(erased_at=None).exclude(pk=raiser.pk).exists()
    if alone and can(matter.state, "withdraw"):
        steps.move(matter, "withdraw", by=steps.BY_RAISER, at=at, data=_data(own))
        telling.tell_lead(matter, "withdraw", by=steps.BY_RAISER, at=at)
    retention.erase(ROW, [raiser.digest], rule=OWN_RULE, by=steps.BY_RAISER, at=at)
    if alone:
        retention.erase(WHOLE, [matter.public_id], rule=OWN_RULE, by=steps.BY_RAISER, at=at)
    steps.append(
        matter,
        "erase" if alone else "leave",
        by=steps.BY_RAISER,
        at=at,
        audience=steps.Audience.PUBLIC if alone else steps.Audience.STAFF,
    )
    return matter


@retention.eraser(ROW)
def erase_raisers(digests: Sequence[str], at: datetime) -> int:
    """Blank raisers and what each of them wrote; the next of a matter becomes its first."""
    rows = list(Raiser.objects.filter(digest__in=digests, erased_at=None))
    for raiser in rows:
        reach = _reach(raiser)
        Step.objects.filter(matter__in=reach, data__raiser=raiser.pk).update(text="")
        Verdict.objects.filter(raiser=raiser).update(words="")
        brought = Q(matter__in=reach, step__data__raiser=raiser.pk)
        if not raiser.first:  # the first one's photos are the matter's while others stand
            brought |= Q(matter=raiser.matter_id, step=None, added_at=raiser.joined_at)
        _erase_files(MatterFile.objects.filter(brought, from_raiser=True))
        was_first, raiser.first = raiser.first, False
        raiser.name = raiser.phone = raiser.email = raiser.words = ""
        raiser.person = raiser.body = raiser.account_id = None
        raiser.erased_at = at
        raiser.save()
        if was_first:
            _pass_on(raiser.matter_id)
    return len(rows)


def _reach(raiser: Raiser) -> list[int]:
    """Name the matters in which the raiser may have written: the own and those it went into."""
    reach: list[int] = []
    pk: int | None = raiser.matter_id
    while pk is not None and pk not in reach:
        reach.append(pk)
        pk = Matter.objects.values_list("merged_into", flat=True).get(pk=pk)
    return reach


def _pass_on(matter_id: int) -> None:
    left = Raiser.objects.filter(matter=matter_id, erased_at=None).order_by("joined_at", "pk")
    heir = left.first()
    if heir is not None:
        heir.first = True
        heir.save(update_fields=["first"])


@retention.eraser(WHOLE)
def erase_matters(public_ids: Sequence[str], at: datetime) -> int:
    """Blank all texts and photos of matters; state, place, category and dates stay."""
    rows = list(Matter.objects.filter(public_id__in=public_ids, erased_at=None))
    keys = [matter.pk for matter in rows]
    blank_way(keys)
    _erase_files(MatterFile.objects.filter(matter__in=keys))
    for kind in (wording.STAFF, wording.PUBLIC):
        search.remove(kind, keys)
    for matter in rows:
        matter.title, matter.text, matter.words_digest = ERASED, "", ""
        matter.public_text = matter.answer = ""
        matter.erased_at = at
        matter.save(update_fields=TEXTS)
    return len(rows)


def _erase_files(files: QuerySet[MatterFile]) -> None:
    for file in files.select_related("attachment"):
        attachments.erase_content(file.attachment)
