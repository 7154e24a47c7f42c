"""Give a shift to a colleague, or exchange it: offered once, taken in one tap, told to both."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict, Forbidden, NotFound
from groundwork.duty.actions import steps
from groundwork.duty.actions.answering import NotNow, locked_post, params_of, said
from groundwork.duty.actions.counting import recount
from groundwork.duty.models import Post, PostStep, Shift, Swap
from groundwork.duty.policy.runs import require_call
from groundwork.duty.policy.swaps import swap_for
from groundwork.duty.queries.fitting import Fitting
from groundwork.duty.rules.fits import SWAPPED
from groundwork.duty.rules.posts import AHEAD, WrongState
from groundwork.registry.models import Person

KIND = "duty.swap"
State = Swap.State


class SwapGone(Conflict):
    """Tell that an offer was taken or withdrawn before."""

    code = "duty.swap_gone"
    text = N_("这个班刚刚已经有人接了，或者已经收回。")


class SwapThere(Conflict):
    """Tell that a post is on offer already."""

    code = "duty.swap_there"
    text = N_("这个班已经在换班了，可以先收回再重新提出。")


@transaction.atomic
def offer_swap(
    post_id: str,
    asked_id: str = "",
    in_return_id: str = "",
    *,
    by: Actor,
    at: datetime | None = None,
) -> Swap:
    """Offer one's post to whom it fits, or to one colleague, who may give one of theirs for it."""
    at = at or clock.now()
    post = locked_post(post_id, "own", by=by)
    _require_ahead(post, at)
    if Swap.objects.filter(post=post, state=State.OPEN).exists():
        raise SwapThere
    back = _in_return(in_return_id, post, at) if in_return_id else None
    asked = back.person if back else _asked(asked_id)
    if asked is not None:
        _require_fit(post, asked.pk, back)
    swap = Swap.objects.create(post=post, asked=asked, in_return=back, at=at)
    trail.record(by, "offer", KIND, swap.public_id, ["post", "asked"], at=at)
    if asked is not None:
        _tell(swap, asked, ASKED, by=by, at=at)
    return swap


ASKED = N_("%(name)s想把 %(when)s %(gate)s的班换给您，方便的话点一下接手。")
TAKEN = N_("%(name)s接了您 %(when)s %(gate)s的班。")
YOURS = N_("您接了 %(when)s %(gate)s的班，谢谢。")
NOT_YOURS = N_("%(when)s %(gate)s的班已由别的同事接手，您不用来。")


def _asked(public_id: str) -> Person | None:
    if not public_id:
        return None
    person = Person.objects.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


def _in_return(public_id: str, post: Post, at: datetime) -> Post:
    back = Post.objects.select_related("shift__order", "shift__place", "shift__gate", "person")
    found = back.filter(public_id=public_id, shift__order=post.shift.order_id).first()
    if found is None or found.person_id == post.person_id:
        raise NotFound
    _require_ahead(found, at)
    return found


def _require_ahead(post: Post, at: datetime) -> None:
    require_call(post.shift.order, at)
    ahead = post.state in AHEAD and post.shift.starts_at > at
    if not ahead or post.shift.called_off_at is not None:
        raise WrongState


def _require_fit(post: Post, taker: int, back: Post | None) -> None:
    """Refuse a change by which somebody would overlap, rest too little or exceed what they set."""
    pairs = [(taker, post, back)]
    if back is not None:
        pairs.append((post.person_id, back, post))
    shifts = [one.shift for one in (post, back) if one is not None]
    known = Fitting(post.shift.order, [person for person, _a, _b in pairs], shifts)
    for person, takes, gives in pairs:
        giving = gives.shift_id if gives is not None else None
        found = known.hindrances(person, takes.shift, giving=giving)
        found = [code for code in found if code not in SWAPPED]
        if not known.matches(person, takes.kind):
            found.append("kind")
        if found:
            raise NotNow(why=said(found[0]))


@transaction.atomic
def take_swap(public_id: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Take a post on offer. Of two who tap at once one has it; the other is told so."""
    at = at or clock.now()
    if by.person_id is None:
        raise Forbidden
    swap = swap_for(by, public_id)
    _lock(swap, by.person_id)
    swap = swap_for(by, public_id, lock=True)
    if swap.state == State.TAKEN and swap.taken_by_id == by.person_id:
        return Post.objects.get(shift=swap.post.shift_id, person=by.person_id, state__in=AHEAD)
    if swap.state != State.OPEN:
        raise SwapGone
    post, back = swap.post, swap.in_return
    _require_ahead(post, at)
    if back is not None:
        _require_ahead(back, at)
    _require_fit(post, by.person_id, back)
    taker = Person.objects.get(pk=by.person_id)
    swap.state, swap.taken_by, swap.closed_at = State.TAKEN, taker, at
    swap.save(update_fields=["state", "taken_by", "closed_at"])
    if back is not None:
        steps.move(back, "swap", by=by, at=at)
    steps.move(post, "swap", by=by, at=at)
    taken = _stand(post, taker, by, at)
    if back is not None:
        _stand(back, post.person, by, at)
        _close_others(back, at)
    trail.record(by, "take", KIND, swap.public_id, ["state", "taken_by"], at=at)
    _tell(swap, post.person, TAKEN, by=by, at=at)
    _tell(swap, taker, YOURS, by=by, at=at)
    if swap.asked is not None and swap.asked_id != taker.pk:
        _tell(swap, swap.asked, NOT_YOURS, by=by, at=at)
    return taken


def _lock(swap: Swap, taker: int) -> None:
    """Lock people, then shifts, always in the order of their keys: no two wait for each other."""
    back = swap.in_return
    people = {taker, swap.post.person_id}
    shifts = {swap.post.shift_id} | ({back.shift_id} if back is not None else set())
    people_rows = Person.objects.filter(pk__in=people).order_by("pk")
    list(people_rows.select_for_update().values_list("pk", flat=True))
    shift_rows = Shift.objects.filter(pk__in=shifts).order_by("pk")
    list(shift_rows.select_for_update().values_list("pk", flat=True))
    posts = [swap.post_id] + ([back.pk] if back is not None else [])
    post_rows = Post.objects.filter(pk__in=posts).order_by("pk")
    list(post_rows.select_for_update().values_list("pk", flat=True))


def _stand(post: Post, person: Person, by: Actor, at: datetime) -> Post:
    """Write the post of who takes over: chosen, so confirmed."""
    taken = Post(shift=post.shift, person=person, kind=post.kind, source=Post.Source.SWAP)
    taken.state, taken.told_at, taken.answered_at = "confirmed", at, at
    taken.save(force_insert=True)
    PostStep.objects.create(
        post=taken, verb="take", at=at, account_id=by.account_id, name=by.display_name
    )
    recount([post.shift_id])
    changes.record(steps.KIND, taken.public_id, after=steps.dimensions(taken), at=at)
    return taken


def _close_others(post: Post, at: datetime) -> None:
    """Withdraw what else was offered with a post that is another's now."""
    Swap.objects.filter(post=post, state=State.OPEN).update(state=State.WITHDRAWN, closed_at=at)


@transaction.atomic
def withdraw_swap(public_id: str, *, by: Actor, at: datetime | None = None) -> Swap:
    """Take one's offer back. Twice is no error; one that was taken cannot be."""
    at = at or clock.now()
    swap = swap_for(by, public_id, lock=True)
    if swap.post.person_id != by.person_id:
        raise Forbidden
    if swap.state == State.WITHDRAWN:
        return swap
    if swap.state != State.OPEN:
        raise SwapGone
    swap.state, swap.closed_at = State.WITHDRAWN, at
    swap.save(update_fields=["state", "closed_at"])
    trail.record(by, "withdraw", KIND, swap.public_id, ["state"], at=at)
    return swap


def lapse_swaps(*, at: datetime | None = None) -> int:
    """Close offers whose shift has begun, or whose post is no longer the offerer's."""
    at = at or clock.now()
    past = Q(post__shift__starts_at__lte=at) | ~Q(post__state__in=AHEAD)
    keys = list(Swap.objects.filter(past, state=State.OPEN).values_list("pk", flat=True)[:900])
    open_still = Swap.objects.filter(pk__in=keys, state=State.OPEN)
    return open_still.update(state=State.LAPSED, closed_at=at)


def _tell(swap: Swap, person: Person, text: str, *, by: Actor, at: datetime) -> None:
    notify(
        [person],
        kind="duty.swap",
        key=f"duty.swap:{swap.public_id}:{swap.state}:{person.pk}",
        text=text,
        url=reverse("duty:mine" if swap.state == State.TAKEN else "duty:swaps"),
        params={**params_of(swap.post.shift), "name": by.display_name},
        by=by,
        at=at,
    )
