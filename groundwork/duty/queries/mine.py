"""A person's own shifts: the next one big, the others as a list, what is open nearby."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.duty.models import Order, Post, PostStep, Shift, Swap, Thanks, Volunteer
from groundwork.duty.models.need import GateContact
from groundwork.duty.policy.posts import own_posts
from groundwork.duty.queries.fitting import Fitting
from groundwork.duty.queries.shifts import SIZE
from groundwork.duty.rules.fits import NEVER
from groundwork.duty.rules.posts import AHEAD, EARLY, GOING, HOLDS, unseen
from groundwork.registry.models import Person, Place

LATELY = timedelta(days=90)
MOST_AHEAD = 60
STOOD = ("stood", "approved")
AFTER = GOING  # a shift stays on top so long after its end, to be signed out of


@dataclass(frozen=True)
class Mate:
    """Somebody who stands the same shift."""

    post: Post
    name: str
    unit: str
    lead: bool


@dataclass(frozen=True)
class PostPage:
    """One's own shift: where exactly, with whom, whom to call, what one may do now."""

    post: Post
    mates: list[Mate]
    lead: Person | None
    contacts: list[Person]
    swap: Swap | None
    may_answer: bool
    may_swap: bool
    may_lead: bool  # the roll of a shift that one leads is open, or soon will be
    steps: list[PostStep]
    thanks: list[Thanks]
    unseen: bool = False  # over, and nobody wrote whether one came


@dataclass(frozen=True)
class Mine:
    """A person's shifts."""

    next: PostPage | None
    ahead: list[Post]
    past: Listing[Post]
    offers: int  # swaps that ask this very person
    certified: list[Order]  # under which the community confirmed some of these


def mine(by: Actor, at: datetime, after: str = "") -> Mine:
    """Read the own shifts: those to come by time, those that were newest first."""
    rows = own_posts(by).select_related("shift__gate", "shift__place", "shift__order")
    coming = rows.filter(
        shift__called_off_at=None, shift__ends_at__gt=at - AFTER, state__in=(*AHEAD, "standing")
    )
    ahead = list(coming.order_by("shift__starts_at", "pk")[:MOST_AHEAD])
    past = rows.filter(shift__ends_at__lte=at, shift__ends_at__gt=at - LATELY).exclude(
        state__in=("released", "swapped", "declined")
    )
    return Mine(
        next=post_page(ahead[0], at) if ahead else None,
        ahead=ahead[1:],
        past=page_by_key(past, ("-shift__starts_at", "-pk"), after, size=20),
        offers=Swap.objects.filter(asked=by.person_id, state=Swap.State.OPEN).count(),
        certified=_certified(by),
    )


def _certified(by: Actor) -> list[Order]:
    approved = own_posts(by).filter(state="approved").values("shift__order")
    return list(Order.objects.filter(pk__in=approved).order_by("-starts_at", "-pk")[:3])


def _thanks(post: Post) -> QuerySet[Thanks]:
    """Give the words for a shift that the community has let through, or said itself."""
    return Thanks.objects.filter(shift=post.shift_id, shown_at__isnull=False).order_by("at")[:20]


def post_now(by: Actor, at: datetime) -> Post | None:
    """Give the own shift that one stands, or may come to now; None where there is none."""
    rows = own_posts(by).filter(
        shift__called_off_at=None,
        shift__starts_at__lte=at + EARLY,
        shift__ends_at__gt=at - AFTER,
        state__in=(*AHEAD, "missed", "standing"),
    )
    rows = rows.select_related("shift__gate", "shift__place", "shift__order")
    return rows.order_by("shift__starts_at", "pk").first()


def post_page(post: Post, at: datetime, *, steps: bool = False) -> PostPage:
    """Read what stands around one's own post."""
    rows = Post.objects.filter(shift=post.shift_id, state__in=HOLDS).exclude(pk=post.pk)
    others = list(rows.select_related("person__unit").order_by("person__sort_key", "pk"))
    mates = [Mate(one, one.person.name, str(one.person.unit), one.kind == "lead") for one in others]
    leads = [one.person for one in others if one.kind == "lead"]
    contacts = GateContact.objects.filter(gate=post.shift.gate_id).select_related("person")
    ahead = post.state in AHEAD and post.shift.starts_at > at
    return PostPage(
        post=post,
        mates=sorted(mates, key=lambda one: not one.lead),
        lead=leads[0] if leads else None,
        contacts=[one.person for one in contacts.order_by("pk")],
        swap=Swap.objects.filter(post=post, state=Swap.State.OPEN).select_related("asked").first(),
        may_answer=ahead,
        may_swap=ahead,
        may_lead=post.kind == "lead" and post.state in HOLDS and post.shift.ends_at > at - AFTER,
        steps=list(post.steps.all()) if steps else [],
        thanks=list(_thanks(post)) if steps and post.state in STOOD else [],
        unseen=unseen(post.state, post.shift.ends_at, at),
    )


# ---- open slots ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Open:
    """A shift with an open slot, and whether this person could have it."""

    shift: Shift
    hindrance: str  # "" where every rule holds; a code that may be chosen all the same


def open_orders_of(by: Actor, at: datetime) -> list[Order]:
    """List the orders that call people up now."""
    rows = Order.objects.filter(state=Order.State.ACTIVE, calls_up=True, ends_at__gt=at)
    return list(rows.select_related("place").order_by("starts_at", "pk"))


def reach_of(by: Actor) -> Place | None:
    """Give the township somebody lives in: there they look for open slots first."""
    if by.person_id is None:
        return None
    person = Person.objects.select_related("home_community").filter(pk=by.person_id).first()
    if person is None or person.home_community is None:
        return None
    home = person.home_community
    return Place.objects.filter(path=home.path[: 3 * Place.steplen]).first() or home


def open_near(
    by: Actor, order: Order, where: QuerySet[Shift], at: datetime, after: str = ""
) -> tuple[list[Open], str]:
    """Give a page of shifts that lack somebody, without those this person can never stand."""
    rows = where.filter(starts_at__gt=at, posted__lt=F("wanted"))
    page = page_by_key(rows.select_related("gate", "place"), ("starts_at", "id"), after, size=SIZE)
    if not page.rows or by.person_id is None:
        return [], ""
    known = Fitting(order, [by.person_id], page.rows)
    found = []
    for shift in page.rows:
        codes = known.hindrances(by.person_id, shift)
        if not any(code in NEVER for code in codes):
            found.append(Open(shift, codes[0] if codes else ""))
    return found, page.next


def called(by: Actor, order: Order) -> bool:
    """Tell whether somebody is called up for an order and not held back."""
    rows = Volunteer.objects.filter(order=order, person=by.person_id, held_at=None)
    return rows.exists()


# ---- offers --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """An offer that this person could take: every rule holds."""

    swap: Swap
    asked: bool


MOST_OFFERS = 200


def offers(by: Actor, at: datetime) -> list[Offer]:
    """List offers to this person, and those to all that fit them: nobody is begged."""
    if by.person_id is None:
        return []
    called_up = Volunteer.objects.filter(
        order=OuterRef("post__shift__order"), person=by.person_id, excused_at=None, held_at=None
    )
    rows = Swap.objects.filter(state=Swap.State.OPEN, post__shift__starts_at__gt=at)
    rows = rows.filter(post__shift__called_off_at=None, post__state__in=AHEAD)
    rows = rows.exclude(post__person=by.person_id)
    asked = list(_with_shift(rows.filter(asked=by.person_id)))
    home = reach_of(by)
    free = rows.filter(Q(Exists(called_up)), asked=None)
    if home is not None:  # an offer travels as far as the planner would send somebody
        free = free.filter(post__shift__district__path=home.path[: 2 * Place.steplen])
    free_rows = list(_with_shift(free).order_by("post__shift__starts_at", "pk")[:MOST_OFFERS])
    fitting = [Offer(swap, asked=False) for swap in _fitting(by.person_id, free_rows)]
    return [Offer(swap, asked=True) for swap in asked] + fitting


def _with_shift(rows: QuerySet[Swap]) -> QuerySet[Swap]:
    return rows.select_related(
        "post__shift__gate",
        "post__shift__place",
        "post__shift__order__place",
        "post__person__unit",
        "in_return__shift__gate",
        "in_return__shift__place",
    )


def _fitting(person: int, swaps: list[Swap]) -> list[Swap]:
    found: list[Swap] = []
    orders = {swap.post.shift.order_id: swap.post.shift.order for swap in swaps}
    for pk, order in orders.items():
        here = [swap for swap in swaps if swap.post.shift.order_id == pk]
        known = Fitting(order, [person], [swap.post.shift for swap in here])
        found += [swap for swap in here if known.fits(person, swap.post.shift, swap.post.kind)]
    return found


def own_offers(by: Actor) -> list[Swap]:
    """List the own offers that are open, and what became of the last ones."""
    rows = Swap.objects.filter(post__person=by.person_id).order_by("-pk")
    return list(_with_shift(rows).select_related("taken_by")[:10])


@dataclass(frozen=True)
class Partners:
    """Who could stand a post instead, and which posts of theirs could be had for it."""

    people: list[Person]
    posts: list[Post]


def partners(post: Post, at: datetime) -> Partners:
    """Find colleagues of the unit and neighbours for whom every rule holds, and posts to exchange.

    An exchange is offered where each may stand the other's shift without their own.
    """
    path = post.shift.place.path[: 3 * Place.steplen]
    near = Q(person__home_community__path__startswith=path) | Q(unit=post.person.unit_id)
    called_up = Volunteer.objects.filter(
        near, order=post.shift.order_id, excused_at=None, held_at=None
    ).exclude(person=post.person_id)
    ids = list(called_up.order_by("pk").values_list("person_id", flat=True)[:600])
    days = timedelta(days=7)
    others = Post.objects.filter(
        person__in=ids,
        state__in=AHEAD,
        shift__order=post.shift.order_id,
        shift__called_off_at=None,
        shift__starts_at__gt=at,
        shift__starts_at__lt=post.shift.starts_at + days,
        shift__ends_at__gt=post.shift.starts_at - days,
    ).exclude(shift=post.shift_id)
    theirs = list(
        others.select_related("shift__gate", "shift__place", "person__unit").order_by(
            "shift__starts_at", "pk"
        )[:300]
    )
    known = Fitting(
        post.shift.order, [*ids, post.person_id], [post.shift, *(one.shift for one in theirs)]
    )
    people = [known.people[one] for one in ids if known.fits(one, post.shift, post.kind)]
    return Partners(
        people=sorted(people, key=lambda one: (one.sort_key, one.pk))[:40],
        posts=[one for one in theirs if _exchange(known, post, one)][:40],
    )


def _exchange(known: Fitting, mine: Post, theirs: Post) -> bool:
    """Tell whether two posts could change people, every rule held."""
    pairs = ((theirs.person_id, mine, theirs), (mine.person_id, theirs, mine))
    return all(
        known.matches(person, takes.kind)
        and not known.hindrances(person, takes.shift, giving=gives.shift_id)
        for person, takes, gives in pairs
    )
