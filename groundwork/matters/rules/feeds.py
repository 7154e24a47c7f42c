"""What the open data of the board say of a matter, in this order."""

from __future__ import annotations

COLUMNS = (
    "id",
    "receipt",
    "url",
    "text",
    "category",
    "category_name",
    "kind",
    "door",
    "district",
    "township",
    "place",
    "place_code",
    "raised_at",
    "lead",
    "state",
    "state_since",
    "due_at",
    "answered_at",
    "answer",
    "confirmed_by_raiser",
    "reopened",
    "redo_count",
    "closed_at",
)


def safe_cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
