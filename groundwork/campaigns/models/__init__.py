"""Tables of the area, one module per subject."""

from groundwork.campaigns.models.alliance import (
    Alliance,
    Entry,
    Link,
    Member,
    Pair,
    SupplyKind,
    SupplyUnit,
)

__all__ = [
    "Alliance",
    "Entry",
    "Link",
    "Member",
    "Pair",
    "SupplyKind",
    "SupplyUnit",
]
