"""One full-text index for all areas, on SQLite (FTS5) and PostgreSQL (tsvector).

An area writes tokens with its object and filters its own visible rows by `matching`; the index
knows no permission and is never shown by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from groundwork.base import text
from groundwork.base.models import SearchEntry


def index(kind: str, object_pk: int, texts: Sequence[str]) -> None:
    """Write or rewrite the tokens of one object."""
    index_many(kind, [(object_pk, texts)])


def index_many(kind: str, objects: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write or rewrite the tokens of many objects."""
    index_tokens(kind, ((pk, text.tokens(*texts)) for pk, texts in objects))


def index_tokens(kind: str, objects: Iterable[tuple[int, str]]) -> None:
    """Write or rewrite many objects whose texts are already cut by `text.tokens`."""
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, object_pk=pk, tokens=tokens) for pk, tokens in objects],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["kind", "object_pk"],
        update_fields=["tokens"],
    )


def remove(kind: str, object_pks: Iterable[int]) -> None:
    """Forget objects."""
    SearchEntry.objects.filter(kind=kind, object_pk__in=list(object_pks)).delete()


def matching(kind: str, query: str) -> QuerySet[SearchEntry, int]:
    """Give the primary keys of objects in which every term of `query` is found.

    Use it as a subquery: `visible.filter(pk__in=search.matching(kind, q))`.
    """
    terms = text.query_terms(query)
    if not terms:
        return SearchEntry.objects.none().values_list("object_pk", flat=True)
    if connection.vendor == "postgresql":
        found = RawSQL(
            "SELECT id FROM base_searchentry"
            " WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)",
            [" & ".join(_prefix(term, ":*") for term in terms)],
        )
    else:
        found = RawSQL(
            "SELECT rowid FROM base_search_fts WHERE base_search_fts MATCH %s",
            [" ".join(_prefix(f'"{term}"', "*") for term in terms)],
        )
    return SearchEntry.objects.filter(kind=kind, id__in=found).values_list("object_pk", flat=True)


def _prefix(term: str, mark: str) -> str:
    return term + mark if term.strip('"').isascii() else term
