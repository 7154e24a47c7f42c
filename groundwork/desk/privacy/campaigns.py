"""The entries of the privacy notice for what follows in public."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.base.retention import days
from groundwork.campaigns.rules.retention import RULES
from groundwork.desk.privacy.kind import RecordKind

CAMPAIGNS = {
    rule.code.removeprefix("campaigns."): str(days(rule.code, rule.days)) for rule in RULES
}

CAMPAIGN_KINDS: tuple[RecordKind, ...] = (
    RecordKind(
        _("产业联盟"),
        _("企业需要和能提供什么，由哪个账号写下。企业的事，不是个人的事。"),
        _("把上下游对接起来，没对上的转给单位办。"),
        _("牵头的党组织；企业自己只看得到自己的一边。"),
        format_lazy(
            _("所写的日子过去 {entries} 天后，清除是哪个账号写的。"),
            entries=CAMPAIGNS["entries"],
        ),
        ("campaigns.Entry",),
    ),
    RecordKind(
        _("电视问政"),
        _(
            "谁是哪一期的评议员；评议进行时每一题点的是满意还是不满意；"
            "由哪个账号登记问题、记下承诺、去回访。承诺只写职务，不写姓名。"
        ),
        _("让答应的事有人盯，办没办成有人再去看。"),
        _(
            "评议员点的什么没有人看得到，截止时计数后删除，只留人数；编导看得到谁是评议员；"
            "问题、承诺和回访播出以后谁都看得到，上面没有姓名。"
        ),
        format_lazy(
            _(
                "播出 {jurors} 天后，清除谁是评议员；最后一次办理 {hands} 天后，"
                "清除是哪个账号写的。"
            ),
            jurors=CAMPAIGNS["jurors"],
            hands=CAMPAIGNS["hands"],
        ),
        ("campaigns.Juror", "campaigns.JuryVote", "campaigns.ItemStep", "campaigns.Revisit"),
    ),
    RecordKind(
        _("结对帮扶和挂职"),
        _("谁被派到哪个项目、任什么、从哪天到哪天；由哪个账号写下一笔。当地人说的话不记是谁说的。"),
        _("让派出的人和接手的人知道做到了哪一步，结束时能写清楚。"),
        _("派出的人；本单位的同事；本单位和上级的书记、管理员、审计员。"),
        format_lazy(
            _("项目结束 {projects} 天后，清除姓名和账号；任务、日期和写下的事留着。"),
            projects=CAMPAIGNS["projects"],
        ),
        ("campaigns.Posting", "campaigns.ProjectNote"),
    ),
    RecordKind(
        _("责任大讨论和整改"),
        _(
            "谁说了什么、传了什么录音、署不署名，代表哪个单位；由哪个账号审核、报完成情况、照着做、去核对。"
            "整改问题的责任人记在诉求里。不统计谁说了多少。"
        ),
        _("让意见有答复，问题有人改、有人核对。"),
        _(
            "展示的发言同一范围的人都看得到，没署名的不显示是谁；没展示的只有本人和牵头单位看得到；"
            "整改问题本单位、牵头单位和审计员看得到。"
        ),
        format_lazy(
            _("大讨论结束 {discussions} 天后，清除姓名、账号和录音；写下的话和整改情况留着。"),
            discussions=CAMPAIGNS["discussions"],
        ),
        (
            "campaigns.Contribution",
            "campaigns.TaskReport",
            "campaigns.Adoption",
            "campaigns.FindingCheck",
        ),
    ),
)
