"""Other words for the way of what came from an area above: not every matter has somebody waiting.

say_of("campaigns.finding", Words(steps={"raise": _("…")}))   # in the area's listeners
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from groundwork.matters.models import Matter


@dataclass(frozen=True)
class Words:
    """What is said otherwise: of steps by their verb, of where it stands by its state."""

    steps: Mapping[str, Promise] = field(default_factory=dict)
    now: Mapping[str, Promise] = field(default_factory=dict)


_OF_SOURCE: dict[str, Words] = {}
_ORDINARY = Words()


def say_of(source_kind: str, words: Words) -> None:
    """Register the words for matters of one source."""
    _OF_SOURCE[source_kind] = words


def words_of(matter: Matter) -> Words:
    """Give the words for a matter; none of their own for most."""
    return _OF_SOURCE.get(matter.source_kind, _ORDINARY)
