"""Who brings in a spreadsheet of needs: keepers of places under an order; one's own sheets."""

from __future__ import annotations

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.duty.models import Order
from groundwork.duty.policy.gates import KEEPERS
from groundwork.duty.policy.orders import order_for
from groundwork.duty.rules.need_sheet import BATCH
from groundwork.registry.models import ImportBatch


def may_import(by: Actor) -> bool:
    """Tell whether the actor keeps gates anywhere."""
    return bool(by.system) or bool(by.places(*KEEPERS))


def check_may_import(by: Actor) -> None:
    """Refuse whoever keeps no gates. Raises Forbidden."""
    if not may_import(by):
        raise Forbidden


def visible_sheets(by: Actor) -> QuerySet[ImportBatch]:
    """One's own sheets."""
    rows = ImportBatch.objects.filter(kind=BATCH)
    if by.system:
        return rows
    if by.account_id is None or not may_import(by):
        return rows.none()
    return rows.filter(account_id=by.account_id)


def sheet_for(by: Actor, public_id: str, *, lock: bool = False) -> tuple[ImportBatch, Order]:
    """Fetch a sheet and the order it asks for. Raises NotFound."""
    rows = visible_sheets(by).select_related("attachment")
    if lock:
        rows = rows.select_for_update(of=("self",))
    batch = sole(rows.filter(public_id=public_id))
    if batch is None:
        raise NotFound
    return batch, order_for(by, str(batch.totals.get("order", "")))
