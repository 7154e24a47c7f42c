"""Who may see and keep alliances; an enterprise sees its own side of one and nothing beside it."""

from __future__ import annotations

from typing import Literal

from django.db.models import Exists, Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base import clock
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, chain, covers, under
from groundwork.campaigns.models import Alliance, Entry, Member, Pair
from groundwork.campaigns.rules.alliance import LEADERS, Side
from groundwork.registry.models import Body
from groundwork.service.policy.points import may_keep
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps

AllianceVerb = Literal["view", "keep"]
EntryVerb = Literal["view", "withdraw", "pass_on"]
READERS = (*OPERATORS, Role.AUDITOR)  # at places


def _whole(by: Actor, prefix: str = "") -> Q:
    """Make a condition: the actor reads all of the alliance, not one enterprise's side of it."""
    if by.system:
        return EVERYWHERE
    condition = (
        under(f"{prefix}led_by__path", by.bodies(*KEEPERS, *OPERATORS))
        | under(f"{prefix}led_by__place__path", by.places(*READERS))
    )  # fmt: skip
    return condition | _own_people(by, prefix)


def _own_people(by: Actor, prefix: str) -> Q:
    """Make a condition: led by the actor's own unit, or by a party organisation inside it."""
    if not by.unit:
        return NOWHERE
    inside = Q(**{f"{prefix}led_by__path__startswith": by.unit})
    unit = Body.objects.filter(path=by.unit, kind=Body.Kind.UNIT)
    return Q(**{f"{prefix}led_by__path": by.unit}) | (inside & Q(Exists(unit)))


def enterprises(by: Actor, field: str) -> Q:
    """Make a condition: the body in `field` is an enterprise for which the actor speaks."""
    paths = by.bodies(Role.ENTERPRISE)
    return under(field, paths) if paths else NOWHERE


def visible_alliances(by: Actor) -> QuerySet[Alliance]:
    """Alliances the actor reads whole, and those an enterprise of the actor's belongs to."""
    own = Member.objects.filter(enterprises(by, "body__path"), left_on=None)
    return Alliance.objects.filter(_whole(by) | Q(pk__in=own.values("alliance")))


def may_look(by: Actor) -> bool:
    """Tell whether a list of alliances is for the actor at all."""
    return bool(by.system) or by.person_id is not None or by.has(Role.ENTERPRISE)


def require_reader(by: Actor) -> None:
    """Refuse whoever has nothing to do with alliances. Raises Forbidden."""
    if not may_look(by):
        raise Forbidden


def may_see_any(by: Actor) -> bool:
    """Tell whether the way there is worth a line of the navigation: keepers and enterprises."""
    return may_keep(by) or by.has(Role.ENTERPRISE)


def may_open(by: Actor) -> bool:
    """Tell whether the actor keeps any body that could lead an alliance."""
    return may_keep(by)


def require_keeper(by: Actor, led_by: Body) -> None:
    """Refuse a leading body that is not the actor's to keep. Raises Forbidden."""
    if not Body.objects.filter(_kept(by), pk=led_by.pk).exists():
        raise Forbidden


def leaders(by: Actor) -> QuerySet[Body]:
    """Party organisations that the actor keeps, and so may let lead an alliance."""
    return Body.objects.filter(_kept(by), kind__in=LEADERS, valid_to=None)


def _kept(by: Actor) -> Q:
    if by.system:
        return EVERYWHERE
    keeping = under("path", by.bodies(*KEEPERS, *OPERATORS))
    return keeping | under("place__path", by.places(*OPERATORS))


def reads_whole(by: Actor, alliance: Alliance) -> bool:
    """Tell whether the actor reads all of it."""
    return Alliance.objects.filter(_whole(by), pk=alliance.pk).exists()


def alliance_for(
    by: Actor, public_id: str, verb: AllianceVerb = "view", *, lock: bool = False
) -> Alliance:
    """Fetch an alliance for an act. Raises NotFound, or Forbidden where not allowed."""
    if lock:
        hold_row(Alliance, public_id=public_id)
    rows = visible_alliances(by).select_related("led_by__place", "place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "keep" and not keeps(by, found.led_by):
        raise Forbidden
    return found


def speaks_for(by: Actor, member: Member) -> bool:
    """Tell whether the actor speaks for a member: its own account.

    Where the enterprise has none, who keeps the alliance writes down what it says on the phone.
    """
    if covers(by.bodies(Role.ENTERPRISE), member.body.path):
        return True
    return keeps(by, member.alliance.led_by) and not has_account(member)


def has_account(member: Member) -> bool:
    """Tell whether somebody holds the role of the enterprise today."""
    rows = Grant.objects.filter(
        role=Role.ENTERPRISE, body__path__in=chain(member.body.path), account__is_active=True
    )
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today())).exists()


def visible_members(by: Actor) -> QuerySet[Member]:
    """Members of what the actor reads whole, and one's own enterprise."""
    return Member.objects.filter(
        _whole(by, "alliance__") | enterprises(by, "body__path"), left_on=None
    )


def member_for(by: Actor, public_id: str, verb: Literal["speak", "keep"]) -> Member:
    """Fetch a member to say how it stands, or to let it go. Raises NotFound, or Forbidden."""
    rows = visible_members(by).select_related(
        "alliance__led_by__place", "alliance__place", "body__place", "place"
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    allowed = keeps(by, found.alliance.led_by) if verb == "keep" else may_tell(by, found)
    if not allowed:
        raise Forbidden
    return found


def may_tell(by: Actor, member: Member) -> bool:
    """Tell whether the actor may write down how a member stands: itself, or who keeps all."""
    own = covers(by.bodies(Role.ENTERPRISE), member.body.path)
    return own or keeps(by, member.alliance.led_by)


def visible_entries(by: Actor) -> QuerySet[Entry]:
    """Needs and offers of what the actor reads whole, and one's own enterprise's."""
    return Entry.objects.filter(_whole(by, "alliance__") | enterprises(by, "member__body__path"))


def entry_for(by: Actor, public_id: str, verb: EntryVerb = "view") -> Entry:
    """Fetch a need or offer for an act. Raises NotFound, or Forbidden where not allowed."""
    rows = visible_entries(by).select_related(
        "alliance__led_by__place", "member__body", "member__alliance__led_by__place", "place"
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "withdraw" and not may_tell(by, found.member):
        raise Forbidden
    if verb == "pass_on" and not keeps(by, found.alliance.led_by):
        raise Forbidden
    return found


def visible_pairs(by: Actor) -> QuerySet[Pair]:
    """Pairs of what the actor reads whole, and those of one's own needs and offers."""
    return Pair.objects.filter(
        _whole(by, "need__alliance__")
        | enterprises(by, "need__member__body__path")
        | enterprises(by, "offer__member__body__path")
    )


def sides(by: Actor, pair: Pair) -> list[Side]:
    """Name the sides of a pair for which the actor may answer."""
    both: list[tuple[Side, Member]] = [("need", pair.need.member), ("offer", pair.offer.member)]
    return [side for side, member in both if speaks_for(by, member)]


def pair_for(by: Actor, public_id: str) -> Pair:
    """Fetch a pair. Raises NotFound."""
    rows = visible_pairs(by).select_related(
        "need__alliance__led_by__place",
        "need__member__body",
        "need__member__alliance__led_by__place",
        "offer__member__body",
        "offer__member__alliance__led_by__place",
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    return found


def require_side(by: Actor, pair: Pair, side: Side) -> None:
    """Refuse an answer for the other side. Raises Forbidden."""
    if side not in sides(by, pair):
        raise Forbidden
