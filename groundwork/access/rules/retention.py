"""How long what is kept; the privacy notice says the same in words."""

from __future__ import annotations

from datetime import timedelta

KEPT = {
    "notice": timedelta(days=730),
    "remark": timedelta(days=730),  # after its answer
    "slip": timedelta(days=365),  # after its use or end
    "attempt": timedelta(days=30),  # failed sign-ins
}
