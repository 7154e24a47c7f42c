"""Keep the words of a matter findable: all of them for the staff, the shown ones for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    shown = [row for row in rows if _is_shown(row)]
    search.index_many(STAFF, map(_of_staff, rows))
    search.index_many(PUBLIC, map(_of_board, shown))
    search.remove(PUBLIC, {row.pk for row in rows} - {row.pk for row in shown})


def index_fresh(matters: Sequence[Matter]) -> None:
    """Write the words of many matters that were written just now."""
    search.index_fresh(STAFF, map(_of_staff, matters))
    search.index_fresh(PUBLIC, map(_of_board, filter(_is_shown, matters)))


def _is_shown(row: Matter) -> bool:
    return bool(row.public_text) and row.kind != Kind.COMPLAINT


def _of_staff(row: Matter) -> tuple[int, list[str]]:
    # A title made of the words' beginning holds nothing to be found that they do not.
    own = [] if row.text.startswith(row.title.removesuffix("…")) else [row.title]
    return row.pk, [*own, row.text, row.category.name, row.answer]


def _of_board(row: Matter) -> tuple[int, list[str]]:
    return row.pk, [blanked(row.public_text), row.category.name]
