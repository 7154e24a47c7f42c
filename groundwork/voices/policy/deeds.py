"""Who brings in hours that another system recorded: who keeps the directory of those people."""

from __future__ import annotations

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.registry.models import ImportBatch, Person
from groundwork.registry.policy import kept_bodies, may_add_people
from groundwork.voices.models import Deed
from groundwork.voices.rules.deed_sheet import BATCH


def may_import(by: Actor) -> bool:
    """Tell whether the actor keeps the directory of any unit."""
    return may_add_people(by)


def check_may_import(by: Actor) -> None:
    """Refuse whoever keeps no unit's directory. Raises Forbidden."""
    if not may_import(by):
        raise Forbidden


def kept_people(by: Actor) -> QuerySet[Person]:
    """People whose entries the actor keeps: a sheet may speak of them and of nobody else."""
    people = Person.objects.filter(merged_into=None)
    return people if by.system else people.filter(unit__in=kept_bodies(by).order_by().values("pk"))


def own_deeds(by: Actor) -> QuerySet[Deed]:
    """Hours from elsewhere on the actor's own record; nobody else opens this list."""
    if by.person_id is None:
        return Deed.objects.none()
    return Deed.objects.filter(person=by.person_id)


def visible_sheets(by: Actor) -> QuerySet[ImportBatch]:
    """One's own sheets."""
    rows = ImportBatch.objects.filter(kind=BATCH)
    if by.account_id is None or not may_import(by):
        return rows if by.system else rows.none()
    return rows.filter(account_id=by.account_id)


def sheet_for(by: Actor, public_id: str, *, lock: bool = False) -> ImportBatch:
    """Fetch a sheet. Raises NotFound."""
    rows = visible_sheets(by).select_related("attachment")
    if lock:
        rows = rows.select_for_update(of=("self",))
    batch = sole(rows.filter(public_id=public_id))
    if batch is None:
        raise NotFound
    return batch
