"""Scope in a tree of materialised paths, as a condition for a queryset."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

NOWHERE = Q(pk__in=())  # a condition that nothing meets
EVERYWHERE = ~NOWHERE  # one that everything meets; an empty Q() would vanish beside an `|`
STEP = 4  # characters of a path for each level of a tree


def chain(path: str) -> list[str]:
    """List a path and those above it, the deepest first."""
    return [path[:end] for end in range(len(path), 0, -STEP)]


def under(field: str, paths: Iterable[str]) -> Q:
    """Make a condition: the path in `field` is one of `paths` or lies below one.

    `under("unit__path", ("0001",))`. No paths: nothing matches.
    """
    condition = Q()
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition or NOWHERE


def covers(paths: Iterable[str], path: str | None) -> bool:
    """Tell whether `path` is one of `paths` or lies below one."""
    return path is not None and any(path.startswith(top) for top in paths)
