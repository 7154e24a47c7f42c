"""What the library keeps and what it refuses."""

from __future__ import annotations

from groundwork.base.errors import N_, RuleBroken


class NothingToRead(RuleBroken):
    code = "study.nothing_to_read"
    text = N_("请上传文件，或填写链接或摘要：空的资料没有用。")


class TopicTwice(RuleBroken):
    code = "study.topic_twice"
    text = N_("专题“%(name)s”已经有了。")
