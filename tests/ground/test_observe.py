"""/healthz and /metrics: honest, quiet about secrets, closed to strangers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from config import observe
from groundwork.base import clock, outbox
from groundwork.base.models import Lease

pytestmark = pytest.mark.django_db


def beat(age: int) -> None:
    Lease.objects.create(name="worker", ran_at=clock.now() - timedelta(seconds=age))


def test_health_is_200_when_database_tables_and_worker_are_there(client):
    beat(5)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "worker": "ok",
        "worker_age_seconds": 5,
    }


@pytest.mark.parametrize("age", [None, observe.LATE + 10])
def test_health_is_503_without_a_living_worker(client, age):
    if age is not None:
        beat(age)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "late"


def test_health_is_503_while_tables_are_missing(client, monkeypatch):
    beat(1)
    monkeypatch.setattr(observe, "migrations_applied", lambda: False)
    assert client.get("/healthz").json()["migrations"] == "waiting"


def test_health_is_503_when_the_database_is_away(client, monkeypatch):
    def away() -> bool:
        raise observe.DatabaseError("could not connect to server at db.example, password s3cr3t")

    monkeypatch.setattr(observe, "migrations_applied", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert b"s3cr3t" not in answer.content


def test_metrics_count_views_and_queues(client):
    client.get("/accounts/login/?next=/secret-path")
    outbox.put("mail", {"to": "x"}, key="one")
    text = Client(headers={"host": "127.0.0.1:8000"}).get("/metrics").content.decode()
    assert (
        'groundwork_request_seconds_count{method="GET",status="200",view="account_login"}' in text
    )
    assert "groundwork_outbox_waiting 1.0" in text
    assert "groundwork_trail_unsealed" in text
    assert "secret-path" not in text


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1:8000", "10.1.2.3"), ("localhost", "203.0.113.9"), ("testserver", "127.0.0.1")],
)
def test_metrics_are_no_page_for_other_machines(settings, host, address):
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"host": host}, REMOTE_ADDR=address)
    assert client.get("/metrics").status_code == 404


def test_metrics_open_with_the_token_and_only_with_it(settings):
    settings.METRICS_TOKEN = "a-long-token"
    far = Client(REMOTE_ADDR="10.1.2.3")
    assert far.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert Client(headers={"host": "127.0.0.1"}).get("/metrics").status_code == 404
