"""The desk's list to take away: the tab, the filter and the words looked for kept."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import search
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import N_
from groundwork.matters.queries.queue import KIND, RECEIPT, Scope, settled
from groundwork.matters.queries.register import sheet_of
from groundwork.matters.queries.wanted import Wanted, narrowed


def workbook(by: Actor, wanted: Wanted, at: datetime) -> bytes:
    """Write what the desk lists, all its pages. Raises NoDesk, TooManyRows."""
    wanted = settled(by, wanted)
    scope = Scope.of(by, at)
    rows = scope.tab(narrowed(scope.matters, wanted, by, at, calendar()), wanted)
    if wanted.q and RECEIPT.fullmatch(wanted.q):
        rows = rows.filter(receipt=wanted.q.upper())
    elif wanted.q:
        rows = rows.filter(pk__in=search.matching(KIND, wanted.q))
    return sheet_of(rows, N_("诉求"))
