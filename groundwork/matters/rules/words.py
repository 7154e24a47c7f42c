"""Words as people send them: numbers of cards masked, the same words known again."""

from __future__ import annotations

import hashlib
import re

# 18 (or old 15) digits of an identity card, 16 to 19 of a bank card, spaces and hyphens between.
_CARD = re.compile(r"(?<![0-9])(?:[0-9][ -]?){14,18}[0-9Xx](?![0-9])")
_NOT_WORDS = re.compile(r"[\W_]+")
LONGEST_TITLE = 40


def masked(text: str) -> str:
    """Blank out identity and bank card numbers: the first three and last two figures stay."""

    def stars(found: re.Match[str]) -> str:
        figures = re.sub(r"[ -]", "", found[0])
        return figures[:3] + "*" * (len(figures) - 5) + figures[-2:]

    return _CARD.sub(stars, text)


def title_of(text: str) -> str:
    """Make a title of the first sentence."""
    first = re.split(r"[。！？!?\n]", text.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def digest(text: str) -> str:
    """Digest the bare words, so that the same text is known whatever its marks and spaces."""
    bare = _NOT_WORDS.sub("", text).lower()
    return hashlib.sha256(bare.encode()).hexdigest()[:32]
