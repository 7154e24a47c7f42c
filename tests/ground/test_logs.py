"""Logs: useful, and nobody can be read out of them."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError

from config.logs import configure, logger, logging_config, mask

SECRETS = ("王海波", "13857412345", "7K3F-9QWD-XM", "wang@example.cn", "next=", "NB-004217")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything the process logs, as production writes it."""
    stream = io.StringIO()
    config = logging_config("info", "json")
    config["handlers"]["stderr"]["stream"] = stream
    configure(config)
    yield stream
    structlog.reset_defaults()
    logging.config.dictConfig(settings.LOGGING)


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def clean(stream: io.StringIO) -> None:
    for secret in SECRETS:
        assert secret not in stream.getvalue()


def test_a_library_that_logs_values_leaves_only_its_template(lines):
    log = logging.getLogger("axes.attempts")
    log.warning("Login failed for %s from phone %s", "王海波", "13857412345")
    log.warning("Not found: %s", "/slip/7K3F-9QWD-XM?next=/person/NB-004217")
    assert read(lines)[0]["event"] == "Login failed for %s from phone %s"
    clean(lines)


def test_a_library_that_formats_by_itself_is_masked(lines):
    name, phone = "王海波", "138 5741 2345"
    logging.getLogger("some.library").error(f"user {name} ({phone}) wang@example.cn GET /x?next=/a")
    assert read(lines)[0]["event"] == "user … (…) …@… GET /x?…"


def test_an_exception_is_told_by_class_and_place_never_by_its_message(lines):
    try:
        raise IntegrityError("Key (phone)=(13857412345) of 王海波 already exists")
    except IntegrityError:
        logging.getLogger("django.request").exception(
            "Internal Server Error: %s", "/slip/7K3F-9QWD-XM"
        )
    told = read(lines)[0]
    assert told["error"] == "django.db.utils.IntegrityError"
    assert "test_logs.py" in str(told["where"])
    clean(lines)


def test_own_events_keep_only_declared_keys(lines):
    logger("groundwork.test").info(
        "roll closed for 王海波", count=3, name="王海波", slip="7K3F-9QWD-XM"
    )
    told = read(lines)[0]
    assert (told["event"], told["count"]) == ("roll closed for …", 3)
    assert "name" not in told
    clean(lines)


@pytest.mark.django_db
def test_a_request_is_told_by_view_and_id_without_its_address(client, lines):
    answer = client.get(
        "/accounts/login/?next=/person/NB-004217", headers={"X-Request-Id": "abc-12345"}
    )
    assert answer["X-Request-Id"] == "abc-12345"
    told = [line for line in read(lines) if line["event"] == "request"]
    assert [(line["view"], line["status"], line["request_id"]) for line in told] == [
        ("account_login", 200, "abc-12345")
    ]
    clean(lines)


@pytest.mark.django_db
def test_a_request_id_that_could_be_anything_is_replaced(client):
    answer = client.get("/healthz", headers={"X-Request-Id": "王海波 13857412345"})
    assert answer["X-Request-Id"].isalnum()


def test_a_refused_sign_in_does_not_name_the_person(client, db, lines):
    client.post("/accounts/login/", {"login": "NB-004217", "password": "7K3F-9QWD-XM"})
    assert read(lines)
    clean(lines)


def test_masking_leaves_ordinary_sentences_alone():
    assert mask("child died, starting it again") == "child died, starting it again"
    assert mask("took 1234 ms, 20 rows") == "took 1234 ms, 20 rows"
