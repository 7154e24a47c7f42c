"""Builders for the tests of the area."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.access.models import Account, Grant
from groundwork.access.queries import make_actor
from groundwork.base.actor import Actor, Role
from groundwork.base.clock import ZONE
from groundwork.campaigns.actions import alliances, supplies
from groundwork.campaigns.models import Alliance, Entry, Member, Pair
from groundwork.registry.models import Body

AT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # the cast's moment
TODAY = AT.date()


def days(n: float) -> datetime:
    """Give the moment so many days after the cast's."""
    return AT + timedelta(days=n)


def an_enterprise(cast, number: int, name: str, place: str = "nanmen") -> Body:
    """Add an enterprise to the directory, beside the cast's own."""
    body = Body(
        path=f"{9000 + number:04d}",
        depth=1,
        numchild=0,
        code=f"QY-9{number}",
        name=name,
        kind=Body.Kind.ENTERPRISE,
        place=cast.places[place],
    )
    Body.objects.bulk_create([body])
    return Body.objects.select_related("place").get(code=body.code)


def speaker(cast, body: Body) -> Actor:
    """Give an enterprise an account that speaks for it, and act with it."""
    account, made = Account.objects.get_or_create(
        username=body.code.lower(), defaults={"created_at": AT, "email": f"{body.code}@x.example"}
    )
    if made:
        account.set_unusable_password()
        account.save()
        Grant.objects.create(
            account=account, role=Role.ENTERPRISE, body=body, valid_from=TODAY - timedelta(days=9)
        )
    return make_actor(account, Grant.objects.get(account=account))


def an_alliance(cast, **more: Any) -> Alliance:
    """Let the first branch of 海曙区教育局 lead an alliance around the cast's enterprise."""
    values = {
        "name": "甬江精密产业联盟",
        "led_by": cast.bodies["branch"],
        "place": cast.places["chenglang"],
        "lead": cast.bodies["enterprise_body"],
    }
    plan = alliances.AlliancePlan(**(values | more))
    return alliances.open_alliance(plan, by=cast.actor("unit_secretary"), at=AT)


def a_member(cast, alliance: Alliance, body: Body, part: str = "supplier") -> Member:
    """Take an enterprise in."""
    by = cast.actor("unit_secretary")
    return alliances.add_member(alliance.public_id, body, part, by=by, at=AT)


def an_entry(member: Member, side: str, by: Actor, **more: Any) -> Entry:
    """Write down that 20 people are needed, or on offer, for the next ten days."""
    values: dict[str, Any] = {
        "side": side,
        "kind": "labour",
        "what": "装配工",
        "amount": 20,
        "unit": "people",
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=10),
    }
    plan = supplies.EntryPlan(**(values | more))
    return supplies.write_entry(member.public_id, plan, by=by, at=AT)


class Town:
    """An alliance of the cast's enterprise, which needs, and a supplier, which offers."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.keeper = cast.actor("unit_secretary")
        self.alliance = an_alliance(cast)
        self.lead = Member.objects.get(alliance=self.alliance, part="lead")
        self.other_body = an_enterprise(cast, 1, "姚江注塑有限公司", "chenglang")
        self.other = a_member(cast, self.alliance, self.other_body)
        self.enterprise = cast.actor("enterprise")
        self.supplier = speaker(cast, self.other_body)

    def need(self, **more: Any) -> Entry:
        """Let the lead enterprise need."""
        return an_entry(self.lead, "need", self.enterprise, **more)

    def offer(self, **more: Any) -> Entry:
        """Let the supplier offer."""
        return an_entry(self.other, "offer", self.supplier, **more)

    def propose(self, at: datetime = AT) -> list[Pair]:
        """Let the alliance's leader look for pairs."""
        return supplies.propose_pairs(self.alliance.public_id, by=self.keeper, at=at)

    def pair(self) -> Pair:
        """Bring one need and one offer together."""
        self.need()
        self.offer()
        [made] = self.propose()
        return made
