"""How long duty keeps what: one table, read by the worker and shown with each order."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.errors import N_


@dataclass(frozen=True)
class Rule:
    """What of which kind goes so many days after the order's end, and what stays."""

    code: str
    kind: str  # of `base.retention`
    days: int
    what: str
    stays: str


LOG = Rule(
    "duty.log",
    "duty.log",
    0,
    N_("卡口登记的每一条，和解开它的密钥"),
    N_("一行登记：抹除了多少条、何时、哪份启动令。"),
)
SUPPLY = Rule(
    "duty.supply",
    "duty.supply",
    90,
    N_("各人填的可用时间、次数上限和特长"),
    N_("被召集过；站过的班次。"),
)
GATE = Rule(
    "duty.gate",
    "duty.gate",
    90,
    N_("交接时写的话、告警怎么处理的、谁何时离岗"),
    N_("哪个卡口、何时交接过、告过警。"),
)
RULES: tuple[Rule, ...] = (LOG, SUPPLY, GATE)
AT_ONCE = 20_000
"""Entries of a log erased in one transaction: about a second, so that nobody waits for long."""
