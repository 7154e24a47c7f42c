"""Parts of a page that areas above lay beside it: the page names a spot, not the areas.

@panel("community")                         # in an area's listeners, loaded with it
def service(place, by, at) -> Panel | None: …

{% for panel in panels %}{% include panel.template with page=panel.data %}{% endfor %}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from groundwork.base.actor import Actor


@dataclass(frozen=True)
class Panel:
    """A template and what it shows; it may say nothing that its reader may not know."""

    template: str
    data: Any


Maker = Callable[..., Panel | None]
_MAKERS: dict[str, list[Maker]] = {}


def panel(spot: str) -> Callable[[Maker], Maker]:
    """Register what an area lays at a spot."""

    def register(maker: Maker) -> Maker:
        _MAKERS.setdefault(spot, []).append(maker)
        return maker

    return register


def panels_at(spot: str, about: object, *, by: Actor, at: Any, apart_from: str = "") -> list[Panel]:
    """Make the panels of a spot about something, as one reader sees them.

    On an area's own page its own panel is left out (`apart_from="duty"`) before it reads anything.
    """
    makers = [one for one in _MAKERS.get(spot, ()) if one.__module__.split(".")[1] != apart_from]
    made = (maker(about, by, at) for maker in makers)
    return [one for one in made if one is not None]
