"""What the public board shows already that resembles what somebody is about to send.

Near means: the same community, then the same township. Only the public wording is compared, so
that nothing is found by a word that is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from groundwork.matters.models import Category, Matter
from groundwork.matters.policy import public_matters
from groundwork.matters.queries.commonness import common_words
from groundwork.matters.rules import intake, likeness, states
from groundwork.matters.rules.words import title_of
from groundwork.registry.models import Place

READ = 120  # of the newest that are open in the township; what is compared
SHOWN = 3  # of each kind: enough to look through with one thumb
FRESH = timedelta(days=90)


@dataclass(frozen=True)
class Near:
    """A matter of the board with what it has in common with the text."""

    matter: Matter
    title: str
    words: tuple[str, ...]
    share: float
    same_place: bool


@dataclass(frozen=True)
class Around:
    """What stands nearby: like the text, then others of the community, then of the township."""

    alike: Sequence[Near]
    community: Sequence[Near]
    township: Sequence[Near]

    def __bool__(self) -> bool:
        return bool(self.alike or self.community or self.township)


def around(text: str, place: Place, *, at: datetime, limit: int = SHOWN) -> Around:
    """Find open public matters near a place: two statements, however many stand."""
    said, common = likeness.telling_words(text), common_words()
    found = [_near(row, said, place, common) for row in _candidates(place, at)]
    alike = sorted((n for n in found if n.words), key=lambda n: (-n.same_place, -n.share))[:limit]
    named = {near.matter.pk for near in alike}
    rest = [near for near in found if near.matter.pk not in named]
    here = [near for near in rest if near.same_place][:limit]
    return Around(alike, here, [near for near in rest if not near.same_place][:limit])


def _candidates(place: Place, at: datetime) -> list[Matter]:
    """Give the newest open matters of the place and of its township, the place's own first."""
    step = Place.steplen
    township = place.path[: 3 * step] if len(place.path) > 3 * step else place.path
    near = Q(place=place) | Q(township__path=township)
    rows = public_matters(at).filter(
        near, state__in=states.OPEN, raised_at__gt=at - FRESH, raised_at__lte=at
    )
    return list(rows.select_related("place", "category", "lead").order_by("-id")[:READ])


def _near(matter: Matter, said: frozenset[str], place: Place, common: likeness.Shares) -> Near:
    like = likeness.likeness(said, likeness.telling_words(matter.public_text), common)
    return Near(
        matter,
        title_of(matter.public_text),
        like.words[:4] if like else (),
        like.share if like else 0.0,
        matter.place_id == place.pk,
    )


@dataclass(frozen=True)
class Guess:
    """The category that a text most likely belongs to, with its reasons."""

    category: Category
    words: tuple[str, ...]
    similar: int


def guess_categories(
    text: str, offered: Sequence[Category], alike: Sequence[Near] = (), *, limit: int = 3
) -> list[Guess]:
    """Guess categories among those offered, best first; no statement of its own."""
    by_key = {row.pk: row for row in offered}
    pairs = [(row.pk, row.words) for row in offered]
    found = intake.suggest(text, pairs, (near.matter.category_id for near in alike))
    return [Guess(by_key[s.key], s.words, s.similar) for s in found[:limit]]
