"""Who may see a matter and its raisers, and who may do what with it.

Three rules stand over all roles: what is withheld is nowhere before its hour; a complaint is not
for the unit it names; a raiser who wants to stay unknown is unknown to the lead and its helpers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, STEP, chain, covers, under
from groundwork.matters.models import CoHandler, Kind, Matter, Raiser
from groundwork.matters.policy.places import at_places
from groundwork.registry.models import Body

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
DISPATCHERS = (Role.DISPATCHER, *OPERATORS)  # accept, decline, assign, merge, split
CALLERS = (Role.DISPATCHER, Role.CLERK)  # call back, never one's own unit's answers
LEADERS = (Role.UNIT_SECRETARY,)  # of the lead: hand over, ask for more time
HANDLERS = (Role.HANDLER, Role.UNIT_SECRETARY, Role.CLERK)  # of the lead: start, answer, return
AUDITORS = (Role.AUDITOR,)
FEW_BODIES = 200  # a unit with its offices; more are not named one by one
BESIDE = ("place", "township", "district", "lead__place", "category__parent", "concerns", "handler")
PLACE_READERS = (*DISPATCHERS, Role.AUDITOR)

MatterVerb = Literal[
    "view",
    "accept",
    "decline",
    "assign",
    "merge",
    "split",
    "hand_out",
    "take_back",
    "remind",
    "supervise",
    "decide",
    "classify",
    "start",
    "answer",
    "return",
    "ask_extension",
    "dispute",
    "note",
    "contribute",
    "hand_over",
    "call_back",
    "audit",
    "export",
    "withhold",
]
# Who does what. "place": a role held at the matter's place or above; "lead": at the lead or above
# it; "co": at a body that helps.
_BY_PLACE: dict[str, tuple[Role, ...]] = {
    "accept": DISPATCHERS,
    "decline": DISPATCHERS,
    "assign": DISPATCHERS,
    "merge": DISPATCHERS,
    "split": DISPATCHERS,
    "hand_out": DISPATCHERS,
    "take_back": DISPATCHERS,
    "classify": DISPATCHERS,
    "remind": DISPATCHERS,
    "supervise": OPERATORS,
    "decide": OPERATORS,
    "withhold": OPERATORS,
    "note": DISPATCHERS,
    "call_back": CALLERS,
    "audit": AUDITORS,
    "export": PLACE_READERS,
}
_BY_LEAD: dict[str, tuple[Role, ...]] = {
    "start": HANDLERS,
    "answer": HANDLERS,
    "return": HANDLERS,
    "ask_extension": HANDLERS,
    "dispute": LEADERS,
    "note": HANDLERS,
    "hand_over": HANDLERS,
    "export": HANDLERS,
}
_BY_CO: dict[str, tuple[Role, ...]] = {"contribute": HANDLERS, "note": HANDLERS}


def not_withheld(at: datetime, prefix: str = "") -> Q:
    """Make a condition: the embargo, if any, is over at `at`."""
    return Q(**{f"{prefix}withheld_until": None}) | Q(**{f"{prefix}withheld_until__lte": at})


def complains_of_none(by: Actor) -> Q:
    """Make a condition: the matter complains of no body the actor belongs to or acts for.

    Whoever stands above the body named may read it and put it right. Naming the root of the tree
    (市委), under which everybody works, leaves only those who work there out.
    """
    paths = {grant.body for grant in by.grants if grant.body} | ({by.unit} if by.unit else set())
    above = {upper for path in paths for upper in chain(path)}
    named = {path for path in above if len(path) > STEP or path in paths}
    if not named:
        return EVERYWHERE
    return ~Q(concerns__in=Body.objects.filter(path__in=named))


def bodies_under(paths: Collection[str]) -> list[int] | QuerySet[Body]:
    """Give the bodies of these paths and below; where they are few by their keys, so that no
    statement of a list looks for them again.
    """
    below = Body.objects.filter(under("path", paths))
    keys = list(below.values_list("pk", flat=True)[: FEW_BODIES + 1])
    return keys if len(keys) <= FEW_BODIES else below


def _bodies(by: Actor) -> Q:
    """Make a condition: a body whose matters the actor reads leads it or helps."""
    paths = by.bodies(*HANDLERS, *PLACE_READERS)
    if not paths:
        return NOWHERE
    bodies = bodies_under(paths)
    helps = CoHandler.objects.filter(body__in=bodies)
    return Q(lead__in=bodies) | Q(pk__in=helps.values("matter"))


def visible_matters(by: Actor, at: datetime) -> QuerySet[Matter]:
    """Matters the actor reads as one of the staff, with the raiser's words."""
    if by.system:
        return Matter.objects.all()
    if not by.grants:
        return Matter.objects.none()
    seen = at_places(by.places(*PLACE_READERS, Role.COMMUNITY_SECRETARY)) | _bodies(by)
    return Matter.objects.filter(seen, not_withheld(at), complains_of_none(by))


def public_matters(at: datetime) -> QuerySet[Matter]:
    """Matters the public board shows, to everybody alike."""
    shown = Matter.objects.filter(not_withheld(at), erased_at=None)
    return shown.exclude(public_text="").exclude(kind=Kind.COMPLAINT)


def may(by: Actor, matter: Matter, verb: MatterVerb) -> bool:
    """Tell whether the actor may do `verb` with a matter that is visible."""
    if verb == "view" or by.system:
        return True
    place, lead = matter.place.path, matter.lead
    if verb == "call_back" and lead is not None and covers([lead.path], by.unit):
        return False  # the call-back is by somebody other than the handler
    if covers(by.places(*_BY_PLACE.get(verb, ())), place):
        return True
    if lead is not None and covers(by.bodies(*_BY_LEAD.get(verb, ())), lead.path):
        return True
    if verb not in _BY_CO:
        return False
    helpers = matter.co_handlers.values_list("body__path", flat=True)
    return any(covers(by.bodies(*_BY_CO[verb]), path) for path in helpers)


def matter_for(
    by: Actor, public_id: str, verb: MatterVerb, *, at: datetime, lock: bool = False
) -> Matter:
    """Fetch a matter for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    if lock:
        hold_row(Matter, public_id=public_id)
    matters = visible_matters(by, at).select_related(*BESIDE)
    matter = sole(matters.filter(public_id=public_id))
    if matter is None:
        raise NotFound
    if may(by, matter, verb):
        return matter
    raise Forbidden


def locked(pk: int) -> Matter:
    """Give a matter locked and as it stands now, for acts whose right to it was shown otherwise:
    a raiser's by the secret, the machine's own. Raises NotFound.
    """
    hold_row(Matter, pk=pk)
    matter = Matter.objects.select_related(*BESIDE).filter(pk=pk).first()
    if matter is None:
        raise NotFound
    return matter


def all_raisers(matter: Matter) -> QuerySet[Raiser]:
    """Give everybody who raised or joined a matter, or one that was merged into it. For acts that
    concern them all; who is shown is `raisers_seen`.
    """
    # Both found by their index first: an OR over the join reads every raiser of the city.
    chain = Matter.objects.filter(Q(pk=matter.pk) | Q(merged_into=matter))
    return Raiser.objects.filter(matter__in=chain.values("pk")).order_by("pk")


def raisers_seen(by: Actor, matter: Matter) -> QuerySet[Raiser]:
    """Raisers of a visible matter whom the actor may know: all for dispatchers, not for the lead
    where somebody wants to stay unknown.
    """
    raisers = all_raisers(matter).filter(erased_at=None)
    if by.system or covers(by.places(*DISPATCHERS), matter.place.path):
        # A dispatcher who works at the lead is one of the lead's people.
        at_lead = matter.lead is not None and covers([matter.lead.path], by.unit)
        return raisers.filter(confidential=False) if at_lead and not by.system else raisers
    lead = matter.lead
    if lead is not None and covers(by.bodies(*HANDLERS), lead.path):
        return raisers.filter(confidential=False)
    return raisers.none()


def raiser_by_secret(secret: str) -> Raiser:
    """Fetch the raiser whose secret link this is. Raises NotFound."""
    raiser = (
        Raiser.objects.filter(digest=secret_digest(secret), erased_at=None)
        .select_related("matter__place", "matter__category", "matter__lead")
        .first()
    )
    if raiser is None:
        raise NotFound
    return raiser


def secret_digest(secret: str) -> str:
    """Digest a secret link (160 random bits need no slow hash).

    After a split "<secret>.<public id of the part>" opens the part: whoever holds the old link
    holds all parts, and nobody had to be sent a new one.
    """
    whole, *parts = secret.split(".")
    digest = hashlib.sha256(f"matter {whole}".encode()).hexdigest()
    for part in parts:
        digest = part_digest(digest, part)
    return digest


def part_digest(digest: str, part: str) -> str:
    """Derive the digest of a part's raiser from that of the raiser of the whole."""
    return hashlib.sha256(f"part {part} of {digest}".encode()).hexdigest()
