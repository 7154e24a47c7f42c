"""Builders of streams for the tests of the area."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.live.actions.streams import open_stream
from groundwork.live.models import Stream

AT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # the cast's moment
CITY = system("tests")


def a_stream(cast, **more: Any) -> Stream:
    """Open a public stream of 市发展改革委 that began five minutes ago."""
    values: dict[str, Any] = {
        "subject_kind": "study.evening",
        "subject_id": "evening",
        "title": "数字经济与宁波制造",
        "starts_at": AT - timedelta(minutes=5),
        "ends_at": AT + timedelta(minutes=90),
        "host": cast.bodies["bureau"],
        "by": CITY,
        "at": AT - timedelta(days=2),
    }
    return open_stream(**(values | more))
