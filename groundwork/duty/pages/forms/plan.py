"""What a planner asks for: which days, how good, and in plain words what matters how much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.duty.actions.planning import MOST_DAYS, Ask
from groundwork.duty.models import Order, PlanRun
from groundwork.duty.models.need import Kind
from groundwork.duty.rules.kinds import KINDS, WANTS
from groundwork.duty.rules.weights import DEAREST, merged
from groundwork.web.declared import declare_form
from groundwork.web.widgets import DateInput, Segments

OWNER, AUTHORITY = _("启动令下达单位"), _("启动令")
UNTIL = date(2028, 12, 31)
AIMS = (("0.01", _("1%")), ("0.005", _("0.5%")), ("0.02", _("2%，更快")))
LIMITS = (("30", _("30 秒")), ("60", _("1 分钟")), ("300", _("5 分钟")))
SKILLED = tuple(kind for kind in KINDS if WANTS[kind])


def _price(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=DEAREST)


@declare_form("duty.plan", OWNER, AUTHORITY, UNTIL)
class PlanForm(forms.Form):
    """Ask for a plan."""

    kind = forms.ChoiceField(
        label=_("排班还是补排"), choices=PlanRun.Kind.choices, widget=Segments()
    )
    first_day = forms.DateField(label=_("从哪天起"), widget=DateInput())
    days = forms.IntegerField(label=_("几天"), min_value=1, max_value=MOST_DAYS)
    aim = forms.ChoiceField(label=_("离最好的排法最多差多少就停"), choices=AIMS)
    limit = forms.ChoiceField(label=_("最多算多久"), choices=LIMITS)
    near = _price(_("去本乡镇别的社区"))
    far = _price(_("去本区县别的乡镇"))
    across = forms.IntegerField(
        label=_("去别的区县"),
        min_value=0,
        max_value=DEAREST,
        required=False,
        help_text=_("空着：不派到别的区县。"),
    )
    second = _price(_("同一人一周第 2 个班"))
    third = _price(_("第 3 个班"))
    fourth = _price(_("第 4 个班"))
    more = _price(_("第 5 个起"))
    fair = _price(_("单位出人超过应分摊的一点"))
    unfair = _price(_("超过很多"))
    keep = _price(_("改动一个已通知的班"))

    WEIGHTS = (
        *("near", "far", "across", "second", "third", "fourth", "more"),
        *("fair", "unfair", "keep"),
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.weights = order, merged(order.weights)
        for kind in KINDS:
            label = _("空一个岗：%(kind)s") % {"kind": Kind(kind).label}
            self.fields[f"unfilled_{kind}"] = _price(label)
        for kind in SKILLED:
            label = _("由别人顶：%(kind)s") % {"kind": Kind(kind).label}
            self.fields[f"mismatch_{kind}"] = _price(label)
        self.initial = {**self._start(), **self.initial}

    def _start(self) -> dict[str, Any]:
        """Begin with tomorrow, or the order's first day, and the prices of the last run."""
        tomorrow = clock.today() + timedelta(days=1)
        first = max(tomorrow, clock.day_of(self.order.starts_at))
        last = clock.day_of(self.order.ends_at)
        travel, week, unit = (self.weights[name] for name in ("travel", "week", "unit"))
        start = {"kind": "plan", "first_day": min(first, last), "aim": "0.01", "limit": "60"}
        start["days"] = max(1, min(7, (last - min(first, last)).days + 1))
        start |= {"near": travel[1], "far": travel[2], "keep": self.weights["keep"]}
        start["across"] = travel[3] if travel[3] >= 0 else None
        start |= dict(zip(("second", "third", "fourth", "more"), week[1:], strict=False))
        start |= {"fair": unit[0][1], "unfair": unit[-1][1]}
        start |= {f"unfilled_{kind}": self.weights["unfilled"][kind] for kind in KINDS}
        start |= {f"mismatch_{kind}": self.weights["mismatch"][kind] for kind in SKILLED}
        return start

    @property
    def asked(self) -> list[forms.BoundField]:
        """Give the fields that everybody answers."""
        return [self[name] for name in ("kind", "first_day", "days", "aim", "limit")]

    @property
    def priced(self) -> list[forms.BoundField]:
        """Give the fields of the prices."""
        names = [name for name in self.fields if name.startswith(("unfilled_", "mismatch_"))]
        return [self[name] for name in (*names, *self.WEIGHTS)]

    def ask(self) -> Ask:
        """Make what the planner takes of a valid form."""
        data = self.cleaned_data
        across = data["across"] if data["across"] is not None else -1
        weights = {
            "unfilled": {kind: data[f"unfilled_{kind}"] for kind in KINDS},
            "mismatch": {kind: data.get(f"mismatch_{kind}", 0) for kind in KINDS},
            "travel": [self.weights["travel"][0], data["near"], data["far"], across],
            "week": [
                self.weights["week"][0],
                *(data[name] for name in ("second", "third", "fourth", "more")),
            ],
            "unit": [[self.weights["unit"][0][0], data["fair"]], [9.0, data["unfair"]]],
            "keep": data["keep"],
        }
        return Ask(
            first_day=data["first_day"],
            days=data["days"],
            kind=data["kind"],
            aim=float(data["aim"]),
            limit=int(data["limit"]),
            weights=weights,
        )
