"""The player and the curve, as tags for the pages of areas above."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from groundwork.live.models import Stream
from groundwork.live.queries.playing import Playing

register = template.Library()
VENDOR = Path(__file__).resolve().parents[1] / "static" / "live" / "vendor"
WIDTH, HEIGHT, LEFT, FOOT = 720, 240, 64, 28  # of the drawing, in its own units


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


@register.simple_tag
def curve_chart(points: Sequence[tuple[str, int]], title: str) -> SafeString:
    """Draw viewers by the minute as one SVG made here: (time, number) in the order of time.

    The numbers stand in a table beside it; the drawing has only the highest and the first and
    last time, so that it is read from afar.
    """
    if len(points) < 2:
        return SafeString("")
    top = max(1, *(n for _time, n in points))
    last = len(points) - 1

    def place(i: int, n: int) -> tuple[str, str]:
        x = LEFT + (WIDTH - LEFT - 8) * i / last
        y = 12 + (HEIGHT - FOOT - 12) * (1 - n / top)
        return f"{x:.1f}", f"{y:.1f}"

    line = format_html_join(" ", "{},{}", (place(i, n) for i, (_time, n) in enumerate(points)))
    floor = HEIGHT - FOOT
    return format_html(
        '<svg class="curve" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">'
        '<line class="axis" x1="{left}" x2="{w}" y1="{floor}" y2="{floor}"></line>'
        '<line class="axis faint" x1="{left}" x2="{w}" y1="12" y2="12"></line>'
        '<polygon class="area" points="{left},{floor} {line} {right},{floor}"></polygon>'
        '<polyline class="line" points="{line}"></polyline>'
        '<text x="{near}" y="17" text-anchor="end">{top}</text>'
        '<text x="{near}" y="{floor}" text-anchor="end">0</text>'
        '<text x="{left}" y="{foot}">{first}</text>'
        '<text x="{right}" y="{foot}" text-anchor="end">{end}</text></svg>',
        w=WIDTH, h=HEIGHT, left=LEFT, right=WIDTH - 8, near=LEFT - 8, floor=floor,
        foot=HEIGHT - 6, title=title, line=line, top=f"{top:,}", first=points[0][0],
        end=points[-1][0],
    )  # fmt: skip
