"""Addresses of pages that an answer to a program names."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def raiser_link(secret: str) -> str:
    """Give the address of a raiser's own page; "" where the secret was given before."""
    if not secret:
        return ""
    return settings.PUBLIC_URL.rstrip("/") + reverse("matters:mine", args=[secret])
