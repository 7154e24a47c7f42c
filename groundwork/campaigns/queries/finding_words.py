"""How the ledger speaks of a finding: a unit found it with itself, and somebody else looks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundwork.matters.queries.wording import Words

FINDING = Words(
    steps={
        "raise": _("单位在对照检查里找到的问题，记进了台账。"),
        "assign": _("由这个单位自己整改。"),
        "start": _("责任人开始整改。"),
        "answer": _("单位报了整改完成，等别人来核对。"),
        "confirm": _("核对过了：整改到位。"),
        "refuse": _("核对过了：没有整改到位，继续改。"),
        "reopen": _("核对时没有整改到位，或者又出现了，重新整改。"),
        "lapse": _("到期没有人来核对，暂记为“单位称已办结”。"),
        "verdict": _("记下了核对的情况。"),
    },
    now={
        "assigned": _("由这个单位自己整改。"),
        "handling": _("责任人正在整改。"),
        "answered": _("单位报了整改完成，等别人来核对。"),
        "solved": _("别人核对过，整改到位。"),
        "unit_done": _("单位报了整改完成，没有人来核对。"),
        "redo": _("没有整改到位，正在重新整改。"),
    },
)
