"""Say in words why a need and an offer were put together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.base.dates import day_text
from groundwork.campaigns.models import Pair


def reasons(pair: Pair) -> list[str]:
    """Say why the two were put together."""
    near = {
        1: _("都在本市"),
        2: _("在同一个区县"),
        3: _("在同一个街道（乡镇）"),
    }
    days = {
        "first": day_text(pair.first_day, year=False),
        "last": day_text(pair.last_day, year=False),
    }
    all_days = pair.first_day <= pair.need.first_day and pair.last_day >= pair.need.last_day
    overlap = _("%(first)s到%(last)s，日子都够") if all_days else _("%(first)s到%(last)s两边都行")
    enough = pair.amount >= pair.need.amount
    given = _("够：%(n)s %(unit)s") if enough else _("能给 %(n)s %(unit)s")
    said = [
        _("都是“%(kind)s”") % {"kind": pair.need.get_kind_display()},
        given % {"n": pair.amount, "unit": pair.need.get_unit_display()},
        overlap % days,
    ]
    level = near.get(pair.common, _("在同一个社区（村）") if pair.common else "")
    return [*said, level] if level else said
