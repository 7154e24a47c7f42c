"""Lists of alliances, one alliance with its network, one enterprise's own side of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.tree import chain, under
from groundwork.campaigns.models import Alliance, Link, Member, Pair
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.queries.supplies import EntryLine, entry_lines, pair_lines
from groundwork.campaigns.rules.network import Line, Picture, Spot, draw
from groundwork.registry.models import Body
from groundwork.registry.queries import find_bodies
from groundwork.service.policy.visits import keeps

KEYS = ("-opened_on", "-id")
SIZE = 40
MOST_MEMBERS = 200
FEW, MOST_FOUND = 20, 20


def alliances(by: Actor, after: str = "") -> Listing[Alliance]:
    """List the alliances the actor may see, the newest first."""
    rows = policy.visible_alliances(by).select_related("led_by", "place")
    return page_by_key(rows, KEYS, after, size=SIZE)


def leader_names(found: Iterable[Alliance]) -> dict[int, str]:
    """Name the leaders by the alliance, one inside a unit with the unit."""
    listed = list(found)
    units = _unit_names([row.led_by for row in listed])
    return {row.pk: units.get(row.led_by_id, "") + str(row.led_by) for row in listed}


def _unit_names(bodies: Sequence[Body]) -> dict[int, str]:
    """Name the unit in which each body sits, by the body; one statement."""
    lines = {body.pk: chain(body.path)[1:] for body in bodies}
    above = {path for line in lines.values() for path in line}
    units = Body.objects.filter(path__in=above, kind=Body.Kind.UNIT)
    of_path = {unit.path: str(unit) for unit in units}
    first = {pk: next((of_path[p] for p in line if p in of_path), "") for pk, line in lines.items()}
    return {pk: name for pk, name in first.items() if name}


@dataclass(frozen=True)
class MemberLine:
    """A member, whom it supplies and who supplies it, as far as the reader may know."""

    member: Member
    supplies: list[Link]
    may_tell: bool
    may_write: bool


@dataclass(frozen=True)
class Box:
    """A member in the picture."""

    spot: Spot
    member: Member
    words: str  # the name cut to what the box holds

    @property
    def text_x(self) -> int:
        """Where its words begin."""
        return self.spot.x + 10

    @property
    def name_y(self) -> int:
        """The line of the name."""
        return self.spot.y + 18

    @property
    def sub_y(self) -> int:
        """The line below."""
        return self.spot.y + 34


@dataclass(frozen=True)
class AlliancePage:
    """What an alliance's page shows its reader."""

    alliance: Alliance
    whole: bool
    keeps: bool
    members: list[MemberLine]
    boxes: list[Box]
    picture: Picture
    lines: tuple[Line, ...]
    working: int  # of the members shown: those at work again
    needs: list[EntryLine]
    offers: list[EntryLine]
    waiting: list[Pair]
    agreed: list[Pair]


def alliance_page(by: Actor, alliance: Alliance, at: datetime) -> AlliancePage:
    """Read an alliance: all of it, or one enterprise's side with its direct neighbours' names."""
    whole, kept = policy.reads_whole(by, alliance), keeps(by, alliance.led_by)
    shown = _members(by, alliance)
    own = {m.pk for m in shown}
    links = _links(alliance, own)
    around = {m.pk: m for link in links for m in (link.supplier, link.customer)}
    drawn = {m.pk: m for m in shown} | around
    picture = draw(
        [(m.pk, str(m.body), m.part) for m in drawn.values()],
        [(link.supplier_id, link.customer_id) for link in links],
    )
    entries = entry_lines(by, alliance, at, keeps=kept)
    pairs = pair_lines(by, alliance)
    going = alliance.closed_on is None
    return AlliancePage(
        alliance=alliance,
        whole=whole,
        keeps=kept and going,
        members=_lines(by, shown, links, kept=kept, going=going),
        boxes=[Box(spot, drawn[spot.key], cut(spot.name)) for spot in picture.spots],
        picture=picture,
        lines=picture.lines,
        working=Counter(m.resumed for m in shown)["yes"],
        needs=[line for line in entries if line.entry.side == "need"],
        offers=[line for line in entries if line.entry.side == "offer"],
        waiting=[pair for pair in pairs if pair.state != "agreed"],
        agreed=[pair for pair in pairs if pair.state == "agreed"],
    )


def _members(by: Actor, alliance: Alliance) -> list[Member]:
    rows = policy.visible_members(by).filter(alliance=alliance)
    return list(rows.select_related("body", "place").order_by("body__path", "pk")[:MOST_MEMBERS])


def _links(alliance: Alliance, own: set[int]) -> list[Link]:
    """Give the links of what is shown; for an enterprise those are its own."""
    touch = Q(supplier__in=own) | Q(customer__in=own)
    rows = Link.objects.filter(touch, alliance=alliance)
    rows = rows.select_related("supplier__body", "customer__body")
    return list(rows.order_by("supplier__body__path", "customer__body__path"))


def _lines(
    by: Actor, shown: list[Member], links: list[Link], *, kept: bool, going: bool
) -> list[MemberLine]:
    mine = set(
        policy.visible_members(by)
        .filter(policy.enterprises(by, "body__path"), pk__in=[m.pk for m in shown])
        .values_list("pk", flat=True)
    )
    return [
        MemberLine(
            member=member,
            supplies=[link for link in links if link.supplier_id == member.pk],
            may_tell=going and (kept or member.pk in mine),
            may_write=going and (kept or member.pk in mine),
        )
        for member in shown
    ]


def cut(name: str, most: int = 13) -> str:
    """Cut a name to what a box of the picture holds; the whole one stands in its title."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def find_enterprises(by: Actor, text: str) -> list[tuple[str, str, str]]:
    """Find enterprises by any way of writing their names."""
    found = find_bodies(by, text, kinds=(Body.Kind.ENTERPRISE.value,))
    return [(row.id, row.label, row.sub) for row in found]


def find_leaders(by: Actor, text: str) -> list[tuple[str, str, str]]:
    """Find the party organisations that the actor may let lead, by their own or the unit's name."""
    word = text.strip()
    called = Q(name__icontains=word) | Q(short_name__icontains=word)
    units = Body.objects.filter(called, kind=Body.Kind.UNIT).order_by("path")
    within = under("path", units.values_list("path", flat=True)[:FEW])
    rows = list(policy.leaders(by).filter(called | within).order_by("path")[:MOST_FOUND])
    names = _unit_names(rows)
    return [(row.public_id, str(row), names.get(row.pk, row.code)) for row in rows]


def leader_of(by: Actor, public_id: str) -> Body | None:
    """Give a party organisation that the actor may let lead."""
    return policy.leaders(by).select_related("place").filter(public_id=public_id).first()


def own_leader(by: Actor) -> Body | None:
    """Guess which party organisation the actor lets lead: the first one."""
    return policy.leaders(by).order_by("path").first()


def enterprise_of(public_id: str) -> Body | None:
    """Give an enterprise by its public id."""
    rows = Body.objects.filter(public_id=public_id, kind=Body.Kind.ENTERPRISE, valid_to=None)
    return rows.select_related("place").first()


def other_members(by: Actor, alliance: Alliance) -> list[Member]:
    """Give the members for a choice."""
    return _members(by, alliance)
