"""Duty's tables: the order, what is needed, who can, the plan, the gate."""

from groundwork.duty.models.gate import (
    Alarm,
    GateNotice,
    GatePhone,
    HandOver,
    LogEntry,
    Pause,
    Reveal,
)
from groundwork.duty.models.need import Closure, Gate, Need, Shift
from groundwork.duty.models.order import Order, OrderBranch, OrderStep
from groundwork.duty.models.post import PlanRun, Post, PostStep, Swap, Thanks
from groundwork.duty.models.supply import UnitPart, Volunteer

__all__ = [
    "Alarm",
    "Closure",
    "Gate",
    "GateNotice",
    "GatePhone",
    "HandOver",
    "LogEntry",
    "Need",
    "Order",
    "OrderBranch",
    "OrderStep",
    "Pause",
    "PlanRun",
    "Post",
    "PostStep",
    "Reveal",
    "Shift",
    "Swap",
    "Thanks",
    "UnitPart",
    "Volunteer",
]
