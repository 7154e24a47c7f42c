"""Find matters by their words, the newest first: in every scope, for every word, at any size."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from groundwork.base import clock
from groundwork.base import search as index
from groundwork.base.actor import Actor
from groundwork.base.listing import Hit, Listing
from groundwork.base.text import tidy
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters

KIND = "matters.matter"  # the staff's words; the board has an index of its own
PAGE = 30
_RECEIPT = re.compile(r"\d{6}-[0-9A-Z]{6}", re.IGNORECASE)


def search(by: Actor, q: str, limit: int, at: datetime | None = None) -> list[Hit]:
    """Find matters the actor reads as one of the staff, for the search over everything."""
    at = at or clock.now()
    found = search_matters(by, q, at, size=limit).rows
    return [
        Hit(
            KIND,
            matter.title,
            reverse("matters:matter", args=[matter.public_id]),
            f"{matter.receipt} · {matter.place} · {matter.get_state_display()}",
        )
        for matter in found
    ]


def search_matters(
    by: Actor,
    q: str,
    at: datetime,
    *,
    after: str = "",
    size: int = PAGE,
    narrowed: QuerySet[Matter] | None = None,
) -> Listing[Matter]:
    """Page through the matters that hold every word of `q`; a receipt number finds its own.

    `narrowed` is a list already filtered; without it all that the actor reads.
    """
    rows = visible_matters(by, at) if narrowed is None else narrowed
    rows = rows.select_related("category", "place", "lead", "handler").defer("text", "answer")
    return page_of_words(rows, KIND, q, after=after, size=size)


def page_of_words(
    rows: QuerySet[Matter], kind: str, q: str, *, after: str = "", size: int = PAGE
) -> Listing[Matter]:
    """Give the page of `rows` after the matter `after` (a public id) by words or receipt number."""
    q = tidy(q)
    if _RECEIPT.fullmatch(q):
        return Listing(list(rows.filter(receipt=q.upper())[:1]))
    before = _key_of(after) if after else None
    found = index.newest(rows, kind, q, size=size + 1, before=before)
    if len(found) <= size:
        return Listing(found)
    return Listing(found[:size], found[size - 1].public_id)


def _key_of(public_id: str) -> int | None:
    """Give the key of the last row that was shown; a cursor that is none begins anew."""
    return Matter.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
