"""Read the one row that a key names; hold a row before what hangs on it is read."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def sole(rows: QuerySet[Row]) -> Row | None:
    """Give the row that a unique key leaves, or None.

    `first()` would sort the one row: to write that order down costs as much as the whole
    statement besides, where joins bring a hundred columns.
    """
    return next(iter(rows.order_by()[:1]), None)


def hold_row(model: type[Model], **which: object) -> None:
    """Lock one row until the transaction ends; read it with its joins in a statement after.

    PostgreSQL checks a row it waited for against the joined rows of before the wait: what hangs on
    it and was changed meanwhile would be None, or the row itself would be gone.
    """
    model._default_manager.select_for_update().filter(**which).values_list("pk").first()


def share_row(model: type[Model], pk: int) -> None:
    """Keep one row as it is until the transaction ends; many may do so at once.

    Who wants to change it waits for all of them. SQLite writes one behind the other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = model._meta.db_table
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE id = %s FOR SHARE', [pk])  # noqa: S608
