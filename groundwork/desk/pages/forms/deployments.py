"""A deployment as a contact point: everything filled in, everything may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.registry.models import Person
from groundwork.service.queries.points import weekday_names
from groundwork.web.declared import declare_form
from groundwork.web.widgets import Ticks

OWNER = _("本单位")
AUTHORITY = _("《关于推进基层治理体系和治理能力现代化建设的意见》：单位和社区共建")
UNTIL = date(2028, 12, 31)


@declare_form("desk.point", OWNER, AUTHORITY, UNTIL)
class DeploymentForm(forms.Form):
    """Turn a deployment into a contact point."""

    name = forms.CharField(label=_("名称"), max_length=80)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("哪几天驻点"), required=False, coerce=int, widget=Ticks()
    )
    squad = forms.MultipleChoiceField(label=_("队伍"), widget=Ticks())
    leader = forms.ChoiceField(label=_("队长"), required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.public_id: person for person in people}
        named = [
            (key, f"{one.name}（{one.office or one.unit}）") for key, one in self.people.items()
        ]
        self.fields["weekdays"].choices = weekday_names()  # type: ignore[attr-defined]
        self.fields["squad"].choices = named  # type: ignore[attr-defined]
        self.fields["leader"].choices = [("", _("以后再定")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Let nobody lead who is not in the squad."""
        data = super().clean() or {}
        if data.get("leader") and data["leader"] not in data.get("squad", []):
            self.add_error("leader", _("队长要在队伍里。"))
        return data

    def values(self) -> dict[str, Any]:
        """Give a valid form as the action takes it."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "weekdays": data["weekdays"],
            "squad": [self.people[key] for key in data["squad"]],
            "leader": self.people.get(data["leader"]),
        }
