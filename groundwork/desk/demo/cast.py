"""The demo city's cast: who may be tried out, where they stand, as what.

Names are fixed so that a guide, a screenshot and a colleague at the telephone mean the same person.
"""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.actor import Role

RSJ = "宁波市人力资源和社会保障局"
ORG = "中共宁波市委组织部"
DRC = "宁波市发展和改革委员会"
MZJ = "海曙区民政局"
HS_ORG = "海曙区委组织部"
STREET = "鼓楼街道办事处"
YUEHU = "月湖街道办事处"
YZ_WATER = "鄞州区水利局"
PETITIONS = "宁波市信访局"
HS_ENFORCEMENT = "海曙区综合行政执法局"
HOME = "330203005001"  # 苍水社区
LEADS_AT = "330203004001"  # 太阳社区


@dataclass(frozen=True)
class Part:
    """One of the cast. `at` is "unit", "branch", or the code or name of a place or body."""

    key: str
    name: str
    unit: str
    role: Role | None = None
    at: str = "unit"
    home: str = ""
    party_member: bool = True


CAST: tuple[Part, ...] = (
    Part("staff", "叶坤", RSJ, home=HOME),
    Part("unit-secretary", "周国平", RSJ, Role.UNIT_SECRETARY),
    Part("clerk", "乐小敏", RSJ, Role.CLERK, party_member=False),
    Part("branch-secretary", "励志刚", RSJ, Role.BRANCH_SECRETARY, "branch"),
    Part("city-operator", "陆明远", ORG, Role.CITY_OPERATOR, "3302"),
    Part("district-operator", "史佳慧", HS_ORG, Role.DISTRICT_OPERATOR, "330203"),
    Part("other-secretary", "俞海燕", MZJ, Role.UNIT_SECRETARY),
    Part("community-secretary", "竺春华", STREET, Role.COMMUNITY_SECRETARY, HOME),
    Part("dispatcher", "裘爱芬", PETITIONS, Role.DISPATCHER, "3302"),
    Part("unit-handler", "柴志刚", HS_ENFORCEMENT, Role.HANDLER),
    Part("handler", "鲍立新", DRC, Role.HANDLER),
    Part("gate-lead", "单晓芸", YUEHU, Role.GATE_LEAD, "330203004", home=LEADS_AT),
    Part("auditor", "邬正清", ORG, Role.AUDITOR, "3302"),
    Part("tv-editor", "应思齐", ORG, Role.TV_EDITOR, "3302"),
    Part("juror", "忻文娟", YZ_WATER, Role.JUROR, "3302"),
    Part("speaker", "毛建军", DRC, Role.SPEAKER, "3302"),
)
ENTERPRISE = "enterprise"  # an account without a person, at the first enterprise of the directory
