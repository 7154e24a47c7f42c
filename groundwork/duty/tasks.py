"""What the worker does for the area."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.duty.actions.lapse import forget_supply, lapse_orders


@schedule.every(timedelta(minutes=1))
def lapse() -> None:
    """End orders whose time is over; destroy the keys and erase the logs of those that ended."""
    lapse_orders()


@schedule.every(timedelta(hours=6))
def forget() -> None:
    """Erase what people said of their time, long after the order's end."""
    forget_supply()
