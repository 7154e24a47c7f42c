"""Which category words suggest; one that fits nothing stands under 其他事项."""

from __future__ import annotations

from groundwork.base.errors import NotFound
from groundwork.matters.models import Category
from groundwork.matters.queries.intake import offered_categories
from groundwork.matters.rules import intake

LAST_RESORT = "other-matters"


def suggested(words: str, offered: list[Category] | None = None) -> Category:
    """Give the category that the words suggest best, or the last one of all."""
    rows = offered_categories() if offered is None else offered
    if not rows:
        raise NotFound
    by_key = {row.pk: row for row in rows}
    found = intake.suggest(words, ((row.pk, row.words) for row in rows), ())
    if found:
        return by_key[found[0].key]
    return next((row for row in rows if row.code == LAST_RESORT), rows[-1])
