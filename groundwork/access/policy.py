"""Who may see and give roles, slips and notices."""

from __future__ import annotations
