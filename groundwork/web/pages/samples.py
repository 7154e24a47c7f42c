"""Invented rows for the catalogue; no row of any city is read."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.clock import ZONE
from groundwork.base.numbers import Count, Rate, Ratio
from groundwork.web.widgets import Choice


def places() -> list[Choice]:
    """Three namesakes and two others, to show how an ambiguous name is a choice."""
    return [
        Choice("sample000001", _("岭下村"), _("鄞州区 · 样例一")),
        Choice("sample000002", _("岭下村"), _("奉化区 · 样例二")),
        Choice("sample000003", _("苍水社区"), _("海曙区 · 样例三")),
        Choice("sample000004", _("静远社区"), _("鄞州区 · 样例四")),
    ]


def find_place(text: str) -> list[Choice]:
    """Find the places whose name holds the text."""
    return [place for place in places() if text in place.label]


def place_label(public_id: str) -> str:
    """Name a place by its id."""
    return next((place.label for place in places() if place.id == public_id), public_id)


def phone_nav() -> list[SimpleNamespace]:
    """Five sections of a phone's bottom bar and three more behind it."""
    rows = [
        (_("首页"), "home", True, ""),
        (_("待办"), "list-check", True, "3"),
        (_("夜学"), "moon-stars", True, ""),
        (_("我的"), "user", True, ""),
        (_("数字"), "chart-bar", False, ""),
        (_("人员与机构"), "sitemap", False, ""),
        (_("表格导入"), "table-import", False, ""),
    ]
    here = reverse("web:catalogue_phone")
    return [
        SimpleNamespace(
            url=here, label=label, icon=icon, phone=phone, badge=badge, on=icon == "home"
        )
        for label, icon, phone, badge in rows
    ]


def figures() -> dict[str, Any]:
    """One of each kind of number, and the small ones that get no percentage."""
    return {
        "visits": Count(144_105),
        "capped": Count(1_000, capped=True),
        "resolved": Rate(136_124, 148_932),
        "nearly": Rate(9_999, 10_000),
        "small": Rate(3, 4),
        "per_visit": Ratio(143_836, 144_105),
        "none": Count(0),
    }


def moments() -> dict[str, datetime]:
    """An evening and a cut-off."""
    return {
        "start": datetime(2026, 11, 24, 18, 15, tzinfo=ZONE),
        "end": datetime(2026, 11, 24, 19, 50, tzinfo=ZONE),
        "cutoff": datetime(2026, 11, 22, 0, 0, tzinfo=ZONE),
    }


def districts() -> list[tuple[str, int, int, Rate]]:
    """Rows of a table by body, in directory order."""
    return [
        (_("海曙区"), 412, 16_204, Rate(15_311, 16_730)),
        (_("江北区"), 256, 9_871, Rate(9_140, 10_022)),
        (_("北仑区"), 3, 4, Rate(3, 4)),
    ]
