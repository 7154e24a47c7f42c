"""Who sees an offer to swap: the one who made it, the one asked, else the staff called up."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.rows import sole
from groundwork.duty.models import Swap, Volunteer


def visible_swaps(by: Actor) -> QuerySet[Swap]:
    """Offers of one's own, to oneself, or to whom they fit under an order one is called up for."""
    if by.person_id is None:
        return Swap.objects.none()
    called = Volunteer.objects.filter(
        order=OuterRef("post__shift__order"), person=by.person_id, held_at=None
    )
    mine = Q(post__person=by.person_id) | Q(asked=by.person_id)
    return Swap.objects.filter(mine | Q(Exists(called), asked=None) | Q(taken_by=by.person_id))


def swap_for(by: Actor, public_id: str, *, lock: bool = False) -> Swap:
    """Fetch an offer that the actor may see. Raises NotFound."""
    shift = ("shift__order", "shift__place", "shift__gate", "person")
    swaps = visible_swaps(by).select_related(
        *(f"{post}__{part}" for post in ("post", "in_return") for part in shift), "asked"
    )
    if lock:
        swaps = swaps.select_for_update(of=("self",))
    swap = sole(swaps.filter(public_id=public_id))
    if swap is None:
        raise NotFound
    return swap
