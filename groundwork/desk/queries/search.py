"""One search over everything the reader may see: each area answers for its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Hit
from groundwork.matters.queries import search as matters
from groundwork.registry import queries as registry
from groundwork.study.queries import evening, library

PER_GROUP = 8
SOURCES = (registry, matters, evening, library)  # each has `search(by, q, limit) -> list[Hit]`
# The kinds in the order in which people look for them.
TITLES: dict[str, Promise] = {
    "registry.person": _("人员"),
    "registry.body": _("单位"),
    "registry.place": _("地点"),
    "matters.matter": _("诉求"),
    "study.evening": _("夜学"),
    "study.material": _("材料"),
}


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `more` where there are others."""

    title: str | Promise
    hits: list[Hit]
    more: bool = False


def search(by: Actor, q: str, *, limit: int = PER_GROUP) -> list[Group]:
    """Find `q` in every area; kinds without a hit are left out."""
    hits = [hit for source in SOURCES for hit in source.search(by, q, limit + 1)]
    order = list(TITLES)
    hits.sort(key=lambda hit: order.index(hit.kind))
    groups = []
    for kind, rows in groupby(hits, key=lambda hit: hit.kind):
        found = list(rows)
        groups.append(Group(TITLES[kind], found[:limit], more=len(found) > limit))
    return groups
