"""The figures of the television inquiry and of the discussion, a row each for the catalogue.

A problem counts once, in the evening that asked it first; what its raiser says of it is the
ledger's. Nothing here is counted of a person, and of a unit only what it was asked.
"""

from __future__ import annotations

from groundwork.base.errors import N_
from groundwork.figures.rules.kinds import Counted, Distinct, Kind, PartOf, Records, ShareOf

_ASKED = Records("campaigns.item", "aired")
_PROBLEMS = _ASKED.only("first")
_TOLD = Records("campaigns.told", "aired")
_HEARD = _TOLD.only("satisfied_said")
_SAID = Records("campaigns.word", "said")
_IDEAS = _SAID.only("suggestion")
_FOUND = Records("campaigns.finding", "found")

# Who spoke up is never said of one unit: nobody shall be told to.
NO_BODY = frozenset({"campaigns.said", "campaigns.taken_up"})

# key, title, definition, unit, kind
ROWS: tuple[tuple[str, str, str, str, Kind], ...] = (
    (
        "campaigns.evenings", N_("播出的问政"),
        N_("本时段播出、至少问到一个问题的问政，一期计一次。"),
        N_("期"), Distinct(_ASKED, "evenings"),
    ),
    (
        "campaigns.problems", N_("问政问到的问题"),
        N_("本时段播出的问政第一次问到的问题；一个问题就是台账里的一件诉求，以后各期再问不再计。"),
        N_("个"), Counted(_PROBLEMS),
    ),
    (
        "campaigns.units", N_("问政问到的单位"),
        N_("本时段播出的问政里被问到的不同的单位，问几次都计一家。"),
        N_("家"), Distinct(_ASKED, "units"),
    ),
    (
        "campaigns.solved", N_("问政问题解决率"),
        N_("本时段播出的问政第一次问到的问题里，到现在由提出人自己确认解决的。"),
        "", PartOf(_PROBLEMS.only("solved"), _PROBLEMS),
    ),
    (
        "campaigns.satisfied", N_("问政问题满意率"),
        N_("本时段问政第一次问到、已经答复的问题，说了满不满意的提出人里，说“满意”的。"),
        "", ShareOf(_HEARD.only("satisfied_yes"), _HEARD, _TOLD),
    ),
    (
        "campaigns.said", N_("大讨论的发言和建议"),
        N_("本时段说的、已经展示或者转办的发言、意见建议和好做法，个人说的和单位说的都算。"),
        N_("条"), Counted(_SAID),
    ),
    (
        "campaigns.taken_up", N_("转办的意见建议"),
        N_("本时段提的、已经展示或者转办的意见建议里，转成诉求去办的。"),
        "", PartOf(_IDEAS.only("taken_up"), _IDEAS),
    ),
    (
        "campaigns.findings", N_("对照检查找到的问题"),
        N_("本时段各单位在对照检查里找到、记进台账的问题。"),
        N_("个"), Counted(_FOUND),
    ),
    (
        "campaigns.put_right", N_("整改到位率"),
        N_("本时段找到的问题里，到现在由别人核对过、整改到位的。"),
        "", PartOf(_FOUND.only("put_right"), _FOUND),
    ),
    (
        "campaigns.came_back", N_("退回再改的"),
        N_("本时段找到的问题里，核对时没有到位或者后来又出现，重新整改过的。"),
        "", PartOf(_FOUND.only("came_back"), _FOUND),
    ),
)  # fmt: skip
