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
from groundwork.campaigns.models.inquiry import (
    Clip,
    Episode,
    EpisodeItem,
    ItemStep,
    Juror,
    JuryVote,
    Revisit,
    Season,
)
from groundwork.campaigns.models.project import Milestone, Posting, Project, ProjectNote

__all__ = [
    "Alliance",
    "Clip",
    "Entry",
    "Episode",
    "EpisodeItem",
    "ItemStep",
    "Juror",
    "JuryVote",
    "Link",
    "Member",
    "Milestone",
    "Pair",
    "Posting",
    "Project",
    "ProjectNote",
    "Revisit",
    "Season",
    "SupplyKind",
    "SupplyUnit",
]
