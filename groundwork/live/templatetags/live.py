"""The player and the curve, as tags for the pages of areas above."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django import template

from groundwork.base.chart import Chart, Mark
from groundwork.live.models import Stream
from groundwork.live.queries.playing import Playing
from groundwork.web.templatetags.web import chart

register = template.Library()
VENDOR = Path(__file__).resolve().parents[1] / "static" / "live" / "vendor"


@cache
def integrity() -> str:
    """Give the digest by which the browser judges the player's library."""
    kept = json.loads((VENDOR / "vendored.json").read_text(encoding="utf-8"))
    return str(kept["hls.light.min.js"]["integrity"])


@register.inclusion_tag("live/player.html")
def player(stream: Stream, playing: Playing, face: str) -> dict[str, Any]:
    """Show the player of a stream; `face` is what the page says of it now.

    The library is named, not loaded: only a browser without HLS of its own fetches it, on play.
    """
    return {"stream": stream, "playing": playing, "face": face, "integrity": integrity()}


@register.inclusion_tag("web/parts/chart.html")
def curve_chart(points: Sequence[tuple[str, int]], title: str) -> dict[str, Any]:
    """Draw viewers by the minute: (time, number) in the order of time.

    The numbers stand in a table that the page lays beside it.
    """
    return chart(Chart(title, [Mark(time, n) for time, n in points]))
