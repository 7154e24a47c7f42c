"""What areas hand to the desk's lists, and lists that page by key, never by offset."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Todo:
    """One line of somebody's to-do: what, the small print, where to act, how late."""

    title: str
    url: str
    sub: str = ""
    chip: str = ""
    tone: Literal["", "ok", "due", "late"] = ""
    due: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """One line of a search: which kind of thing, what it is called, where it opens."""

    kind: str
    title: str
    url: str
    sub: str = ""


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a list: its rows, and the cursor of the next page ('' at the end)."""

    rows: list[Row]
    next: str = ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def page_by_key(
    rows: QuerySet[Row], keys: Sequence[str], cursor: str = "", *, size: int = 50
) -> Listing[Row]:
    """Give the page of `rows` after `cursor`, ordered by `keys` (the last one unique).

    A key may start with "-". A cursor that cannot be read gives the first page.
    """
    after = _decode(cursor, len(keys))
    page = rows.order_by(*keys)
    if after is not None:
        # The cursor is readable JSON, yet of values that these columns cannot hold: begin anew.
        with suppress(ValueError, TypeError, OverflowError, ValidationError):
            page = page.filter(_beyond(keys, after))
    found = list(page[: size + 1])
    if len(found) <= size:
        return Listing(found)
    last = found[size - 1]
    return Listing(found[:size], _encode([_value(last, key.lstrip("-")) for key in keys]))


def _beyond(keys: Sequence[str], after: Sequence[Any]) -> Q:
    condition = Q()
    for i, key in enumerate(keys):
        same = Q(**dict(zip((k.lstrip("-") for k in keys[:i]), after[:i], strict=True)))
        condition |= same & Q(**{key.lstrip("-") + _step(key): after[i]})
    if len(keys) == 1:
        return condition
    # Said once more of the first key alone: where the index is to be entered. An OR says it not.
    return Q(**{keys[0].lstrip("-") + _step(keys[0]) + "e": after[0]}) & condition


def _step(key: str) -> str:
    return "__lt" if key.startswith("-") else "__gt"


def _value(row: Model, key: str) -> Any:
    value: Any = row
    for part in key.split("__"):
        value = getattr(value, part)
    return _plain(value)


def _encode(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and len(values) == length else None


def capped_count(rows: QuerySet[Any]) -> int:
    """Count up to MOST_COUNTED; that number itself means "that many or more"."""
    return rows.order_by()[:MOST_COUNTED].count()


def capped_counts(lists: Sequence[QuerySet[Any]], most: int = MOST_COUNTED) -> list[int]:
    """Count several lists in one statement, each up to `most`."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in lists:
        try:
            sql, params = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS few)")  # noqa: S608 - Django's own
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())
