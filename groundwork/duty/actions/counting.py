"""The four counts of a shift, written here only, from its needs and posts."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from groundwork.duty.models import Need, Post, Shift
from groundwork.duty.rules.posts import CAME, HOLDS, SURE


def recount(shifts: Collection[int]) -> None:
    """Write the counts of these shifts anew; their rows are locked by the caller or in bulk."""
    keys = list(shifts)
    for start in range(0, len(keys), 500):
        part = Shift.objects.filter(pk__in=keys[start : start + 500])
        part.update(
            wanted=Coalesce(_wanted(), 0),
            posted=Coalesce(_posts(HOLDS), 0),
            confirmed=Coalesce(_posts(SURE), 0),
            present=Coalesce(_posts(CAME), 0),
        )


def _wanted() -> Subquery:
    needs = Need.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
    return Subquery(needs.annotate(n=Sum("count")).values("n"))


def _posts(states: tuple[str, ...]) -> Subquery:
    posts = Post.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
    return Subquery(posts.annotate(n=Count("pk", filter=Q(state__in=states))).values("n"))
