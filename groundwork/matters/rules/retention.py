"""How long what is kept: one table, read by the worker and shown to everybody.

After the days, the record stays and what it said of a person is gone; a tombstone says how many,
when and by which of these rules. The days count from the matter's closing.
"""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.errors import N_


@dataclass(frozen=True)
class Rule:
    """What of which kind goes so many days after closing, and what stays."""

    code: str
    kind: str  # of `base.retention`
    days: int
    what: str
    stays: str


RULES: tuple[Rule, ...] = (
    Rule(
        "matters.contact",
        "matters.contact",
        180,
        N_("提出人的姓名、电话和邮箱"),
        N_("诉求本身；本人的私密链接仍能打开。"),
    ),
    Rule(
        "matters.raiser",
        "matters.raiser",
        730,
        N_("提出人与账号、人员、企业的联系，附议时补充的话，私密链接"),
        N_("有多少人提出。"),
    ),
    Rule(
        "matters.photos",
        "matters.file",
        365,
        N_("提出人交来的照片和文件"),
        N_("一行登记：大小和摘要。"),
    ),
    Rule(
        "matters.dropped",
        "matters.text",
        90,
        N_("不予受理或撤回的诉求的文字"),
        N_("回执号、类别、地点、日期和走过的步骤。"),
    ),
    Rule(
        "matters.calls",
        "matters.call",
        365,
        N_("回访任务：谁打的、打了几次"),
        N_("本人对三个问题的回答。"),
    ),
    Rule(
        "matters.verdicts",
        "matters.verdict",
        730,
        N_("评价里留的话"),
        N_("答复、解决、满意三个回答。"),
    ),
)
OWN = "own"  # the rule of what somebody erased who it was of
