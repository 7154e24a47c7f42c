"""The privacy notice: what is kept about people, one entry per kind of record.

A test walks the tables: whatever points at a person or an account belongs to one entry here, so
nothing can be kept that this page does not name.
"""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.base.retention import days
from groundwork.desk.privacy.campaigns import CAMPAIGN_KINDS
from groundwork.desk.privacy.kind import RecordKind
from groundwork.duty.rules.retention import GATE, SUPPLY
from groundwork.figures.rules.retention import HANDS
from groundwork.live.rules.retention import RULES as LIVE_RULES
from groundwork.service.rules.retention import RULES
from groundwork.study.rules.retention import QUESTIONS
from groundwork.voices.rules.retention import RULES as VOICES_RULES

VOICES = {
    rule.code.removeprefix("voices."): str(days(rule.code, rule.days)) for rule in VOICES_RULES
}
KEPT_DAYS = {rule.code.removeprefix("service."): str(days(rule.code, rule.days)) for rule in RULES}
LIVE_DAYS = {
    rule.code.removeprefix("live."): str(days(rule.code, rule.days)) for rule in LIVE_RULES
}


KINDS: tuple[RecordKind, ...] = (
    RecordKind(
        _("人员名册"),
        _(
            "姓名、工号、单位、处（科）室、党支部、编制情况、是否党员、居住社区、手机号。没有身份证号。"
        ),
        _("知道谁在哪里工作、谁应到会、到哪个社区报到；手机号用于单位联系本人。"),
        _(
            "本人；本单位书记、内勤和所在支部书记；上级区县和市级管理员；审核员；"
            "居住社区书记只看本社区的人。手机号在列表里打码，每查看一次都留痕。"
        ),
        _("在册期间。调动、退休后保留任职经历，供核对旧名册；本人可以要求更正或删除。"),
        ("registry.Person", "registry.Membership"),
    ),
    RecordKind(
        _("导入的表格"),
        _("单位上传的人员表格、核对出的问题行，以及撤销导入所需的旧值。"),
        _("逐行核对、退回改错、整批撤销。"),
        _("上传的人和该单位的名册管理人。"),
        _("三十天内可以撤销；之后表格、问题行和旧值一并清除，只留批次的数目。"),
        ("registry.ImportBatch", "registry.ImportProblem", "base.Attachment"),
    ),
    RecordKind(
        _("账号和身份"),
        _(
            "登录名、密码的摘要、首次登录纸条的摘要、邮箱（自愿填写）、所任角色及起止、已登录的设备，"
            "以及输错密码或口令的次数（防止有人猜）。"
        ),
        _("确认是本人，并且只看到职责以内的内容。"),
        _("本人；有权任命该角色的管理员只看到角色和账号是否启用。"),
        _("账号存续期间；用过的纸条一年，输错的记录三十天。密码和纸条只存摘要，谁也读不出原文。"),
        (
            "access.Account",
            "access.Grant",
            "access.Slip",
            "access.FeedKey",
            "access.ApiToken",
            "study.CodeGuess",
            "axes.AccessAttempt",
            "axes.AccessFailureLog",
            "axes.AccessLog",
            "account.EmailAddress",
            "mfa.Authenticator",
            "usersessions.UserSession",
            "socialaccount.SocialAccount",
        ),
    ),
    RecordKind(
        _("夜学名册"),
        _(
            "某一场夜学是否参加、以何种方式；请假和缺席的类别；书记的更正及理由。"
            "不记时长，不打分，不排名。"
        ),
        _("一份名册记一次，单位和市里不再另外报数；本人可以打印学习记录。"),
        _("本人；本单位书记、内勤和支部书记；上级管理员从覆盖情况打开名册时可以看到。"),
        _("学习记录归本人；单位名册按干部教育培训档案的期限保存。"),
        (
            "study.RollEntry",
            "study.RollConfirmation",
            "study.RollCorrection",
            "study.Leave",
            "study.Absence",
            "study.EveningSpeaker",
        ),
    ),
    RecordKind(
        _("谁提的诉求"),
        _("您愿意留下的姓名、电话、邮箱，所代表的企业，私密链接的摘要；登录后提的，还有账号。"),
        _("答复您、回访您；不留也可以提，凭回执号和私密链接查看。"),
        _(
            "受理派单员；您没有要求保密时，还有承办单位的经办人。要求保密的，承办和协办单位"
            "哪里都查不到。回访员和核查员查看电话，每次留痕。"
        ),
        _("办结后 180 天清除姓名、电话、邮箱，两年后连同账号和链接；您自己随时可以更正或删除。"),
        ("matters.Raiser",),
    ),
    RecordKind(
        _("诉求和办理经过"),
        _(
            "诉求的文字和照片，谁在什么时候以什么身份受理、派单、答复、申请延期；"
            "电话回访由谁打的，抽样核查由谁查的。"
        ),
        _("把事办成，并且说得清是怎么办的。"),
        _("受理和承办的人看全部；公示栏只有派单员写的公开文字，没有姓名、电话和门牌。"),
        _(
            "照片和文件办结后一年，不予受理或撤回的文字九十天，回访任务一年，评价里的话两年；"
            "其余是城市的办事记录，长期保存。"
        ),
        (
            "matters.Matter",
            "matters.Step",
            "matters.CallTask",
            "matters.Sample",
            "matters.SampleItem",
            "matters.Term",
        ),
    ),
    RecordKind(
        _("走访、联系点、巡查和征询"),
        _(
            "谁在哪一天走访、值守、巡查了哪里，带去了什么，发现了哪些问题；征询的回复。不记轨迹，不拍本人。"
        ),
        _("走访发现的问题有人接着办；不计次数排名。"),
        _("本人；所在单位的书记和内勤；所到社区的书记；征询的回复由发起单位看。"),
        format_lazy(
            _(
                "走访满 {visits} 天、巡查满 {patrols} 天，清除谁去的和备注；"
                "征询截止 {rounds} 天后，清除回复和点到的名字；没有补好的走访 {held} 天后删除。"
                "单位、地点、日期和由此提出的诉求长期保存；本人可以要求更正或删除。"
            ),
            **KEPT_DAYS,
        ),
        (
            "service.Visit",
            "service.Visitor",
            "service.HeldVisit",
            "service.SquadMember",
            "service.AreaKeeper",
            "service.Patrol",
            "service.RoundInvite",
            "service.RoundReply",
        ),
    ),
    RecordKind(
        _("社区报到和服务时数"),
        _(
            "向哪个社区报到、从哪天起、社区的答复；报了社区的哪件事，社区确认的起止时间；"
            "原来志愿服务系统导入的日期、项目和时长。没来不记，不排名。"
        ),
        _("社区知道谁住在这里、能帮什么；本人有一份服务记录。"),
        _("本人；所在社区书记看报到和本社区的报名。整份服务记录只有本人看得到。"),
        format_lazy(
            _(
                "报到有结果后 {registrations} 天清除，居住社区留在名册；没有用上的报名 {takings} 天"
                "后清除；确认过的服务归本人，长期保存。"
            ),
            registrations=VOICES["registrations"],
            takings=VOICES["takings"],
        ),
        ("voices.Registration", "voices.Taking", "voices.Deed"),
    ),
    RecordKind(
        _("点赞和拍砖"),
        _(
            "社区书记署名写的一件事和理由；本人的说明；单位和上级的认定、理由，申诉、更正。"
            "只有文字，没有计数、平均和排名。"
        ),
        _("社区看到的，本人先知道、能说话，单位一并听两边。"),
        _("本人和写的社区；本人说明或期满后，本单位书记；申诉以后，上一级管理员。"),
        format_lazy(
            _("写下一年到期，到期后 {marks} 天连同文字和姓名清除。"), marks=VOICES["marks"]
        ),
        ("voices.Mark", "voices.MarkStep"),
    ),
    RecordKind(
        _("问卷"),
        _(
            "请了谁来答；记名的问卷，答了什么、哪一天。不记名的问卷，回答单独存放，没有时间，没有姓名，"
            "截止时打乱重排，能对上“谁答过”的密钥一并销毁。"
        ),
        _("问卷自己写明的依据和事由；自愿回答。"),
        _("发起的单位；公布以后，谁都能看占多少，不到五个人的不显示。"),
        _("请了谁，截止就清除；记名的回答两年后去掉姓名。"),
        ("voices.Seat", "voices.Signed"),
    ),
    RecordKind(
        _("社区活动"),
        _(
            "社区开着活动的时候：本人点过没有、哪一天，自愿加的照片（已去掉时间、地点和机型）；"
            "社区看过的点位，不写哪一户。"
        ),
        _("活动自己写明的依据和事由。"),
        _("本人；本社区书记。"),
        _("活动一结束就全部清除，只留有多少和清除凭据。"),
        ("voices.Statement",),
    ),
    *CAMPAIGN_KINDS,
    RecordKind(
        _("夜学录像"),
        _(
            "直播和上传的录像、字幕里宣讲员的形象和声音；谁生成了推流密钥。推流的设备和地址不记，"
            "谁看了也不记。"
        ),
        _("没能到场的人补学；出了故障能通知到主办的人。"),
        _("公开的夜学任何人；其他的登录后的人；主办单位可以剪去头尾或撤下。"),
        format_lazy(
            _(
                "录像和字幕 {recordings} 天后删除；谁生成了密钥 {keeper} 天后清除；"
                "主办单位可以提前撤下。"
            ),
            **LIVE_DAYS,
        ),
        ("live.Stream", "live.Recording"),
    ),
    RecordKind(
        _("应急值守"),
        _(
            "启动令期间：本人说的可用时间、一周次数上限和特长，是否留岗；排到哪些班、答复、到岗离岗、"
            "换班和确认过的时数；谁下令、排班、当临时支部书记或社区联系人。不问不能参加的原因，"
            "不统计个人缺勤。"
        ),
        _("把班排公平、排得近；有人来不了时找得到人；给站过班的人一份证明。"),
        _("本人；同班的人和带班；卡口所在社区；本单位书记和内勤；启动令范围的管理员。"),
        format_lazy(
            _("可用时间、次数和特长在启动令结束 {supply} 天后清除；站过的班和时数长期保存。"),
            supply=str(days(SUPPLY.code, SUPPLY.days)),
        ),
        (
            "duty.Volunteer",
            "duty.UnitPart",
            "duty.Post",
            "duty.PostStep",
            "duty.Swap",
            "duty.PlanRun",
            "duty.OrderStep",
            "duty.OrderBranch",
            "duty.GateContact",
            "duty.GateNotice",
        ),
    ),
    RecordKind(
        _("卡口登记"),
        _(
            "只在启动令开放登记时：来访人姓名或车牌、去哪个社区、时间、体温是否正常。"
            "本小区居民不记名。没有身份证号、电话、照片和行踪。"
        ),
        _("启动令写明的事由，卡口贴的告知书上也写着。"),
        _("卡口所在社区和上级管理员，须写明理由，每次查看都留痕。"),
        format_lazy(
            _(
                "启动令一结束，密钥销毁，登记全部抹除，备份里的也不能再读；只留抹除了多少条，和谁因为什么看过。"
                "交接时写的话、告警怎么处理的、谁何时离岗，启动令结束 {gate} 天后清除。"
            ),
            gate=str(days(GATE.code, GATE.days)),
        ),
        (
            "duty.LogEntry",
            "duty.Reveal",
            "duty.GatePhone",
            "duty.Alarm",
            "duty.HandOver",
            "duty.Pause",
        ),
    ),
    RecordKind(
        _("在线会场的提问"),
        _("问题的文字和时间。不记是谁问的，身份证号和银行卡号自动打码。"),
        _("请宣讲员当场回答大家关心的事。"),
        _("主持人看全部；上了宣讲员屏幕的，会场里的人都看得到。"),
        format_lazy(
            _("没有回答的，{questions} 天后清除文字；回答过的随那一场夜学保存。"),
            questions=str(days(QUESTIONS.code, QUESTIONS.days)),
        ),
        ("study.HallQuestion",),
    ),
    RecordKind(
        _("自测"),
        _("不留记录：答案当场核对，不保存，也不统计到个人或单位。"),
        _("供本人自愿检验学习收获。"),
        _("没有人。"),
        _("不保存。"),
        (),
    ),
    RecordKind(
        _("通知和提醒"),
        _("发给本人的通知原文、是否已读，以及邮件和免打扰设置。"),
        _("把该知道的事送到本人，并且不打扰休息。"),
        _("只有本人。"),
        _("两年；邮件和免打扰设置到您改掉为止。"),
        ("access.Notice", "access.NoticeSettings"),
    ),
    RecordKind(
        _("对软件的意见"),
        _("意见的内容、从哪一页提出、谁提的，以及答复。"),
        _("改进软件。"),
        _("本人和市级管理员。"),
        _("答复以后两年。"),
        ("access.Remark",),
    ),
    RecordKind(
        _("简报、纪要和函"),
        _("哪一份文稿由谁起草、送核、核对、发布、更正，各在什么时候。"),
        _("数写错了，知道该问谁。"),
        _("起草和核对这个地方文稿的人；文稿本身公开的，谁都能看，不署经办人。"),
        format_lazy(
            _("发布 {hands} 天后清除是谁经手的；文稿和里面冻结的数长期保存。"),
            hands=str(days(HANDS.code, HANDS.days)),
        ),
        ("figures.BriefingStep",),
    ),
    RecordKind(
        _("操作留痕"),
        _(
            "哪个账号、以什么身份、什么时候、对哪一条记录、改了哪些字段。只记编号和字段名，不记内容。"
        ),
        _("任何一次改动和敏感查看都查得到；留痕首尾相连，删改会被发现。"),
        _("审核员、市级和区县管理员各看管辖范围内的；本人看自己的。"),
        _("长期。其中没有个人信息的内容，删除个人记录不影响核验。"),
        ("base.TrailEntry",),
    ),
    RecordKind(
        _("填表用时"),
        _("每张表从打开到提交用了多久，只记日期，不记是谁。"),
        _("统计填表负担，为基层减负。"),
        _("人人可看合计。"),
        _("长期，没有个人信息。"),
        (),
    ),
)
