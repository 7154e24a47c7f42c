"""Hang many new nodes into a tree at once; treebeard itself does one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import F

from groundwork.registry.models import Body, Place

Node = TypeVar("Node", Place, Body)


def append_many(model: type[Node], nodes: Sequence[tuple[Node, Node | None]]) -> None:
    """Write new nodes, each the last child of its parent (None: a new top), parents first."""
    last: dict[str, int] = {}
    children: Counter[str] = Counter()
    for node, parent in nodes:
        above = parent.path if parent else ""
        if above not in last:
            last[above] = _last_step(model, above)
        last[above] += 1
        node.depth = len(above) // model.steplen + 1
        node.path = model._get_path(above, node.depth, last[above])
        last.setdefault(node.path, 0)
        children[above] += 1
    made = {node.path: node for node, _parent in nodes}
    for node in made.values():
        node.numchild = children.pop(node.path, 0)
    model.objects.bulk_create(list(made.values()), batch_size=1000)
    for path, n in children.items():
        model.objects.filter(path=path).update(numchild=F("numchild") + n)


def _last_step(model: type[Node], above: str) -> int:
    depth = len(above) // model.steplen + 1
    last = model.objects.filter(depth=depth, path__startswith=above).order_by("-path").first()
    return model._str2int(last.path[-model.steplen :]) if last else 0
