"""Every form says who wants it, by what authority and until when; past that day it is refused.

The burden meter: the form carries a signed note of when it was opened; after a successful send
the middleware keeps how long it took, with the day and without any person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.forms import BaseForm
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from groundwork.base import clock

SAID = 3  # fields of a form that are named where the form itself has no name
OPENED_FIELD = "_opened"
_SALT = "groundwork.web.declared"
F = TypeVar("F", bound=type[BaseForm])


@dataclass(frozen=True)
class Declaration:
    """Who asks, under what authority, until when. `until` is the last day it may be sent."""

    key: str
    owner: str | Promise
    authority: str | Promise
    declared_until: date

    @property
    def until(self) -> date:
        """The last day; the city may prolong it in the setting FORM_UNTIL without new code."""
        prolonged = getattr(settings, "FORM_UNTIL", {}).get(self.key)
        return (parse_date(prolonged) if prolonged else None) or self.declared_until

    @property
    def asks(self) -> str:
        """What it asks for, as a person would call the form: the names of its first fields."""
        fields = getattr(_declared[self.key][1], "base_fields", {}).values()
        said = [str(field.label) for field in fields if field.label and not field.widget.is_hidden]
        return _("、").join(said[:SAID]) + (_("等") if len(said) > SAID else "")

    def is_over(self, today: date) -> bool:
        """Tell whether the form's last day has passed."""
        return today > self.until


_declared: dict[str, tuple[Declaration, type[BaseForm]]] = {}


def declare_form(
    key: str, owner: str | Promise, authority: str | Promise, until: date
) -> Callable[[F], F]:
    """Declare a form class: `@declare_form("study.evening", _("…"), _("…"), date(2027, 12, 31))`.

    Sent past its last day the form is invalid. Raises ImproperlyConfigured when the key is
    already another form's.
    """

    def declare(form_class: F) -> F:
        taken = _declared.get(key)
        if taken is not None and _name(taken[1]) != _name(form_class):
            raise ImproperlyConfigured(f"form key {key!r} belongs to {taken[1].__qualname__}")
        declaration = Declaration(key, owner, authority, until)
        _declared[key] = (declaration, form_class)
        inherited_clean = getattr(form_class, "clean")  # noqa: B009 - mypy knows no such method

        def clean(self: BaseForm) -> Any:
            if declaration.is_over(clock.today()):
                raise ValidationError(_("这张表已过截止日期，不再收集。"), code="form_over")
            return inherited_clean(self)

        setattr(form_class, "clean", clean)  # noqa: B010
        setattr(form_class, "declaration", declaration)  # noqa: B010
        return form_class

    return declare


def _name(form_class: type[BaseForm]) -> str:
    """Name a class wherever it is loaded from: two areas may each have a `QuestionForm`."""
    return f"{form_class.__module__}.{form_class.__qualname__}"


def declaration_of(form_class: type[BaseForm]) -> Declaration | None:
    """Give the declaration made on this very class, not on one it inherits from."""
    return vars(form_class).get("declaration")


def all_declared() -> list[Declaration]:
    """List the declarations of every loaded form, by key."""
    return [_declared[key][0] for key in sorted(_declared)]


def opened_token(declaration: Declaration) -> str:
    """Sign which form is opened now."""
    return signing.dumps([declaration.key, int(clock.now().timestamp())], salt=_SALT)


def read_opened(token: str) -> tuple[str, int] | None:
    """Give form key and opening time (Unix seconds) of a token, None for a forged or odd one."""
    try:
        key, opened = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (key, opened) if key in _declared else None
