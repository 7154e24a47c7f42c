"""Write the demo city's alliances of enterprises, each act by its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from groundwork.base.actor import Actor, Grant, Role
from groundwork.base.clock import day_of
from groundwork.campaigns.actions import alliances, supplies
from groundwork.campaigns.models import Alliance, Entry, Member, Pair
from groundwork.campaigns.policy.alliances import has_account
from groundwork.campaigns.rules import alliance as rules
from groundwork.registry.models import Body

MOST, MEMBERS = 12, 10  # alliances; enterprises in each beside the lead
LEADERS = ("经济和信息化局", "园区人民政府", "开发区人民政府", "商务局", "街道办事处")
PARTS = ("外壳", "轴承", "包装", "模具", "线束", "表面处理")
CAUSES = (("labour", "外地工人还没回来"), ("material", "原料在路上"), ("upstream", ""))
# kind, unit, what is needed, what is offered for it, fewest and most of it
SORTS = (
    ("labour", "people", "装配工", "暂时停线的装配工", 5, 40),
    ("labour", "people", "质检员", "可以借出的质检员", 1, 6),
    ("logistics", "trips", "到北仑港的集卡", "返程空车", 2, 12),
    ("logistics", "tonnes", "冷链运输", "冷藏车余位", 5, 30),
    ("material", "boxes", "包装纸箱", "库存纸箱", 80, 600),
    ("material", "tonnes", "塑料粒子", "余料塑料粒子", 2, 20),
)
PAPERS = ("guarantees", "cases", "过江通行证明", "", 1, 3)  # which no enterprise can give another
REFUSALS = ("人已经借给别家了", "规格对不上，下次再看")


@dataclass(frozen=True)
class Table:
    """Who writes an alliance down, when, by which chance."""

    by: Actor
    at: datetime
    rng: Random


def write_alliances(
    own: Body, bodies: Sequence[Body], now: datetime, *, by: Actor, rng: Random
) -> int:
    """Bring the city's enterprises into alliances around lead enterprises; give how many."""
    firms = [body for body in bodies if body.kind == Body.Kind.ENTERPRISE and body.place]
    named = [body for body in bodies if body.name.endswith(LEADERS) and body.place]
    units = [own, *sorted(named, key=lambda b: _first(LEADERS, b.name))]
    leaders = [one for unit in units if (one := _leader_of(unit, bodies)) is not None]
    groups = min(MOST, len(leaders), len(firms) // (MEMBERS + 1))
    first, rest = firms[0], rng.sample(firms[1:], len(firms) - 1)
    for n in range(groups):
        lead = first if n == 0 else rest.pop()
        others = [rest.pop() for _ in range(MEMBERS)]
        table = Table(by, now - timedelta(days=40 - 2 * n), rng)
        _alliance(leaders[n], lead, others, table, now)
    return groups


def _leader_of(unit: Body, bodies: Sequence[Body]) -> Body | None:
    """Give the party organisation of a unit: its committee, else its first branch."""
    own = [b for b in bodies if b.kind in rules.LEADERS and b.path.startswith(unit.path)]
    return min(own, key=lambda body: (len(body.path), body.path), default=None)


def _first(endings: Sequence[str], name: str) -> int:
    return next(n for n, ending in enumerate(endings) if name.endswith(ending))


def _alliance(led_by: Body, lead: Body, others: list[Body], table: Table, now: datetime) -> None:
    assert lead.place is not None
    by, at = table.by, table.at
    brand = lead.name.removeprefix("宁波").removesuffix("股份有限公司").removesuffix("有限公司")
    about = "园区党组织牵头，上下游企业抱团复工：缺什么、能出什么，都写在这里。"
    plan = alliances.AlliancePlan(f"{brand}产业联盟", led_by, lead.place, lead, about)
    made = alliances.open_alliance(plan, by=by, at=at)
    centre = made.members.select_related("body").get()
    members = [
        alliances.add_member(
            made.public_id, body, "supplier" if n % 3 else "customer", by=by, at=at
        )
        for n, body in enumerate(others)
    ]
    for member in members:
        ends = (member, centre) if member.part == "supplier" else (centre, member)
        ids = [end.public_id for end in ends]
        alliances.link_members(ids[0], ids[1], table.rng.choice(PARTS), by=by, at=at)
    everybody = [centre, *members]
    _standing(everybody, table)
    _supplies(everybody, table, now)
    _pairs(made, table, now)


def _standing(members: list[Member], table: Table) -> None:
    """Let each say whether it works again."""
    for n, member in enumerate(members):
        resumed = "yes" if n % 5 < 3 else "partly" if n % 5 == 3 else "no"
        cause, why = ("", "") if resumed == "yes" else table.rng.choice(CAUSES)
        at = table.at + timedelta(days=1)
        alliances.tell_resumed(member.public_id, resumed, cause=cause, why=why, by=table.by, at=at)


def _supplies(members: list[Member], table: Table, now: datetime) -> None:
    """Let the lead need two things and each other member need or offer one."""
    kinds = table.rng.sample(SORTS, 3)
    _entry(members[0], "need", kinds[0], table, now)
    _entry(members[0], "need", PAPERS, table, now)
    for n, member in enumerate(members[1:]):
        _entry(member, "need" if n % 3 == 2 else "offer", kinds[n // 3 % 3], table, now)


def _entry(
    member: Member,
    side: str,
    sort: tuple[str, str, str, str, int, int],
    table: Table,
    now: datetime,
) -> Entry:
    kind, unit, needed, offered, fewest, most = sort
    at, last = now - timedelta(days=6), day_of(now) + timedelta(days=table.rng.randrange(8, 25))
    plan = supplies.EntryPlan(
        side, kind, needed if side == "need" else offered,
        table.rng.randint(fewest, most), unit, day_of(at), last,
    )  # fmt: skip
    return supplies.write_entry(member.public_id, plan, by=_speaker(member, table.by), at=at)


def _speaker(member: Member, keeper: Actor) -> Actor:
    """Let an enterprise with an account speak for itself."""
    if not has_account(member):
        return keeper
    grant = Grant(Role.ENTERPRISE, body=member.body.path, name=str(member.body))
    return Actor(grants=(grant,), display_name=str(member.body))


def _pairs(alliance: Alliance, table: Table, now: datetime) -> None:
    """Look who fits; most agree, some have reasons, and who has an account is still asked."""
    at = now - timedelta(days=4)
    for n, pair in enumerate(supplies.propose_pairs(alliance.public_id, by=table.by, at=at)):
        if has_account(pair.need.member) or has_account(pair.offer.member):
            continue
        _answer(pair, n, table, now - timedelta(days=2))


def _answer(pair: Pair, n: int, table: Table, at: datetime) -> None:
    if n % 5 == 3:
        reason = table.rng.choice(REFUSALS)
        supplies.decline_pair(pair.public_id, "offer", reason, by=table.by, at=at)
    elif n % 5 != 4:
        supplies.accept_pair(pair.public_id, "need", by=table.by, at=at)
        supplies.accept_pair(pair.public_id, "offer", by=table.by, at=at)
