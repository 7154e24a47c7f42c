"""When a slot that fell empty is offered round, and when somebody near must hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

SOON = timedelta(hours=72)
"""A slot that falls empty is offered round when its shift is so near."""
PRESSING = timedelta(hours=3)
"""So near its start an empty slot is told to the shift's lead and to who keeps the gate."""
ASKED = 6
"""So many people hear of it at once."""
MOST = 30
"""So many hear of one slot in all."""
EVERY = timedelta(minutes=15)
"""Nobody new is asked sooner than so long after those before."""


def pause_before(left: timedelta) -> timedelta:
    """Say how long those who were asked have before others are, by how near the shift is."""
    if left <= PRESSING:
        return EVERY
    return timedelta(hours=1) if left <= timedelta(hours=12) else timedelta(hours=6)


def due(starts_at: datetime, offered_at: datetime | None, at: datetime) -> bool:
    """Tell whether an empty slot is to be offered to the next few."""
    left = starts_at - at
    if not timedelta() < left <= SOON:
        return False
    return offered_at is None or at - offered_at >= pause_before(left)
