"""What a walk over every page draws of them: to draw costs as much as to read and decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.template import loader
from django.utils.safestring import SafeString

REFUSES = {"web/refused.html", "web/parts/error_note.html"}


class Drawing:
    """Draws every page, and what refuses once for each reader: it is the same page everywhere.

    After that only its sentence is left of it.
    """

    def __init__(self) -> None:
        self.who = 0  # the reader's place in the cast
        self.drawn: set[tuple[object, str]] = set()
        self.draw = loader.render_to_string

    def __call__(self, template: Any, context: Any = None, *values: Any, **named: Any) -> str:
        if template in REFUSES and not self.first(self.who, template):
            return SafeString(context["sentence"])
        return self.draw(template, context, *values, **named)

    def first(self, whose: object, template: Any) -> bool:
        """Say whether this is drawn for the first time; from now on it is not."""
        key = (whose, str(template))
        seen = key in self.drawn
        self.drawn.add(key)
        return not seen


class SparingDrawing(Drawing):
    """Draws each page of a row for its first reader, and for one in four after that.

    What a view reads and decides runs for everybody; to draw the same page forty times would
    take a third of the walk. Which of the later readers see it drawn turns from row to row.
    """

    row = 0

    def __call__(self, template: Any, context: Any = None, *values: Any, **named: Any) -> str:
        later = template not in REFUSES and not self.first(f"row {self.row}", template)
        if later and (self.row + self.who) % 4:
            return SafeString()
        return super().__call__(template, context, *values, **named)


@contextmanager
def drawn_by(hand: Drawing) -> Iterator[Drawing]:
    """Stand between every view and its templates."""
    with mock.patch.object(loader, "render_to_string", hand):
        yield hand
