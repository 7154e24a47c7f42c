"""One full-text index for all areas, on SQLite (FTS5) and PostgreSQL (tsvector).

An area writes tokens with its object and filters its own visible rows by `matching`; the index
knows no permission and is never shown by itself.

A common word is in a third of a million texts, and a page wants the newest thirty. Beside its
words every entry therefore carries marks of the blocks of keys it lies in (2,048, 32,768 and
524,288 keys): `newest` asks the last blocks first, where a common word fills the page, and all
only for words that are rare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from groundwork.base import bulk, text
from groundwork.base.blocks import BLOCKS, mark, stored_tokens
from groundwork.base.models import SearchEntry

Row = TypeVar("Row", bound=Model)
Got = TypeVar("Got")  # a row, or what `values_list` gives of it
FEW = 1000  # so many rows are looked through one by one


def index(kind: str, object_pk: int, texts: Sequence[str]) -> None:
    """Write or rewrite the tokens of one object."""
    index_many(kind, [(object_pk, texts)])


def index_many(kind: str, objects: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write or rewrite the tokens of many objects."""
    index_tokens(kind, ((pk, text.tokens(*texts)) for pk, texts in objects))


def index_fresh(kind: str, objects: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write the tokens of many objects that have none yet."""
    rows = ((kind, pk, stored_tokens(kind, pk, text.tokens(*texts))) for pk, texts in objects)
    bulk.insert(SearchEntry, ("kind", "object_pk", "tokens"), rows)


def index_tokens(kind: str, objects: Iterable[tuple[int, str]]) -> None:
    """Write or rewrite many objects whose texts are already cut by `text.tokens`."""
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(kind=kind, object_pk=pk, tokens=stored_tokens(kind, pk, tokens))
            for pk, tokens in objects
        ],
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
    return _matching(kind, text.query_terms(query))


def newest(
    rows: QuerySet[Row, Got], kind: str, query: str, *, size: int, before: int | None = None
) -> list[Got]:
    """Give the first `size` of `rows`, by falling key below `before`, that hold every term.

    The same as `rows.filter(pk__in=matching(kind, query)).order_by("-pk")[:size]`, in at most
    seven statements whatever the table's size.
    """
    terms = text.query_terms(query)
    rows = rows.order_by("-pk")
    last = before - 1 if before is not None else _last_key(rows)
    if not terms or last < 0:
        return []
    rows = rows.filter(pk__lte=last)
    steps = _steps(kind, terms, last)
    low, within = next(steps)
    found = list(rows.filter(within)[:size])
    if len(found) == size or not low:
        return found
    # From here on bare keys: a try that finds too few costs no columns and no joins.
    keys = _sorted_after(rows.values_list("pk", flat=True))
    if (few := _few(keys)) is not None:
        held = _holding(kind, terms, few)[:size]
    else:
        for _low, within in steps:
            held = list(keys.filter(within)[:size])
            if len(held) == size:
                break
    return list(rows.filter(pk__in=held))


def _steps(kind: str, terms: Sequence[str], last: int) -> Iterator[tuple[int, Q]]:
    """Reach back from the last key step by step, with the lowest key of each; 0 is all."""
    for bits in BLOCKS:
        block = last >> bits
        low = max(block - 1, 0) << bits
        yield low, Q(pk__gte=low, pk__in=_hits(kind, terms, bits, block))
        if not low:
            return
    yield 0, Q(pk__in=_hits(kind, terms))


def _last_key(rows: QuerySet[Row, Got]) -> int:
    last: int | None = (
        rows.model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    )
    return -1 if last is None else last


def _sorted_after(keys: QuerySet[Row, int]) -> QuerySet[Row, int]:
    """Order keys, on PostgreSQL after they were found and not by walking the table's own order.

    Its planner takes every word for one that is found soon: for a rare one it read 1.7 million
    rows from the newest on to meet ten, two seconds long.
    """
    if connection.vendor != "postgresql":
        return keys
    return keys.order_by((F("pk") + 0).desc())


def _few(keys: QuerySet[Row, int]) -> list[int] | None:
    """Give keys where they are few; in no order, which would cost a walk."""
    few = list(keys.order_by()[: FEW + 1])
    return few if len(few) <= FEW else None


def _holding(kind: str, terms: Sequence[str], keys: Sequence[int]) -> list[int]:
    """Pick of `keys` those whose entry holds every term, in falling order."""
    entries = SearchEntry.objects.filter(kind=kind, object_pk__in=keys)
    return sorted(
        (pk for pk, held in entries.values_list("object_pk", "tokens") if _holds(held, terms)),
        reverse=True,
    )


def _holds(tokens: str, terms: Sequence[str]) -> bool:
    words = tokens.split()
    whole = set(words)
    return all(
        any(word.startswith(term) for word in words) if term.isascii() else term in whole
        for term in terms
    )


def _hits(
    kind: str, terms: Sequence[str], bits: int = 0, block: int = 0
) -> QuerySet[SearchEntry, int] | RawSQL:
    """Give what `_matching` gives, on PostgreSQL found first and apart.

    Left to itself its planner walks a narrow scope and cuts each text into words anew: half a
    second for a unit's search among 15,000 matters.
    """
    hits = _matching(kind, terms, bits, block)
    if connection.vendor != "postgresql":
        return hits
    statement, params = hits.query.sql_with_params()
    return RawSQL(  # noqa: S611 - the statement is the queryset's own, its values are parameters
        f"WITH hit AS MATERIALIZED ({statement}) SELECT object_pk FROM hit",  # noqa: S608
        params,
    )


def _matching(
    kind: str, terms: Sequence[str], bits: int = 0, block: int = 0
) -> QuerySet[SearchEntry, int]:
    """Give the keys that hold every term; with `bits` only those of `block` and the one before."""
    if not terms:
        return SearchEntry.objects.none().values_list("object_pk", flat=True)
    marks = [mark(kind, bits, number) for number in (block, block - 1) if bits and number >= 0]
    if connection.vendor == "postgresql":
        words = [_prefix(term, ":*") for term in terms]
        within = [f"({' | '.join(marks)})"] if marks else []
        found = RawSQL(
            "SELECT id FROM base_searchentry"
            " WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)",
            [" & ".join([*words, *within])],
        )
    else:
        words = [_prefix(f'"{term}"', "*") for term in terms]
        within = [f"({' OR '.join(marks)})"] if marks else []
        found = RawSQL(
            "SELECT rowid FROM base_search_fts WHERE base_search_fts MATCH %s",
            [" AND ".join([*words, *within])],
        )
    return SearchEntry.objects.filter(kind=kind, id__in=found).values_list("object_pk", flat=True)


def _prefix(term: str, mark: str) -> str:
    return term + mark if term.strip('"').isascii() else term
