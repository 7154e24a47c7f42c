"""Let machines watch the city: request log and counts, `/healthz`, `/metrics`. Nobody is named."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Event
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.counting import if_there_is_room, take_room_first
from config.logs import logger
from groundwork.base import clock, outbox
from groundwork.base.models import Lease, OutboxMessage, TrailEntry

log = logger("groundwork.request")
LATE = 60  # seconds without a heartbeat after which the worker counts as gone
LOOPBACK = {"127.0.0.1", "::1"}
_MIGRATED = Event()
take_room_first()
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
LATENCY = Histogram(
    "groundwork_request_seconds",
    "Time a page took on the server, by view.",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
SIGN_INS = Counter("groundwork_sign_ins", "Sign-ins to an account.", ["result"])
Respond = Callable[[HttpRequest], HttpResponse]


class RequestMiddleware:
    """Give every request an id, log it once by view name, and count it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and tell how it went."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            match = request.resolver_match
            view = match.view_name or "unnamed" if match else "unknown"
            method = request.method if request.method in {"GET", "POST", "HEAD"} else "other"
            with if_there_is_room():
                LATENCY.labels(view, method, response.status_code).observe(seconds)
            # Probes ask every few seconds: they would drown the rest.
            tell = log.debug if view in {"healthz", "metrics"} else log.info
            tell(
                "request",
                view=view,
                method=method,
                status=response.status_code,
                ms=round(seconds * 1000),
            )
        response["X-Request-Id"] = request_id
        return response


def _signed_in(**_kwargs: Any) -> None:
    with if_there_is_room():
        SIGN_INS.labels("accepted").inc()


def _refused(**_kwargs: Any) -> None:
    with if_there_is_room():
        SIGN_INS.labels("refused").inc()


user_logged_in.connect(_signed_in, dispatch_uid="observe")
user_login_failed.connect(_refused, dispatch_uid="observe")


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a supervisor whether the city can work: 200 when all parts can, else 503."""
    parts: dict[str, str] = {}
    age: int | None = None
    try:
        parts["database"] = "ok"
        parts["migrations"] = "ok" if migrations_applied() else "waiting"
        age = heartbeat_age()
        parts["worker"] = "ok" if age is not None and age <= LATE else "late"
    except DatabaseError:
        parts["database"] = "unreachable"
    ok = set(parts.values()) == {"ok"}
    body = {"status": "ok" if ok else "failing", **parts, "worker_age_seconds": age}
    return JsonResponse(body, status=200 if ok else 503)


def heartbeat_age(now: datetime | None = None) -> int | None:
    """Return the seconds since a worker last gave a sign of life, None when it never did."""
    beat = Lease.objects.filter(name="worker").values_list("ran_at", flat=True).first()
    return None if beat is None else max(0, int(((now or clock.now()) - beat).total_seconds()))


def migrations_applied() -> bool:
    """Tell whether the database has every table the program expects; once true it stays so."""
    if not _MIGRATED.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _MIGRATED.set()
    return True


class CityCollector(Collector):
    """Count what waits in the database at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one gauge per queue."""
        for name, text, value in (
            (
                "groundwork_outbox_waiting",
                "Messages not yet delivered.",
                OutboxMessage.objects.filter(done_at=None).count(),
            ),
            (
                "groundwork_outbox_given_up",
                "Messages that failed ten times and wait for `groundwork outbox again`.",
                outbox.given_up().count(),
            ),
            (
                "groundwork_trail_unsealed",
                "Trail rows not yet in the hash chain.",
                TrailEntry.objects.filter(position=None).count(),
            ),
            (
                "groundwork_worker_heartbeat_age_seconds",
                "Seconds since the worker's last sign of life; -1 when there was none.",
                -1 if (age := heartbeat_age()) is None else age,
            ),
        ):
            yield GaugeMetricFamily(name, text, value=value)


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its numbers, on this machine or with the token; others see no page here."""
    if not _may_watch(request):
        return HttpResponse(status=404)
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    city = CollectorRegistry()
    city.register(CityCollector())
    body = generate_latest(registry) + generate_latest(city)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _may_watch(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Behind a proxy REMOTE_ADDR is the visitor's (see config.wsgi); should a proxy not say so, the
    # name it was asked for still gives the visitor away.
    host = request.get_host().rsplit(":", 1)[0]
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in {*LOOPBACK, "localhost", "[::1]"}
