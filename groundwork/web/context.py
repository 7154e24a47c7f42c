"""What every page may know without asking an area."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from groundwork.base.errors import N_

DEFAULT_CITY = N_("宁波")  # marks the name of CITY_NAME's default for the catalogue
LOOKS = ("auto", "light", "dark")
LOOK_COOKIE = "look"


def look_of(request: HttpRequest | None) -> str:
    """Tell which appearance the reader chose; unknown values mean the system's own."""
    chosen = request.COOKIES.get(LOOK_COOKIE, "auto") if request is not None else "auto"
    return chosen if chosen in LOOKS else "auto"


def product(request: HttpRequest) -> dict[str, Any]:
    """Name the product and the city, and say how the page shall look."""
    return {
        "product_name": _("地气"),
        "city_name": _(settings.CITY_NAME),
        "look": look_of(request),
    }
