"""What every page of the desk carries: the ways onward."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give the navigation for who acts on this page."""
    return {"nav": []}
