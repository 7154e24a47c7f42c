"""Say the city's errors in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from groundwork.base.errors import GroundworkError


def say(error: GroundworkError) -> str:
    """Translate the sentence of an error and fill in its named values."""
    text = gettext(error.text)
    return text % error.params if error.params else text
