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
from groundwork.campaigns.models.discussion import (
    Adoption,
    Campaign,
    Contribution,
    Gathering,
    Phase,
    PhaseTask,
    Question,
    TaskReport,
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
from groundwork.campaigns.models.rectify import Finding, FindingCheck

__all__ = [
    "Adoption",
    "Alliance",
    "Campaign",
    "Clip",
    "Contribution",
    "Entry",
    "Episode",
    "EpisodeItem",
    "Finding",
    "FindingCheck",
    "Gathering",
    "ItemStep",
    "Juror",
    "JuryVote",
    "Link",
    "Member",
    "Milestone",
    "Pair",
    "Phase",
    "PhaseTask",
    "Posting",
    "Project",
    "ProjectNote",
    "Question",
    "Revisit",
    "Season",
    "SupplyKind",
    "SupplyUnit",
    "TaskReport",
]
