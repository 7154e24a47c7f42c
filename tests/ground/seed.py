"""Rows for a city in a process of its own: what `City.call` runs there."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from groundwork.base import trail
from groundwork.base.actor import system


def something_everywhere() -> int:
    """Write the cast, trail rows for the worker to seal, and a file."""
    from tests.cast import build

    build()
    for number in range(30):
        trail.record(system("test"), "publish", "evening", f"evening-{number}", ["title"])
    default_storage.save("attachments/讲义.txt", ContentFile("周二夜学".encode()))
    return 30


def something_sealed() -> int:
    """Write trail rows and seal them."""
    for number in range(5):
        trail.record(system("test"), "publish", "evening", f"evening-{number}", ["title"])
    return trail.seal_batch()
