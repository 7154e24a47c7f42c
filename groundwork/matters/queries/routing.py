"""To whom a matter should go: by rule, else by what became of similar ones, with the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from groundwork.base import text
from groundwork.base.actor import Actor
from groundwork.base.clock import day_of
from groundwork.base.models import SearchEntry
from groundwork.base.tree import chain
from groundwork.matters.models import Matter, Route, State
from groundwork.matters.policy import visible_matters
from groundwork.matters.rules import routing as rules
from groundwork.registry.models import Body

KIND = "matters.matter"
LOOKED_AT = 400  # solved matters of the category, the newest first, that are compared
SHORTEST = 2  # characters of a word that says something


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
    route = route_of(matter, at)
    if route is not None:
        return Proposal(route.body, "rule", route=route)
    return _by_similar(matter, by=by, at=at)


def route_of(matter: Matter, at: datetime) -> Route | None:
    """Find the rule in force: the deepest place first, there the category before its parent."""
    day, category = day_of(at), matter.category
    routes = Route.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        Q(body__valid_to=None) | Q(body__valid_to__gte=day),
        valid_from__lte=day,
        category__in=[pk for pk in (category.pk, category.parent_id) if pk],
        place__path__in=chain(matter.place.path),
    ).select_related("category", "place", "body")
    rows = {route.pk: route for route in routes}
    best = rules.best(
        (
            rules.Way(row.pk, row.category_id, row.place.path, row.body.path)
            for row in rows.values()
        ),
        category=category.pk,
        parent=category.parent_id,
        place=matter.place.path,
        concerns=matter.concerns.path if matter.concerns else None,
    )
    return rows[best.key] if best else None


def _by_similar(matter: Matter, *, by: Actor, at: datetime) -> Proposal:
    found = similar_solved(matter, by=by, at=at)
    leads = [row.lead for row in found if row.lead is not None]
    counts = Counter(leads)
    shares = tuple(Share(body, count) for body, count in counts.most_common())
    chosen = rules.majority([body.pk for body in leads])
    body = next((body for body in counts if body.pk == chosen), None)
    by_what: Literal["similar", "none"] = "similar" if body else "none"
    return Proposal(body, by_what, shares=shares, similar=tuple(found))


def similar_solved(matter: Matter, *, by: Actor, at: datetime) -> list[Matter]:
    """Find the solved matters most like this one, of its category and district, that `by` sees.

    What the bodies complained of handled is left out. Three statements, whatever the city's size.
    """
    solved = visible_matters(by, at).filter(
        state=State.SOLVED, category=matter.category, lead__outside=False, erased_at=None
    )
    if matter.district_id is not None:
        solved = solved.filter(district=matter.district_id)
    rows = solved.exclude(pk=matter.pk).order_by("-id").values_list("pk", "lead__path")[:LOOKED_AT]
    named = matter.concerns.path if matter.concerns else None
    keys = [pk for pk, lead in rows if not rules.named_in_complaint(lead, named)]
    entries = SearchEntry.objects.filter(kind=KIND, object_pk__in=keys)
    words = {pk: _words(tokens) for pk, tokens in entries.values_list("object_pk", "tokens")}
    common = _words(text.tokens(str(matter.category)))  # in all of them
    mine = _words(text.tokens(matter.title, matter.text)) - common
    best = rules.most_similar(mine, [(pk, words[pk] - common) for pk in keys if pk in words])
    matters = {row.pk: row for row in Matter.objects.filter(pk__in=best).select_related("lead")}
    return [matters[pk] for pk in best]


def _words(tokens: str) -> frozenset[str]:
    return frozenset(word for word in tokens.split() if len(word) >= SHORTEST)
