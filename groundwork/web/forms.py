"""Form parts shared by all areas."""

from __future__ import annotations

from django import forms


class FilterForm(forms.Form):
    """Narrow a list by GET. It asks nobody for a fact, so it declares nothing."""

    use_required_attribute = False
