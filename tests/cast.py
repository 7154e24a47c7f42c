"""The fixed cast: a city small enough to know by heart, and everybody who may knock at its door.

Real names of Ningbo's places, invented people. Two districts hold two units that know nothing of
each other; whoever is tested has a neighbour who must be refused.

    宁波市 ── 海曙区 ── 南门街道 ── 澄浪社区, 柳锦社区
          └─ 鄞州区 ── 下应街道 ── 东升社区

    中共宁波市委 ─┬─ 市发展改革委 (bureau)
                 ├─ 海曙区委 ─┬─ 海曙区教育局 (unit): 办公室, 基教科, 第一支部
                 │           └─ 南门街道办事处
                 └─ 鄞州区委 ─── 鄞州区水利局 (other_unit): 办公室, 第一支部
    浙江省水文中心 (outside)      甬江精密制造有限公司 (enterprise_body)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.test import Client

from groundwork.access.models import Account, Grant
from groundwork.access.queries import make_actor
from groundwork.access.tests.make import sign_in as sign_in
from groundwork.base import search, text
from groundwork.base.actor import NOBODY, Actor, Role
from groundwork.base.clock import ZONE
from groundwork.registry.models import Body, Membership, Person, Place

EVENING = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # a Tuesday, and a working day
SINCE = date(2024, 1, 1)
PASSWORD = "甬江夜学-2026"

Level, Kind = Place.Level, Body.Kind

# key: (path in steps of four, code, name, level)
PLACES = {
    "city": ("0001", "3302", "宁波市", Level.CITY),
    "haishu": ("00010001", "330203", "海曙区", Level.DISTRICT),
    "nanmen": ("000100010001", "330203001", "南门街道", Level.TOWNSHIP),
    "chenglang": ("0001000100010001", "330203001001", "澄浪社区", Level.COMMUNITY),
    "liujin": ("0001000100010002", "330203001002", "柳锦社区", Level.COMMUNITY),
    "yinzhou": ("00010002", "330212", "鄞州区", Level.DISTRICT),
    "xiaying": ("000100020001", "330212001", "下应街道", Level.TOWNSHIP),
    "dongsheng": ("0001000200010001", "330212001001", "东升社区", Level.COMMUNITY),
}

# key: (path, code, name, short name, kind, place)
BODIES = {
    "party": ("0001", "NB", "中共宁波市委员会", "宁波市委", Kind.PARTY, "city"),
    "bureau": ("00010001", "NB-FGW", "宁波市发展和改革委员会", "市发展改革委", Kind.UNIT, "city"),
    "haishu_party": ("00010002", "HS", "中共海曙区委员会", "海曙区委", Kind.PARTY, "haishu"),
    "unit": ("000100020001", "HS-JYJ", "海曙区教育局", "", Kind.UNIT, "haishu"),
    "office": ("0001000200010001", "HS-JYJ-01", "办公室", "", Kind.OFFICE, "haishu"),
    "office_2": ("0001000200010002", "HS-JYJ-02", "基教科", "", Kind.OFFICE, "haishu"),
    "branch": ("0001000200010003", "HS-JYJ-Z1", "第一党支部", "", Kind.BRANCH, "haishu"),
    "street": ("000100020002", "HS-NM", "南门街道办事处", "", Kind.UNIT, "nanmen"),
    "yinzhou_party": ("00010003", "YZ", "中共鄞州区委员会", "鄞州区委", Kind.PARTY, "yinzhou"),
    "other_unit": ("000100030001", "YZ-SLJ", "鄞州区水利局", "", Kind.UNIT, "yinzhou"),
    "other_office": ("0001000300010001", "YZ-SLJ-01", "办公室", "", Kind.OFFICE, "yinzhou"),
    "other_branch": ("0001000300010002", "YZ-SLJ-Z1", "第一党支部", "", Kind.BRANCH, "yinzhou"),
    "outside": ("0002", "ZJ-SW", "浙江省水文中心", "", Kind.UNIT, None),
    "enterprise_body": ("0003", "QY-01", "甬江精密制造有限公司", "", Kind.ENTERPRISE, "nanmen"),
}


@dataclass(frozen=True)
class Part:
    """One of the cast: who it is, where the desk stands, and the role held where."""

    name: str
    unit: str
    home: str
    role: Role | None = None
    at: str = ""
    office: str | None = None
    branch: str | None = None


PARTS = {
    "city_operator": Part("陆明远", "bureau", "liujin", Role.CITY_OPERATOR, "city"),
    "district_operator": Part("史佳慧", "haishu_party", "liujin", Role.DISTRICT_OPERATOR, "haishu"),
    "unit_secretary": Part(
        "周国平", "unit", "chenglang", Role.UNIT_SECRETARY, "unit", "office", "branch"
    ),
    "other_secretary": Part(
        "俞海燕",
        "other_unit",
        "dongsheng",
        Role.UNIT_SECRETARY,
        "other_unit",
        "other_office",
        "other_branch",
    ),
    "branch_secretary": Part(
        "励志刚", "unit", "liujin", Role.BRANCH_SECRETARY, "branch", "office_2", "branch"
    ),
    "community_secretary": Part(
        "竺春华", "street", "chenglang", Role.COMMUNITY_SECRETARY, "chenglang"
    ),
    "other_community_secretary": Part(
        "忻文娟", "street", "liujin", Role.COMMUNITY_SECRETARY, "liujin"
    ),
    "handler": Part("鲍立新", "bureau", "liujin", Role.HANDLER, "bureau"),
    "editor": Part("应思齐", "bureau", "dongsheng", Role.TV_EDITOR, "city"),
    "clerk": Part("乐小敏", "unit", "liujin", Role.CLERK, "unit", "office", "branch"),
    "auditor": Part("邬正清", "bureau", "dongsheng", Role.AUDITOR, "city"),
    "staff": Part("单晓芸", "unit", "chenglang", office="office_2", branch="branch"),
    "colleague": Part("毛建军", "unit", "dongsheng", office="office"),
    "outsider": Part("戴向东", "other_unit", "dongsheng", office="other_office"),
    "dispatcher": Part("范秀兰", "bureau", "chenglang", Role.DISPATCHER, "city"),
    # On loan from 南门街道, so that the units' rolls keep the people the tests of study know.
    "unit_handler": Part("裘晓峰", "street", "dongsheng", Role.HANDLER, "unit"),
    "other_handler": Part("胡勤耕", "street", "liujin", Role.HANDLER, "other_unit"),
    "juror": Part("童雅琴", "street", "liujin", Role.JUROR, "city"),
}
ENTERPRISE = "enterprise"  # an account without a person
RESIDENT = "resident"  # nobody signed in
ROLES = (*PARTS, ENTERPRISE, RESIDENT)


@dataclass
class Cast:
    """Everything by the keys above: `cast.people["staff"]`, `cast.client("staff")`."""

    places: dict[str, Place]
    bodies: dict[str, Body]
    people: dict[str, Person]
    accounts: dict[str, Account]
    grants: dict[str, Grant] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        """Make the actor as which `who` comes to the page."""
        if who == RESIDENT:
            return NOBODY
        return make_actor(self.accounts[who], self.grants.get(who))

    def client(self, who: str, locale: str = "") -> Client:
        """Give a browser in which `who` is signed in; the resident's is fresh."""
        client = Client()
        if locale:
            client.cookies["django_language"] = locale
        if who != RESIDENT:
            sign_in(client, self.accounts[who])
        return client


def build() -> Cast:
    """Write the cast in a dozen statements."""
    places, bodies = _trees()
    people = _people(places, bodies)
    accounts = _accounts(people)
    grants = {
        who: Grant(
            account=accounts[who],
            role=part.role,
            body=bodies.get(part.at),
            place=places.get(part.at),
            valid_from=SINCE,
        )
        for who, part in PARTS.items()
        if part.role
    }
    grants[ENTERPRISE] = Grant(
        account=accounts[ENTERPRISE],
        role=Role.ENTERPRISE,
        body=bodies["enterprise_body"],
        valid_from=SINCE,
    )
    Grant.objects.bulk_create(grants.values())
    return Cast(places, bodies, people, accounts, grants)


def _children(path: str, paths: list[str]) -> int:
    return sum(p.startswith(path) and len(p) == len(path) + 4 for p in paths)


def _trees() -> tuple[dict[str, Place], dict[str, Body]]:
    paths = [row[0] for row in PLACES.values()]
    places = {
        key: Place(
            path=path,
            depth=len(path) // 4,
            numchild=_children(path, paths),
            code=code,
            name=name,
            level=level,
        )
        for key, (path, code, name, level) in PLACES.items()
    }
    Place.objects.bulk_create(places.values())
    paths = [row[0] for row in BODIES.values()]
    bodies = {
        key: Body(
            path=path,
            depth=len(path) // 4,
            numchild=_children(path, paths),
            code=code,
            name=name,
            short_name=short,
            kind=kind,
            place=places[place] if place else None,
            outside=key == "outside",
        )
        for key, (path, code, name, short, kind, place) in BODIES.items()
    }
    Body.objects.bulk_create(bodies.values())
    return places, bodies


def _people(places: dict[str, Place], bodies: dict[str, Body]) -> dict[str, Person]:
    people = {}
    for number, (who, part) in enumerate(PARTS.items(), 1):
        key = text.sort_key(part.name)
        people[who] = Person(
            name=part.name,
            sort_key=key,
            initials=text.initials(key),
            work_number=f"NB{number:04d}",
            phone=f"1380574{number:04d}",
            party_member=part.branch is not None,
            unit=bodies[part.unit],
            office=bodies[part.office] if part.office else None,
            branch=bodies[part.branch] if part.branch else None,
            home_community=places[part.home],
        )
    Person.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(person=person, kind=kind, body=body, place=place, valid_from=SINCE)
        for person in people.values()
        for kind, body, place in (
            ("unit", person.unit, None),
            ("office", person.office, None),
            ("branch", person.branch, None),
            ("home_community", None, person.home_community),
        )
        if body or place
    )
    search.index_many(
        "registry.person",
        [(p.pk, (p.name, p.initials, p.work_number, str(p.unit))) for p in people.values()],
    )
    search.index_many("registry.body", [(b.pk, (b.name, b.short_name)) for b in bodies.values()])
    return people


def _accounts(people: dict[str, Person]) -> dict[str, Account]:
    accounts = {
        who: Account(username=person.work_number, person=person, created_at=EVENING)
        for who, person in people.items()
    }
    accounts[ENTERPRISE] = Account(
        username="yongjiang", email="office@yongjiang.example", created_at=EVENING
    )
    hashed = make_password(PASSWORD)  # once: outside the tests' settings it is dear on purpose
    for account in accounts.values():
        account.password = hashed
    Account.objects.bulk_create(accounts.values())
    return accounts
