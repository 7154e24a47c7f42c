"""Keep the words of a matter findable: all of them for the staff, the shown ones for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from groundwork.base import search
from groundwork.matters.models import Kind, Matter
from groundwork.matters.rules.private import blanked

STAFF, PUBLIC = "matters.matter", "matters.public"


def index_words(matter: Matter) -> None:
    """Write a matter's words into both indexes; what the board does not show is in one only."""
    index_many([matter])


def index_many(matters: Iterable[Matter]) -> None:
    """Write the words of many matters."""
    rows = list(matters)
    search.index_many(
        STAFF, [(row.pk, [row.title, row.text, row.category.name, row.answer]) for row in rows]
    )
    shown = [row for row in rows if row.public_text and row.kind != Kind.COMPLAINT]
    search.index_many(
        PUBLIC, [(row.pk, [blanked(row.public_text), row.category.name]) for row in shown]
    )
    search.remove(PUBLIC, {row.pk for row in rows} - {row.pk for row in shown})
