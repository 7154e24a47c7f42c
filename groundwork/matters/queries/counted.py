"""What of the ledger counts, and what it is counted as: once, for pages and declared figures."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.matters.models import Door, Matter
from groundwork.matters.policy.matter import not_withheld
from groundwork.matters.rules.states import CONFIRMED, DONE

ENTERPRISE = Q(door=Door.ENTERPRISE)
ACCEPTED = Q(accepted_at__isnull=False)
IS_DONE = Q(state__in=DONE)
IS_CONFIRMED = Q(state__in=CONFIRMED)
FOUND = Q(door__in=(Door.VISIT, Door.PATROL))  # by going there, not by waiting


def counted_matters(at: datetime) -> QuerySet[Matter]:
    """Give the matters that count at a moment: merged ones in the one they went into.

    What is withheld does not count before its hour, or the number would tell of it.
    """
    return Matter.objects.filter(not_withheld(at)).exclude(state="merged")
