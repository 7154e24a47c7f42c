"""The JSON interface keeps to its own document, whatever is sent; and says nothing out of scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from ninja import Schema
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from groundwork.access import api as access_api
from groundwork.access.actions import issue_token
from groundwork.base import clock, codes
from groundwork.campaigns.api import schemas as campaigns_schemas
from groundwork.campaigns.tests.make_inquiry import a_season
from groundwork.duty.api import schemas as duty_schemas
from groundwork.duty.rules.posts import purpose
from groundwork.duty.tests.make import gate_of, order_of, post_of, shift_of
from groundwork.figures.api import schemas as figures_schemas
from groundwork.matters.api import schemas as matters_schemas
from groundwork.matters.tests.make import at_state, raise_one
from groundwork.service.actions.visits import VisitPlan, record_visit
from groundwork.service.api import schemas as service_schemas
from groundwork.service.models import Round
from groundwork.service.tests.make import an_area
from tests.cast import EVENING
from tests.cast import build as build_cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BASE = "/api/v1"
EXAMPLES = 4  # of each way of making them, for each address and each reader
load_all_checks()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[dict[str, Any]]:
    """A few of everything that the interface tells, with a key for each reader."""
    cache.clear()
    with django_db_blocker.unblock(), clock.at(EVENING), transaction.atomic():
        cast = build_cast()
        matters = [at_state(cast, state) for state in ("raised", "answered", "redo", "merged")]
        hidden = raise_one(cast, kind="complaint", concerns=cast.bodies["bureau"]).matter
        plan = VisitPlan("people", EVENING.date(), place=cast.places["liujin"], note="看望")
        visit = record_visit(plan, by=cast.actor("staff"))
        asked = Round.objects.create(
            title="办事难在哪", body=cast.bodies["unit"], place=cast.places["haishu"],
            audience="all", state="open", opens_at=EVENING, closes_at=EVENING.replace(day=30),
        )  # fmt: skip
        readers = ("city_operator", "staff")
        keys = {who: issue_token(name="t", by=cast.actor(who)) for who in readers}
        asked.questions.create(order=1, text="哪件事最难？")
        yield {
            **on_duty(cast),
            "cast": cast,
            "visits": [visit.visit.public_id],
            "rounds": [asked.public_id],
            "areas": [an_area(cast).public_id],
            "seasons": [a_season(cast).public_id],
            "matters": [row.public_id for row in (*matters, hidden)],
            "keys": keys,
        }
        transaction.set_rollback(True)


def on_duty(cast) -> dict[str, Any]:
    """Put an order in force, with a shift of 单晓芸's now, one tomorrow and one nobody stands."""
    order = order_of(cast)
    gate = gate_of(cast, order)
    now, tomorrow, free = (shift_of(gate, days) for days in range(3))
    posts = [post_of(cast, now, "staff"), post_of(cast, tomorrow, "staff", state="planned")]
    shown = codes.token(gate.secret, purpose(gate.public_id), EVENING)
    SENSE[f"POST {BASE}/check-ins"] = {
        "gate": gate.public_id, "code": shown, "digits": "", "poster": "", "said_at": None,
    }  # fmt: skip
    often = 4  # times: of one id and of none, one would be drawn too seldom
    return {
        "orders": [order.public_id] * often,
        "gates": [gate.public_id] * often,
        "shifts": [free.public_id] * often,
        "posts": [posts[1].public_id] * often,
    }


def operations() -> list[Any]:
    """List what the document offers."""
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application())
    return [found.ok() for found in schema.get_all_operations()]


# What a schema cannot know: names of this city, a day that has come.
SENSE: dict[str, dict[str, Any]] = {
    f"POST {BASE}/matters": {
        "category": "roads", "place": "澄浪社区", "phone": "", "email": "", "concerns": "",
    },
    f"POST {BASE}/orders/{{public_id}}/gates": {"place": "澄浪社区"},
    f"POST {BASE}/gates/{{public_id}}/shifts": {
        "day": "2026-11-28", "start": "17:00", "end": "22:00", "needs": {"general": 2},
    },
    f"POST {BASE}/shifts/{{public_id}}/posts": {"kind": ""},
    f"POST {BASE}/posts/{{public_id}}/answer": {"comes": True},
    f"PUT {BASE}/orders/{{public_id}}/availability": {
        "times": {"week": {"2": [["17:00", "22:00"]]}, "days": {"2026-11-28": []}},
    },
    f"POST {BASE}/visits": {
        "day": EVENING.date().isoformat(), "place": "澄浪社区", "host": "", "contact_phone": "",
        "problems": [{"words": "路灯坏了。", "category": "roads"}], "companions": [],
    },
    f"POST {BASE}/areas/{{public_id}}/patrols": {
        "day": EVENING.date().isoformat(),
        "problems": [{"words": "路灯坏了。", "category": "roads"}],
    },
    f"POST {BASE}/rounds/{{public_id}}/replies": {
        "answers": [{"question": 1, "text": "办证排队太久。", "to_do": True}],
        "place": "澄浪社区", "phone": "",
    },
}  # fmt: skip


def hold_to_the_document(world, operation: Any, mode: GenerationMode) -> set[int]:
    """Send what the document allows, or just not, hold every answer against it, give them."""
    answers: set[int] = set()
    positive = mode is GenerationMode.POSITIVE
    keys = [None, *world["keys"].values()]
    about = operation.path.removeprefix(BASE).split("/")[1]
    known_ids = world.get(about, world["matters"])
    checks = [check for check in CHECKS.get_all() if check.__name__ not in NOT_ASKED]
    mended = [check for check in checks if check.__name__ != "negative_data_rejection"]

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        known=st.sampled_from([None, *known_ids]),
    )
    def send(key: str | None, case: Any, known: str | None) -> None:
        if known and "public_id" in (case.path_parameters or {}):
            case.path_parameters["public_id"] = known
        if known and positive and isinstance(case.body, dict):
            case.body |= SENSE[operation.label]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # What was wrong may have been put right just now by a good id or a good key.
        held = checks if positive or not (known or key) else mended
        with transaction.atomic():
            answer = case.call_and_validate(headers=headers, checks=held)
            answers.add(answer.status_code)
            transaction.set_rollback(True)

    for key in keys:  # by each reader: of some doors only one has the key
        with suppress(Unsatisfiable):  # what takes nothing has nothing that could be wrong
            send(key)
    return answers


# A schema cannot say which words name a place of this city; a key may be left out or needed.
NOT_ASKED = {"positive_data_acceptance", "ignored_auth"}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Leave the test's transaction alone where a request of a real server would end it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_answer_is_a_500_or_outside_the_document(world, mode):
    found = operations()
    assert len(found) >= 30
    with clock.at(EVENING):
        got = {one.label: hold_to_the_document(world, one, mode) for one in found}
    if mode is GenerationMode.POSITIVE:  # all of them also said something
        dumb = {name for name, answers in got.items() if not answers & {200, 201}}
        assert dumb == {f"GET {BASE}/raised/way"}  # a secret is not guessed


def test_no_two_shapes_share_a_name_in_the_document():
    kept: dict[str, str] = {}
    areas = (campaigns_schemas, duty_schemas, figures_schemas, matters_schemas, service_schemas)
    for module in (access_api, *areas):
        for name, shape in vars(module).items():
            if isinstance(shape, type) and issubclass(shape, Schema) and shape is not Schema:
                fields = ",".join(sorted(shape.model_fields))
                assert kept.setdefault(name, fields) == fields, name
