"""Hold a row before what hangs on it is read."""

from __future__ import annotations

from django.db.models import Model


def hold_row(model: type[Model], **which: object) -> None:
    """Lock one row until the transaction ends; read it with its joins in a statement after.

    PostgreSQL checks a row it waited for against the joined rows of before the wait: what hangs on
    it and was changed meanwhile would be None, or the row itself would be gone.
    """
    model._default_manager.select_for_update().filter(**which).values_list("pk").first()
