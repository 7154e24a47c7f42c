"""To whom a matter should go: by rule, else by what became of similar ones, with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.clock import day_of
from groundwork.base.tree import chain
from groundwork.matters.models import Matter, Route, State
from groundwork.matters.policy import visible_matters
from groundwork.matters.queries.commonness import common_words
from groundwork.matters.rules import routing as rules
from groundwork.matters.rules.likeness import Shares, most_similar, telling_words
from groundwork.registry.models import Body

LOOKED_AT = 400  # solved matters of the category, the newest first, that are compared
FEWEST_LOOKED_AT = 60  # of each, where a batch asks about many categories at once


@dataclass(frozen=True)
class Share:
    """How many of the similar matters a body handled."""

    body: Body
    count: int


@dataclass(frozen=True)
class Proposal:
    """A body proposed for a matter, why, and what stands behind it.

    By "rule" with its route; by "similar" with the matters compared and how they spread; "none"
    where neither says enough, then `body` is None and the counts, if any, are all there is.
    """

    body: Body | None
    by: Literal["rule", "similar", "none"]
    route: Route | None = None
    shares: tuple[Share, ...] = ()
    similar: tuple[Matter, ...] = ()

    @property
    def n(self) -> int:
        """Count the similar matters compared."""
        return len(self.similar)

    @property
    def reason(self) -> str:
        """Say in a sentence why this body."""
        if self.route is not None:
            return _("派单规则：%(category)s · %(place)s → %(body)s") % {
                "category": self.route.category,
                "place": self.route.place,
                "body": self.route.body,
            }
        if not self.shares:
            return _("没有派单规则，也没有足够相似的已解决诉求。")
        return _("%(n)s 件最相似的已解决诉求中 %(count)s 件由%(body)s办理。") % {
            "n": self.n,
            "count": self.shares[0].count,
            "body": self.shares[0].body,
        }


def propose(matter: Matter, *, by: Actor, at: datetime) -> Proposal:
    """Propose a lead in a bounded number of statements; never the body complained of."""
    return propose_many([matter], by=by, at=at)[matter.pk]


def propose_many(matters: Sequence[Matter], *, by: Actor, at: datetime) -> dict[int, Proposal]:
    """Propose a lead for each, by key: four statements and one per category and district."""
    routes = _routes(matters, at)
    found: dict[int, Proposal] = {}
    rest: list[Matter] = []
    for matter in matters:
        route = _best(matter, routes)
        if route is not None:
            found[matter.pk] = Proposal(route.body, "rule", route=route)
        else:
            rest.append(matter)
    return found | (_by_similar(rest, by=by, at=at) if rest else {})


def _routes(matters: Sequence[Matter], at: datetime) -> list[Route]:
    """Give the rules in force for what the matters are about, where they lie."""
    day = day_of(at)
    about = {pk for row in matters for pk in (row.category_id, row.category.parent_id) if pk}
    where = {path for row in matters for path in chain(row.place.path)}
    routes = Route.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        Q(body__valid_to=None) | Q(body__valid_to__gte=day),
        valid_from__lte=day,
        category__in=about,
        place__path__in=where,
    )
    return list(routes.select_related("category", "place", "body"))


def _best(matter: Matter, routes: Sequence[Route]) -> Route | None:
    """Choose the rule: the deepest place first, there the category before its parent."""
    rows = {route.pk: route for route in routes}
    best = rules.best(
        (
            rules.Way(row.pk, row.category_id, row.place.path, row.body.path)
            for row in rows.values()
        ),
        category=matter.category_id,
        parent=matter.category.parent_id,
        place=matter.place.path,
        concerns=matter.concerns.path if matter.concerns else None,
    )
    return rows[best.key] if best else None


@dataclass(frozen=True)
class _Solved:
    """A solved matter as it is compared: key, lead's path, words."""

    pk: int
    lead: str
    words: frozenset[str]


def _by_similar(matters: Sequence[Matter], *, by: Actor, at: datetime) -> dict[int, Proposal]:
    common = common_words()
    groups: dict[tuple[int, int | None], list[Matter]] = {}
    for matter in matters:
        groups.setdefault((matter.category_id, matter.district_id), []).append(matter)
    most = max(FEWEST_LOOKED_AT, LOOKED_AT // len(groups))
    chosen: dict[int, list[int]] = {}
    for (category, district), rows in groups.items():
        solved = _solved(category, district, most, by=by, at=at)
        for matter in rows:
            chosen[matter.pk] = _alike(matter, solved, common)
    keys = {pk for found in chosen.values() for pk in found}
    known = Matter.objects.filter(pk__in=keys).select_related("lead").in_bulk()
    return {
        pk: _proposal([known[key] for key in found if key in known]) for pk, found in chosen.items()
    }


def _solved(
    category: int, district: int | None, most: int, *, by: Actor, at: datetime
) -> list[_Solved]:
    """Read the newest solved matters of a category and district that `by` sees."""
    solved = visible_matters(by, at).filter(
        state=State.SOLVED, category=category, lead__outside=False, erased_at=None
    )
    if district is not None:
        solved = solved.filter(district=district)
    rows = solved.order_by("-id").values_list("pk", "lead__path", "text")[:most]
    return [_Solved(pk, lead, telling_words(text)) for pk, lead, text in rows]


def _alike(matter: Matter, solved: Sequence[_Solved], common: Shares) -> list[int]:
    """Choose the most similar; what the bodies complained of handled is left out."""
    named = matter.concerns.path if matter.concerns else None
    others = [
        (row.pk, row.words)
        for row in solved
        if row.pk != matter.pk and not rules.named_in_complaint(row.lead, named)
    ]
    return most_similar(telling_words(matter.text), others, common, most=rules.MOST_SIMILAR)


def _proposal(found: Sequence[Matter]) -> Proposal:
    leads = [row.lead for row in found if row.lead is not None]
    counts = Counter(leads)
    shares = tuple(Share(body, count) for body, count in counts.most_common())
    chosen = rules.majority([body.pk for body in leads])
    body = next((body for body in counts if body.pk == chosen), None)
    by_what: Literal["similar", "none"] = "similar" if body else "none"
    return Proposal(body, by_what, shares=shares, similar=tuple(found))
