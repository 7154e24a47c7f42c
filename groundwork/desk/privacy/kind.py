"""One entry of the privacy notice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class RecordKind:
    """One kind of record about people, in words for those it is about."""

    title: Promise
    what: Promise
    why: Promise
    readers: Promise
    kept: Promise
    models: tuple[str, ...]
