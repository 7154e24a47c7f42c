"""What the open doors keep to: how much, how often, how quick, and which category is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundwork.base.text import tidy

LONGEST_WORDS = 5000  # characters; a page of small print. More is kept in the form and told
SHORTEST_WORDS = 4
MOST_PHOTOS = 6
QUICKEST = 3  # seconds from opening the form to sending it; a person cannot, a robot does


@dataclass(frozen=True)
class Limits:
    """How often in an hour: one browser, one address."""

    browser: int
    address: int


# A shared computer of a community may serve a queue of people; a whole office of 300, or a block
# of flats, may stand behind one address.
LIMITS: Mapping[str, Limits] = {
    "send": Limits(browser=20, address=600),
    "photo": Limits(browser=60, address=1500),
    "look": Limits(browser=600, address=9000),  # a search at every pause in typing a name
    "ask": Limits(browser=6, address=300),  # a question to the speaker of an evening
    "program": Limits(browser=600, address=600),  # one key of an interface, or an address
}

_PHONE = re.compile(r"\+?[0-9]{5,18}")


def too_quick(opened: int | None, at: datetime) -> bool:
    """Tell whether a form was sent sooner than a person can; `opened` in Unix seconds."""
    return opened is not None and at.timestamp() - opened < QUICKEST


def phone_of(text: str) -> str | None:
    """Make a telephone number comparable: figures only; None for what is none."""
    plain = re.sub(r"[\s\-()（）.·]", "", tidy(text))
    if plain.startswith("+86") and len(plain) == 14:
        plain = plain[3:]
    return plain if _PHONE.fullmatch(plain) else None


@dataclass(frozen=True)
class Suggestion:
    """A category that the words suggest, and why."""

    key: int
    words: tuple[str, ...]  # of the category, found in the text
    similar: int  # matters like this one that stand under it


def suggest(
    text: str, categories: Iterable[tuple[int, Sequence[str]]], similar: Iterable[int]
) -> list[Suggestion]:
    """Rank categories by the words of theirs in a text and by similar matters, best first.

    `categories` are pairs of key and words, `similar` the keys under which similar ones stand.
    """
    folded, stood = tidy(text).lower(), list(similar)
    found = []
    for key, words in categories:
        hits = tuple(word for word in words if word and word.lower() in folded)
        if hits or key in stood:
            found.append(Suggestion(key, hits, stood.count(key)))
    return sorted(found, key=lambda s: (-(sum(map(len, s.words)) + 2 * min(s.similar, 3)), s.key))
