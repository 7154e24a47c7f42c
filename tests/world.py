"""One of everything around the cast, so that every address has something to open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast


@dataclass
class World:
    """The cast, and things by name: `world["evening"]` is tonight's, published by the city."""

    cast: Cast
    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]


def build(cast: Cast) -> World:
    """Write one of everything."""
    return World(cast)
