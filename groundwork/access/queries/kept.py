"""What is kept of people, in the words of the privacy notice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Kind:
    """One kind of record: what, why, for how long, seen by whom."""

    what: str
    why: str
    kept: str
    seen: str


def kinds_kept() -> list[Kind]:
    """List the kinds of record, for the privacy notice."""
    return [
        Kind(
            _("登记卡：姓名、工号、单位、手机、居住社区"),
            _("知道谁在哪个单位，夜学、值守通知到人"),
            _("在岗期间；之后按人事档案规定"),
            _("本单位书记、内勤和上级管理员；手机号点开才显示，点开留痕"),
        ),
        Kind(
            _("夜学签到：参加没参加、怎么签的"),
            _("夜学只登一次，不再另外填表"),
            _("随本单位学习档案保存"),
            _("本人、本单位书记；上级只看数，点得开"),
        ),
        Kind(
            _("账号：登录名、密码散列、登录过的设备"),
            _("只让本人进来"),
            _("在岗期间；设备记录最长 90 天"),
            _("本人；书记只看得到登录过没有"),
        ),
        Kind(
            _("邮箱（自愿填）"),
            _("把通知发给您"),
            _("您删掉为止"),
            _("只有您"),
        ),
        Kind(
            _("身份和授权"),
            _("说明当时谁有权做什么"),
            _("长期"),
            _("本人、给身份的人、审核员"),
        ),
        Kind(
            _("操作留痕：动作和编号，不含内容"),
            _("查得清、赖不掉"),
            _("长期"),
            _("本人看自己的；审核员看范围内的"),
        ),
        Kind(
            _("对软件的意见"),
            _("改软件"),
            _("答复后两年"),
            _("本人、市级管理员"),
        ),
    ]
