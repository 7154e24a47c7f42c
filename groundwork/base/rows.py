"""Read the one row that a key names; hold a row before what hangs on it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet

from groundwork.base.errors import Conflict

Row = TypeVar("Row", bound=Model)


def sole(rows: QuerySet[Row]) -> Row | None:
    """Give the row that a unique key leaves, or None.

    `first()` would sort the one row: to write that order down costs as much as the whole
    statement besides, where joins bring a hundred columns.
    """
    return next(iter(rows.order_by()[:1]), None)


def known_or_made(known: Callable[[], Row | None], make: Callable[[], Row]) -> Row:
    """Give the row that a sending's key names already, else make it, in a transaction.

    Where two of one key come at the same moment, the second is given what the first wrote. Raises
    Conflict where the unique key is somebody else's.
    """
    if found := known():
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError as error:
        if found := known():
            return found
        raise Conflict from error


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
