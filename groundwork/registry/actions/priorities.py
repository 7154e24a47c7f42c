"""Every act on the city's central tasks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.text import tidy
from groundwork.registry import policy
from groundwork.registry.models import Priority
from groundwork.registry.rules import bodies as rules

KIND = "registry.priority"


@transaction.atomic
def add_priority(
    *,
    name: str,
    valid_from: date,
    valid_to: date | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Priority:
    """Add a central task for a time. Raises Forbidden, BadBodyName, ClosedBeforeOpened."""
    if not policy.may_keep_priorities(by):
        raise Forbidden
    priority = Priority(name=_checked(name, valid_from, valid_to))
    priority.valid_from, priority.valid_to = valid_from, valid_to
    priority.save(force_insert=True)
    trail.record(by, "add", KIND, priority.public_id, ["name", "valid_from", "valid_to"], at=at)
    return priority


@transaction.atomic
def edit_priority(
    priority: Priority,
    *,
    name: str,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    at: datetime | None = None,
) -> Priority:
    """Mend a central task; records that name it keep naming it."""
    priority = policy.priority_for(by, priority.public_id, "edit")
    priority.name = _checked(name, valid_from, valid_to)
    priority.valid_from, priority.valid_to = valid_from, valid_to
    fields = ["name", "valid_from", "valid_to"]
    priority.save(update_fields=fields)
    trail.record(by, "edit", KIND, priority.public_id, fields, at=at)
    return priority


def _checked(name: str, valid_from: date, valid_to: date | None) -> str:
    if valid_to is not None:
        rules.check_closing(valid_to, valid_from, 0, 0)
    return rules.clean_body_name(tidy(name))[:80]
