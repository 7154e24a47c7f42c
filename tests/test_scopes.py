"""What must be found nowhere, looked for everywhere: who is unknown to the lead, what is withheld.

One walk per person over every GET address of the ledger, of service and of the desk, as the table
of permissions lists them, with the ids of the matters that must not show put in wherever one goes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from groundwork.base import clock
from groundwork.base.actor import NOBODY, system
from groundwork.campaigns.actions import inquiry_items
from groundwork.campaigns.tests import make_inquiry
from groundwork.matters.actions.dispatch import accept_matter, assign_matter
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.raising import Teller, Telling, raise_matter
from groundwork.matters.actions.settings import save_template
from groundwork.matters.models import Kind, Matter, Step
from groundwork.matters.tests.make import at_state
from groundwork.service.actions import areas, points, rounds, visits
from groundwork.service.models import Visit
from tests import world_inquiry, world_ledger
from tests.cast import EVENING, ROLES
from tests.cast import build as build_cast
from tests.drawing import Drawing, drawn_by
from tests.matrix import TABLE
from tests.matrix.row import Row
from tests.test_permissions import outcome
from tests.verdicts import allows, verdict_of
from tests.world import World
from tests.world import build as build_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME, PHONE, MAIL = "慎独先生", "13957480427", "shendu@example.org"
HIDDEN = "戊戌井盖九四二七"  # in the words of the matter that is withheld
COMPLAINT = "己亥窗口三八一六"  # in the words of the complaint of 海曙区教育局
CITY = system("tests")
UNKNOWN = (NAME, PHONE, MAIL)
HAND = Drawing()
AREAS = ("matters:", "service:", "desk:", "campaigns:", "api", "open311")
LEDGER = ("matters:", "api", "open311")
# Of an evening of the television inquiry before its hour, put wherever one of its ids goes.
COMING = ("episode:coming", "item:coming", "item:spare", "clip")
# What a page says anew each time; and that so many matters of the whole city wait for their hour,
# which is no secret: `matters.queries.embargo.waiting`.
VOLATILE = re.compile(
    r'name="(csrfmiddlewaretoken|client_key|_opened)" value="[^"]*"|nonce="[^"]*"'
    r'|"X-CSRFToken": "[^"]*"|>[^<>]*</dcterms:|另有.{0,60}件到时才公开'
)
OPEN = ("campaigns:", "figures:", "matters:", "desk:", "api:", "open311:")  # to the public
# Whoever leads, helps, dispatches, audits, looks on: what none of their pages may say.
FORBIDDEN = {
    # The unit was shown what it will be asked, never the words of who told the crew.
    "unit_handler": (*UNKNOWN, HIDDEN, COMPLAINT, world_inquiry.CREW),
    "unit_secretary": (*UNKNOWN, HIDDEN, COMPLAINT, world_inquiry.CREW),
    "other_handler": (*UNKNOWN, HIDDEN, *world_inquiry.SECRETS),
    "dispatcher": (HIDDEN, *world_inquiry.SECRETS),
    "community_secretary": (*UNKNOWN, HIDDEN, *world_inquiry.SECRETS),
    "resident": (*UNKNOWN, HIDDEN, COMPLAINT, *world_inquiry.SECRETS),
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world with the matters that must not show; every request's writing is taken back."""
    cache.clear()
    with django_db_blocker.unblock(), clock.at(EVENING), transaction.atomic():
        made = build_world(build_cast(), EVENING)
        _confidential(made)
        _withheld(made)
        _complaint(made)
        yield made
        transaction.set_rollback(True)


def _telling(world: World, words: str, **more: Any) -> Telling:
    return Telling(
        words=words,
        category=world_ledger.category("roads"),
        place=world.cast.places["chenglang"],
        door="portal",
        **more,
    )


def _confidential(world: World) -> None:
    """Let 海曙区教育局 answer, with 鄞州区水利局's help, who does not want to be known to them."""
    teller = Teller(
        name=NAME,
        phone=PHONE,
        email=MAIL,
        person=world.cast.people["colleague"],
        account_id=world.cast.accounts["colleague"].pk,
        confidential=True,
    )
    telling = _telling(world, "校门口的路牌倒了，孩子绕着走。")
    matter = raise_matter(telling, teller, by=NOBODY, at=world.at).matter
    bodies = world.cast.bodies
    accept_matter(matter.public_id, public_text="校门口的路牌倒了。", by=CITY, at=world.at)
    assign_matter(
        matter.public_id, bodies["unit"], co=(bodies["other_unit"],), by=CITY, at=world.at
    )
    answer_matter(matter.public_id, "路牌已经扶正。", by=CITY, at=world.at)
    world.things["confidential"] = matter


def _withheld(world: World) -> None:
    telling = _telling(
        world, f"{HIDDEN}，节目播出以前谁也不说。", withheld_until=EVENING + timedelta(3)
    )
    world.things["withheld"] = raise_matter(telling, Teller(), by=NOBODY, at=world.at).matter


def _complaint(world: World) -> None:
    unit = world.cast.bodies["unit"]
    telling = _telling(world, f"{COMPLAINT}没人理。", kind=Kind.COMPLAINT, concerns=unit)
    world.things["complaint"] = raise_matter(telling, Teller(), by=NOBODY, at=world.at).matter


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Any]:
    return {who: world.cast.client(who).cookies for who in ROLES}


@pytest.fixture(scope="module", autouse=True)
def drawing() -> Iterator[Drawing]:
    with drawn_by(HAND):
        yield HAND


def ask(
    clients: dict[str, Any], who: str, address: str, values: Any = None, *, method: str = "GET"
) -> HttpResponse:
    HAND.who = ROLES.index(who)
    client = Client(raise_request_exception=False)
    client.cookies.update(clients[who])
    with transaction.atomic():
        response = (client.get if method == "GET" else client.post)(address, values or {})
        transaction.set_rollback(True)
    return response


def text_of(response: HttpResponse) -> str:
    """Give everything that an answer says, its headers too."""
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers + body(response)


def body(response: HttpResponse) -> str:
    """Give what an answer says, a workbook's cells too."""
    said = (
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
        if response.streaming
        else response.content
    )
    if said[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(said)) as book:
            said = b"".join(book.read(name) for name in book.namelist())
    return said.decode("utf-8", "replace")


def addresses(world: World) -> list[str]:
    """Every address to walk: as the table has it, and with the ids of what must not show."""
    found: dict[str, None] = {}
    for row in TABLE:
        if row.method != "GET" or not row.name.startswith(AREAS):
            continue
        arguments = row.arguments(world)
        found[reverse(row.name, kwargs=arguments)] = None
        tv = row.name.startswith("campaigns:")
        if not arguments or not row.name.startswith((*LEDGER, "campaigns:")):
            continue
        for thing in COMING if tv else ("confidential", "withheld", "complaint", "matter:coming"):
            try:
                found[
                    reverse(row.name, kwargs=dict.fromkeys(arguments, world[thing].public_id))
                ] = None
            except NoReverseMatch:
                break  # a number goes there, no id
    return list(found)


@pytest.mark.parametrize("who", FORBIDDEN)
def test_what_somebody_must_not_read_is_on_no_page_of_theirs(who, world, clients):
    secrets = [*FORBIDDEN[who], *((world["withheld"].receipt,) if HIDDEN in FORBIDDEN[who] else ())]
    found = []
    for address in addresses(world):
        said = text_of(ask(clients, who, address))
        found += [f"{address}: {secret}" for secret in secrets if secret in said]
    assert found == []


SEARCHES = ("desk:search", "matters:queue", "matters:board", "matters:board_rss", "api:board")
READERS = ("resident", "dispatcher")


@pytest.mark.parametrize("page", SEARCHES)
def test_before_the_hour_no_word_of_the_evening_finds_anything(page, world, clients):
    things = [world[name] for name in (*COMING, "matter:coming")]
    ids = [*(thing.public_id for thing in things), world["matter:coming"].receipt]
    for who in READERS:
        for words in (*world_inquiry.SECRETS, ids[-1]):
            said = text_of(ask(clients, who, reverse(page), {"q": words}))
            assert not [one for one in ids if one in said.replace(words, "")], (who, words)


def test_one_problem_more_on_an_evening_to_come_leaves_no_shadow(world, clients):
    """Not a count, an order, a figure, a feed: no page of the public says anything else."""
    pages = {
        reverse(row.name, kwargs=row.arguments(world))
        for row in TABLE
        if row.method == "GET" and row.name.startswith(OPEN) and "resident" in row.yes
    }

    def read() -> dict[str, str]:
        return {page: VOLATILE.sub("", body(ask(clients, "resident", page))) for page in pages}

    before = read()
    with transaction.atomic():
        by, at = world.cast.actor("editor"), world.at
        words = {"words": "丙午涵洞四一七塌了。", "title": "再一个"}
        more = make_inquiry.a_question(world.cast, world["episode:coming"], at=at, **words)
        inquiry_items.show_item(more.public_id, by=by, at=at)
        assert [page for page, said in read().items() if said != before[page]] == []
        transaction.set_rollback(True)


def test_at_the_hour_everybody_reads_it(world, clients):
    """Else the walks above show nothing."""
    pages = {
        reverse("campaigns:inquiry_episode", args=[world["episode:coming"].public_id]): (
            world_inquiry.EVENING,
            world_inquiry.PROBLEM,
        ),
        reverse("campaigns:inquiry_item", args=[world["item:coming"].public_id]): (
            world_inquiry.ASKED,
            world_inquiry.CLIP,
        ),
        reverse("campaigns:inquiry_subtitles", args=[world["clip"].public_id]): (
            world_inquiry.SUBTITLE,
        ),
    }
    with clock.at(world["episode:coming"].airs_at):
        for address, words in pages.items():
            said = text_of(ask(clients, "resident", address))
            assert all(word in said for word in words), address


@pytest.mark.parametrize("page", ["desk:search", "matters:queue", "matters:board"])
def test_a_raiser_unknown_to_the_lead_is_no_word_to_search_by(page, world, clients):
    for who in ("unit_handler", "unit_secretary", "other_handler"):
        for words in (NAME, PHONE, PHONE[-4:], MAIL):
            said = text_of(ask(clients, who, reverse(page), {"q": words}))
            assert world["confidential"].public_id not in said, (who, words)


def test_the_dispatcher_may_know_who_it_is(world, clients):
    said = text_of(
        ask(
            clients, "dispatcher", reverse("matters:matter", args=[world["confidential"].public_id])
        )
    )
    assert NAME in said, "else the walk above shows nothing"


def test_no_account_of_a_raiser_stands_in_steps_or_trail(world):
    from groundwork.base.models import TrailEntry

    account = world.cast.accounts["colleague"].pk
    keys = list(Matter.objects.values_list("public_id", flat=True))
    assert not Step.objects.filter(matter=world["confidential"], account_id=account).exists()
    assert not TrailEntry.objects.filter(object_id__in=keys, account_id=account).exists()


def test_the_address_of_what_is_withheld_opens_for_nobody_before_its_hour(world, clients):
    page = reverse("matters:matter", args=[world["withheld"].public_id])
    assert {ask(clients, who, page).status_code for who in ROLES} <= {302, 404}


def test_what_was_withheld_is_there_when_its_hour_has_come(world, clients):
    page = reverse("matters:matter", args=[world["withheld"].public_id])
    with clock.at(EVENING + timedelta(days=3, minutes=1)):
        assert HIDDEN in text_of(ask(clients, "dispatcher", page))


def test_a_complaint_is_read_by_the_dispatcher(world, clients):
    page = reverse("matters:matter", args=[world["complaint"].public_id])
    assert COMPLAINT in text_of(ask(clients, "dispatcher", page))


def _elsewhere(world: World) -> dict[str, str]:
    """Let 鄞州区水利局 have what 海曙区教育局 has; give whose ids the walk puts in, by model."""
    cast, at, by = world.cast, world.at, world.cast.actor("other_secretary")
    unit, place = cast.bodies["other_unit"], cast.places["dongsheng"]
    plan = rounds.RoundPlan("河怎么治", unit, place, "all", at, at + timedelta(9), ("问？",))
    theirs = [
        at_state(cast, "handling", lead="other_unit", place="dongsheng", at=at - timedelta(2)),
        visits.record_visit(visits.VisitPlan("people", at.date(), place), by=by, at=at).visit,
        points.open_point(name="河道", body=unit, place=place, by=by, at=at),
        areas.open_area(name="河道", body=unit, places=[place], by=by, at=at),
        rounds.draft_round(plan, by=by, at=at),
        save_template(body=unit, title="治河", text="已于______清淤。", by=by),
    ]
    return {thing._meta.label_lower: thing.public_id for thing in theirs} | {
        "registry.body": unit.public_id
    }


def candidates(world: World) -> dict[str, list[str]]:
    """Give the ids of the world by model, foreign ones first."""
    ids = {model: [public_id] for model, public_id in _elsewhere(world).items()}
    for thing in world.things.values():
        if isinstance(thing, Model) and hasattr(thing, "public_id"):
            ids.setdefault(thing._meta.label_lower, []).append(thing.public_id)
    return ids


def strays(world: World, clients: dict[str, Any], rows: list[Row], *, tries: int) -> list[str]:
    """Put ids into addresses as somebody whom the policy refuses them; give what opened.

    Those come first who may open the address with an id of their own: the table says no more.
    """
    chance, at = Random(20261124), clock.now()
    actors, ids, found = {who: world.cast.actor(who) for who in ROLES}, candidates(world), []
    for row in rows:
        verdict = verdict_of(row.name)
        assert verdict is not None
        own = row.arguments(world)
        known = ids.get(verdict.model, [])
        for public_id in [*known[:1], *chance.sample(known, min(len(known), tries))]:
            given = own | {next(iter(own)): public_id}
            likely = chance.sample(sorted(row.yes), len(row.yes))
            others = [who for who in chance.sample(ROLES, len(ROLES)) if who not in row.yes]
            refused = (w for w in [*likely, *others] if not allows(row.name, given, actors[w], at))
            who = next(refused, None)
            if who is None:  # everybody may
                continue
            values = row.values(world) if row.method == "POST" else {}
            address = reverse(row.name, kwargs=given)
            answer = ask(clients, who, address, values, method=row.method)
            if outcome(row, answer) not in {"403", "404", "sign in"}:
                found.append(f"{who} {row.method} {row.name} {given}: {answer.status_code}")
    return found


def test_no_id_of_another_scope_opens_what_the_policy_refuses(world, clients):
    rows = [row for row in TABLE if row.yes and verdict_of(row.name) and row.arguments(world)]
    assert len(rows) > 80
    with transaction.atomic():
        found = strays(world, clients, rows, tries=1)
        assert not found, "\n".join(found)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "method"), [("visit", "GET"), ("visit_withdraw", "POST")])
def test_a_page_that_forgot_its_policy_is_found_by_that_walk(
    name, method, world, clients, monkeypatch
):
    rows = [row for row in TABLE if (row.name, row.method) == (f"service:{name}", method)]

    def forgetful(by: Any, public_id: str, *_verb: Any, **_lock: Any) -> Visit:
        return Visit.objects.get(public_id=public_id)

    monkeypatch.setattr("groundwork.service.policy.visits.visit_for", forgetful)
    with transaction.atomic():
        assert strays(world, clients, rows[:1], tries=0)
        transaction.set_rollback(True)


def named(world: World, given: dict[str, str]) -> list[str]:
    """Name what the ids belong to, so that a finding can be judged."""
    return [
        name
        for name, thing in world.things.items()
        if (thing if isinstance(thing, str) else getattr(thing, "public_id", "")) in given.values()
    ]


def test_ids_of_other_scopes_put_anywhere_open_nothing_and_break_nothing(world, clients):
    chance = Random(20261124)
    # The confidential one has a lead of its own, whose people may read it as any lead's may.
    things = [thing for name, thing in world.things.items() if name != "confidential"]
    known = [t for t in things if isinstance(t, str) or hasattr(t, "public_id")]
    ids = [t if isinstance(t, str) else t.public_id for t in known]
    ids += ["x", "0" * 12, "../../etc", "绝无此号", "2" * 300]
    rows = [row for row in TABLE if row.method == "GET" and row.name != "metrics"]
    rows = [row for row in rows if not verdict_of(row.name)]  # the policy itself is asked above
    open_ways = {(row.name, who) for row in rows for who in row.yes}
    found = []
    for row in rows:
        for _try in range(3):
            given = {name: chance.choice(ids) for name in row.arguments(world)}
            if not given:
                break
            try:
                address = reverse(row.name, kwargs=given)
            except NoReverseMatch:
                continue
            who = chance.choice(ROLES)
            whose = named(world, given)
            if f"person:{who}" in whose:  # one's own card is one's own
                continue
            status = ask(clients, who, address).status_code
            if status >= 500 or (status == 200 and (row.name, who) not in open_ways):
                found.append(f"{who} {address}: {status} {whose}")
    assert found == []
