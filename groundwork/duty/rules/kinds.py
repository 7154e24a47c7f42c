"""What the kinds of a need ask for, and what a plan pays; `KINDS` in the solver's order."""

from __future__ import annotations

KINDS: tuple[str, ...] = ("lead", "general", "medical", "dialect", "driver")
SKILLS: tuple[str, ...] = ("medical", "dialect", "driver")
"""What a person may say of themselves; party membership is in the directory."""
ATTRIBUTES: tuple[str, ...] = ("party", "experienced", *SKILLS)
WANTS: dict[str, tuple[str, ...]] = {
    "lead": ("party", "experienced"),
    "general": (),
    "medical": ("medical",),
    "dialect": ("dialect",),
    "driver": ("driver",),
}
"""Any one of these attributes matches; an empty tuple is met by everybody."""

USUAL: dict[str, object] = {
    "unfilled": {"lead": 120, "general": 100, "medical": 110, "dialect": 105, "driver": 110},
    "mismatch": {"lead": 30, "general": 0, "medical": 40, "dialect": 15, "driver": 40},
    "travel": [0, 2, 6, -1],
    "week": [0, 1, 3, 6, 10],
    "unit": [[0.15, 2], [9.0, 5]],
}
"""The usual weights; an order may set its own."""

REST_MINUTES = 11 * 60
"""Between the end of a shift and the next one's start."""
OFFICE = (8 * 60 + 30, 17 * 60)
"""Office hours of a working day, in minutes of the day."""
TEMPLATES: tuple[tuple[str, str], ...] = (
    ("08:00", "12:00"),
    ("12:00", "17:00"),
    ("17:00", "22:00"),
)
"""Shifts a need usually asks for; any other hours may be typed."""
