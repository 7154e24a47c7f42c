"""The columns of the spreadsheets: what they are called, and what else clerks call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundwork.base.errors import N_
from groundwork.base.text import tight

# Raise a number when a column is renamed or removed: older templates are then refused by name.
TEMPLATE_VERSIONS = {"people": 1, "bodies": 1, "places": 1}
REASON_TITLE = "不能写入的原因"  # added to the sheet that goes back; ignored when it comes again
SAMPLE_MARK = "示例"  # the template's sample row begins with it and is never read


@dataclass(frozen=True)
class Column:
    """One column: its key, its title in the template, its synonyms, its help."""

    key: str
    title: str
    help: str
    required: bool = False
    synonyms: str = ""  # separated by spaces
    width: int = 14
    sample: str = ""


PEOPLE = (
    Column(
        "name",
        N_("姓名"),
        "必填。",
        required=True,
        synonyms="名字 人员姓名 干部姓名 name",
        width=12,
        sample="示例：张三",
    ),
    Column(
        "work_number",
        N_("工号"),
        "必填，全市唯一，按它认人。不要填身份证号。",
        required=True,
        synonyms="人员编号 员工编号 工作证号 职工号 干部编号 编号 worknumber staffnumber",
        width=14,
        sample="R1001",
    ),
    Column(
        "unit",
        N_("单位"),
        "必填。全称、简称、别名或代码都可以，也可以从下拉框选。",
        required=True,
        synonyms="所在单位 工作单位 单位名称 所属单位 现单位 unit",
        width=30,
    ),
    Column(
        "office",
        N_("处（科）室"),
        "选填。填“无”表示清空，不填表示不改。",
        synonyms="处室 科室 部门 所在处室 所在科室 内设机构 处科室 office",
        width=18,
        sample="办公室",
    ),
    Column(
        "branch",
        N_("党支部"),
        "选填。填“无”表示清空，不填表示不改。",
        synonyms="支部 所在支部 所在党支部 党支部名称 branch",
        width=20,
    ),
    Column(
        "status",
        N_("人员身份"),
        "选填，新人不填按“在编”。在编、编外聘用、借调在此、挂职在外、退休、调出。",
        synonyms="身份 人员类别 编制 编制情况 编制类型 在岗状态 人员状态 状态 status",
        width=12,
        sample="在编",
    ),
    Column(
        "party_member",
        N_("党员"),
        "选填：是 或 否，也可以填政治面貌。",
        synonyms="是否党员 中共党员 政治面貌 是否中共党员 partymember",
        width=8,
        sample="是",
    ),
    Column(
        "home_community",
        N_("居住社区"),
        "选填。重名的请带上街道，如“首南街道某某社区”；填“无”表示清空。",
        synonyms="报到社区 所在社区 居住地社区 社区 居住地 在职报到社区 homecommunity",
        width=26,
    ),
    Column(
        "phone",
        N_("手机"),
        "选填。列表里只显示前三位和后四位。",
        synonyms="手机号 手机号码 联系电话 电话 电话号码 移动电话 联系方式 phone mobile",
        width=14,
        sample="13805740000",
    ),
    Column(
        "since",
        N_("到本单位日期"),
        "选填，如 2024-3-1。不填按导入当天。",
        synonyms="到岗日期 到岗时间 调入时间 调入日期 入职日期 入职时间 起始日期 since",
        width=14,
        sample="2024-03-01",
    ),
    Column(
        "sort_key",
        N_("排序拼音"),
        "选填。多音字姓氏可在这里改正，如 shan4 ming2。",
        synonyms="拼音 姓名拼音 pinyin",
        width=16,
    ),
)

BODIES = (
    Column(
        "code",
        N_("代码"),
        "必填，全市唯一，按它认机构。",
        required=True,
        synonyms="机构代码 单位代码 编码 code",
        width=16,
        sample="示例：NB-01",
    ),
    Column(
        "name",
        N_("名称"),
        "必填，写全称。",
        required=True,
        synonyms="机构名称 单位名称 全称 单位 name",
        width=34,
        sample="宁波市某某局",
    ),
    Column(
        "short_name",
        N_("简称"),
        "选填，页面上显示简称。",
        synonyms="机构简称 单位简称 shortname",
        width=18,
        sample="市某某局",
    ),
    Column(
        "kind",
        N_("类别"),
        "必填：单位、党组织、党支部、处（科）室、企业、园区、临时党支部、党员工作室。",
        required=True,
        synonyms="机构类别 机构类型 类型 kind",
        width=14,
        sample="单位",
    ),
    Column(
        "parent",
        N_("上级代码"),
        "上级机构的代码、全称或简称；最上一级不填。",
        synonyms="上级 上级机构 上级单位 上级名称 主管单位 parent",
        width=20,
    ),
    Column(
        "place",
        N_("所在地"),
        "选填，区县、街道或社区的名称或代码。",
        synonyms="所在区域 所在区县 属地 地区 place",
        width=22,
    ),
    Column(
        "aliases",
        N_("别名"),
        "选填，用顿号分开。",
        synonyms="曾用名 又名 其他名称 aliases",
        width=24,
    ),
    Column(
        "outside",
        N_("市外机构"),
        "选填：是 或 否。",
        synonyms="是否市外 outside",
        width=10,
        sample="否",
    ),
)

PLACES = (
    Column(
        "code",
        N_("代码"),
        "市 4 位、区县 6 位、乡镇 9 位、社区 12 位。",
        required=True,
        synonyms="区划代码 统计用区划代码 code",
        width=16,
        sample="示例：330203001001",
    ),
    Column(
        "name",
        N_("名称"),
        "必填。",
        required=True,
        synonyms="区划名称 名字 name",
        width=26,
    ),
    Column(
        "level",
        N_("级别"),
        "市、区县（市）、乡镇（街道）、社区（村）。",
        required=True,
        synonyms="层级 level",
        width=14,
    ),
    Column(
        "parent_code",
        N_("上级代码"),
        "最上一级不填。",
        synonyms="父代码 parentcode",
        width=16,
    ),
)

COLUMNS: dict[str, tuple[Column, ...]] = {"people": PEOPLE, "bodies": BODIES, "places": PLACES}
_ODD = re.compile(r"[^\w\u3400-\u9fff]+")
_NOTE = re.compile(r"(?:必填|选填|\*)+")


def fold_title(text: str) -> str:
    """Fold a header cell: `* 姓 名（必填）` → 姓名."""
    folded = _ODD.sub("", _NOTE.sub("", tight(text))).lower()
    return folded.replace("_", "")


class Headers:
    """Recognise header cells of one kind of sheet."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._keys: dict[str, str] = {}
        for column in columns:
            for name in (column.title, column.key, *column.synonyms.split()):
                self._keys.setdefault(fold_title(name), column.key)

    def key_of(self, cell: object) -> str | None:
        """Tell which column a header cell names; None for none of ours."""
        return self._keys.get(fold_title(cell)) if isinstance(cell, str) and cell else None

    def places_in(self, row: Iterable[object]) -> dict[str, int]:
        """Map column keys to their places in a header row; the first of two wins."""
        places: dict[str, int] = {}
        for i, cell in enumerate(row):
            key = self.key_of(cell)
            if key is not None:
                places.setdefault(key, i)
        return places

    def missing(self, places: dict[str, int]) -> list[str]:
        """List the titles of required columns that are not there."""
        return [c.title for c in self.columns if c.required and c.key not in places]
