"""What forms of the area are built from; none of them asks anybody by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.matters.models import Category
from groundwork.matters.queries.intake import grouped, offered_categories
from groundwork.registry.models import Body
from groundwork.registry.queries import label_of_body
from groundwork.service.queries import choices
from groundwork.web.widgets import Choice, PickField


def finder(field: forms.Field, find: Any, label: Any) -> None:
    """Let a field find things, and name the one chosen."""
    assert isinstance(field, PickField)
    field.find = lambda text: [Choice(*row) for row in find(text)]
    field.widget.label_of = label


class _OfCategory(forms.Form):
    """A form by which something becomes a matter of a category."""

    category = forms.ChoiceField(label=_("类别"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_categories()
        self.offered = {row.public_id: row for row in offered}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选类别")), *grouped(offered)]  # none by a careless tap

    def clean_category(self) -> Category:
        """Give the category itself."""
        return self.offered[self.cleaned_data["category"]]


class _OfUnit(forms.Form):
    """A form in which one of the units that the actor keeps is chosen."""

    body = PickField(url_name="service:choices_units", find=lambda text: [], label=_("哪个单位"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        finder(self.fields["body"], lambda t: choices.unit_choices(by, t), label_of_body)

    def clean_body(self) -> Body:
        """Give the unit, which is the actor's to keep."""
        found = choices.kept_unit(self.by, self.cleaned_data["body"] or "")
        if found is None:
            raise forms.ValidationError(_("这个单位不归您管。"))
        return found
