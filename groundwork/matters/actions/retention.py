"""Erase what has had its time: one eraser per kind, one choice per rule.

The ids are public ids and digests of secret links: no row made later will have the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.base import attachments, retention, search
from groundwork.base.actor import Actor
from groundwork.base.models import Attachment
from groundwork.matters.models import (
    CallTask,
    CoHandler,
    Matter,
    MatterFile,
    Raiser,
    Request,
    Step,
    Verdict,
)
from groundwork.matters.rules.retention import RULES

ERASED = "（文字已按保存期限删去）"  # where a list needs a title
NO_CONTACT = Q(name="", phone="", email="")


@retention.eraser("matters.contact")
def erase_contacts(ids: Sequence[str], at: datetime) -> int:
    """Forget how raisers can be reached, by the digests of their links; the links stay."""
    raisers = Raiser.objects.filter(digest__in=ids).exclude(NO_CONTACT)
    return raisers.update(name="", phone="", email="")


@retention.eraser("matters.raiser")
def erase_raisers(ids: Sequence[str], at: datetime) -> int:
    """Forget who raised or joined, by the digests of their links; that somebody did, stays."""
    return Raiser.objects.filter(digest__in=ids, erased_at=None).update(
        name="", phone="", email="", person=None, body=None, account_id=None, words="", erased_at=at
    )


@retention.eraser("matters.file")
def erase_files(ids: Sequence[str], at: datetime) -> int:
    """Drop the bytes and the names of raisers' files."""
    files = list(Attachment.objects.filter(public_id__in=ids).exclude(file=""))
    for file in files:
        attachments.erase_content(file)
    Attachment.objects.filter(pk__in=[file.pk for file in files]).update(name="")
    return len(files)


@retention.eraser("matters.text")
def erase_texts(ids: Sequence[str], at: datetime) -> int:
    """Blank what was said in matters and on their way, and take them out of the search."""
    pks = list(
        Matter.objects.filter(public_id__in=ids, erased_at=None).values_list("pk", flat=True)
    )
    Matter.objects.filter(pk__in=pks).update(
        title=ERASED, text="", public_text="", answer="", words_digest="", erased_at=at
    )
    blank_way(pks)
    for kind in ("matters.matter", "matters.public"):
        search.remove(kind, pks)
    return len(pks)


def blank_way(pks: Sequence[int]) -> None:
    """Blank what was said on the way of matters, by whomever: raisers, lead, helpers, deciders."""
    Step.objects.filter(matter__in=pks).exclude(text="").update(text="")
    CoHandler.objects.filter(matter__in=pks).exclude(contribution="").update(contribution="")
    Request.objects.filter(matter__in=pks).update(reason="", decision="")
    Raiser.objects.filter(matter__in=pks).exclude(words="").update(words="")


@retention.eraser("matters.call")
def erase_calls(ids: Sequence[str], at: datetime) -> int:
    """Delete call-backs that are done."""
    _all, by_table = CallTask.objects.filter(public_id__in=ids).delete()
    return by_table.get(CallTask._meta.label, 0)


@retention.eraser("matters.verdict")
def erase_verdict_words(ids: Sequence[str], at: datetime) -> int:
    """Blank the words of verdicts, by the public ids of their matters; the three answers stay."""
    verdicts = Verdict.objects.filter(matter__public_id__in=ids).exclude(words="")
    return verdicts.update(words="")


def _over(before: datetime) -> Q:
    """Make a condition: the matter is over; what was merged is so when the other one is."""
    alone = Q(matter__merged_into=None, matter__closed_at__lt=before)
    return alone | Q(matter__merged_into__closed_at__lt=before)


def _contacts(before: datetime) -> QuerySet[Raiser, str]:
    raisers = Raiser.objects.filter(goes_on__closed_at__lt=before).exclude(NO_CONTACT)
    return raisers.order_by("pk").values_list("digest", flat=True)


def _raisers(before: datetime) -> QuerySet[Raiser, str]:
    raisers = Raiser.objects.filter(goes_on__closed_at__lt=before, erased_at=None)
    return raisers.order_by("pk").values_list("digest", flat=True)


def _photos(before: datetime) -> QuerySet[MatterFile, str]:
    files = MatterFile.objects.filter(_over(before), from_raiser=True)
    kept = files.exclude(attachment__file="").order_by("pk")
    return kept.values_list("attachment__public_id", flat=True)


def _dropped(before: datetime) -> QuerySet[Matter, str]:
    matters = Matter.objects.filter(
        state__in=("declined", "withdrawn"), closed_at__lt=before, erased_at=None
    )
    return matters.order_by("pk").values_list("public_id", flat=True)


def _calls(before: datetime) -> QuerySet[CallTask, str]:
    calls = CallTask.objects.filter(_over(before), done_at__isnull=False)
    return calls.order_by("pk").values_list("public_id", flat=True)


def _verdicts(before: datetime) -> QuerySet[Verdict, str]:
    verdicts = Verdict.objects.filter(_over(before)).exclude(words="")
    return verdicts.order_by("pk").values_list("matter__public_id", flat=True)


DUE: Mapping[str, retention.Due] = {
    "matters.contact": _contacts,
    "matters.raiser": _raisers,
    "matters.photos": _photos,
    "matters.dropped": _dropped,
    "matters.calls": _calls,
    "matters.verdicts": _verdicts,
}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
