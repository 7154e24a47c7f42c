"""By what records are taken apart, with the directories that their keys are named in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundwork.figures.queries.source import Split
from groundwork.matters.models import Category, Door
from groundwork.registry.models import Priority


def named(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    """Give keys with their names in the reader's language, in the order they are declared in."""
    return [(key, str(name)) for key, name in choices]


def top_categories() -> list[tuple[Any, str]]:
    """Give the categories of the upper level in their own order; those of the past too."""
    return list(Category.objects.filter(parent=None).values_list("pk", "name"))


def priorities() -> list[tuple[Any, str]]:
    """Give the city's central tasks, the newest first; last what serves none that was named."""
    listed: list[tuple[Any, str]] = list(Priority.objects.values_list("pk", "name"))
    return [*listed, (None, gettext("没有注明的"))]


def matter_splits(at: str) -> dict[str, Split]:
    """Give by what matters are taken apart, where they stand at a look-up of the records."""
    category = Coalesce(F(f"{at}category__parent"), F(f"{at}category"))
    return {
        "category": Split(_("类别"), category, top_categories),
        "door": Split(_("渠道"), F(f"{at}door"), lambda: named(Door.choices)),
        "priority": by_priority(f"{at}priority"),
    }


def by_priority(column: str, *, several: bool = False) -> Split:
    """Take records apart by the central task that they serve; the tasks are known inside."""
    return Split(_("服务的中心工作"), F(column), priorities, inside=True, several=several)
