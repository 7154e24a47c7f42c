"""What stands in the ledger already and says the same as a matter on the dispatcher's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwork.base.actor import Actor
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.matters.queries.commonness import common_words
from groundwork.matters.rules.likeness import likeness, telling_words
from groundwork.matters.rules.states import OPEN

READ = 120  # of the newest that are open in the township; what is compared
SHOWN = 5
FRESH = timedelta(days=90)


@dataclass(frozen=True)
class Alike:
    """A matter that resembles the one at hand, and why it is shown."""

    matter: Matter
    same: bool  # word for word
    words: tuple[str, ...]
    same_place: bool


def alike(by: Actor, matter: Matter, at: datetime) -> Sequence[Alike]:
    """Find the same words in the same place, then open matters of the township like it.

    At most three statements, whatever the ledger holds.
    """
    near = visible_matters(by, at).exclude(pk=matter.pk).select_related("place", "lead", "category")
    same = near.filter(place=matter.place_id, words_digest=matter.words_digest, merged_into=None)
    found = [Alike(row, True, (), True) for row in same.order_by("-id")[:SHOWN]]
    known = {entry.matter.pk for entry in found}
    within = near.filter(state__in=OPEN, raised_at__gt=at - FRESH)
    if matter.township_id is not None:
        within = within.filter(township=matter.township_id)
    else:
        within = within.filter(place=matter.place_id)
    said, common = telling_words(matter.text), common_words()
    close = []
    for row in within.order_by("-id")[:READ]:
        if row.pk in known:
            continue
        like = likeness(said, telling_words(row.text), common)
        if like is not None:
            close.append((row.place_id == matter.place_id, like.share, row, like.words[:4]))
    close.sort(key=lambda one: (not one[0], -one[1]))
    similar = [Alike(row, False, words, here) for here, _share, row, words in close]
    return [*found, *similar][:SHOWN]


def by_receipt(by: Actor, receipt: str, at: datetime) -> str:
    """Give the public id of the visible matter with a receipt number, "" where there is none."""
    found = visible_matters(by, at).filter(receipt=receipt.strip().upper())
    return found.values_list("public_id", flat=True).first() or ""
