"""How a number is written where no page's tag writes it: a document, a sheet, a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from groundwork.base.numbers import Count, Median, Number, Rate, Ratio, Share


def shown(number: Number) -> str:
    """Write a number alone: 37,168 · 96.8% · 0.998 · 3 / 4 where the whole is under five."""
    if isinstance(number, Count):
        return f"{number.n:,}" + ("+" if number.capped else "")
    return number.shown


def basis(number: Number) -> str:
    """Write what a share, a ratio or a median is made of: 300 / 310; nothing for a count."""
    if isinstance(number, Rate):
        return f"{number.part:,} / {number.whole:,}"
    if isinstance(number, Ratio):
        return f"{number.number:,} ÷ {number.per:,}"
    if isinstance(number, Share):
        reply = "" if number.percent is None else f"，答复率{number.reply.shown}"
        return f"{number.yes:,} / {number.said:,}{reply}"
    if isinstance(number, Median):
        return f"n = {number.n:,}"
    return ""


def whole(number: Number) -> str:
    """Write a number with what it is made of: 96.8%（300 / 310）."""
    made = basis(number)
    alone = shown(number)
    return alone if made in ("", alone) else f"{alone}（{made}）"


def plain(number: Number) -> dict[str, Any]:
    """Write a number as plain data: its kind and its parts, so that two can be compared."""
    return {"kind": type(number).__name__.lower(), **asdict(number)}


def read(said: dict[str, Any]) -> Number:
    """Read a number that was kept as plain data."""
    parts = dict(said)
    return _KINDS[parts.pop("kind")](**parts)


def told(said: dict[str, Any], *, with_parts: bool = False) -> str:
    """Write a number that was kept as plain data, as it stood."""
    number = read(said)
    return whole(number) if with_parts else shown(number)


_KINDS: dict[str, Callable[..., Number]] = {
    "count": Count, "rate": Rate, "ratio": Ratio, "share": Share, "median": Median,
}  # fmt: skip
