"""Refuse to start with a form nobody answers for; warn of one whose last day has passed.

A form past its day is closed by the clock (`web.declared`) and fails the build (`tests/`). It must
not stop an office's `migrate` on the morning after, so at boot it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.forms import BaseForm

from groundwork.base import clock
from groundwork.web.declared import declaration_of
from groundwork.web.forms import FilterForm


def form_classes(area: str) -> Iterator[type[BaseForm]]:
    """Yield the form classes an area's pages define; a leading underscore marks a base class."""
    if find_spec(f"{area}.pages") is None or find_spec(f"{area}.pages.forms") is None:
        return
    home = import_module(f"{area}.pages.forms")
    parts = [name for _, name, _ in iter_modules(getattr(home, "__path__", []))]
    for module in [home, *(import_module(f"{home.__name__}.{part}") for part in parts)]:
        for name, thing in vars(module).items():
            is_form = isinstance(thing, type) and issubclass(thing, BaseForm)
            if is_form and thing.__module__ == module.__name__ and not name.startswith("_"):
                yield thing


def faults_of(form_class: type[BaseForm]) -> list[CheckMessage]:
    """Say what is missing on a form; filters of a list ask nobody for a fact and need nothing."""
    if issubclass(form_class, FilterForm):
        return []
    where = f"{form_class.__module__}.{form_class.__qualname__}"
    declaration = declaration_of(form_class)
    if declaration is None:
        hint = "Put @declare_form(key, owner, authority, until) on it, or derive from FilterForm."
        return [Error(f"{where} declares no owner, authority and end date.", hint, id="web.E001")]
    if declaration.is_over(clock.today()):
        hint = f"Take the form away, or prolong it: FORM_UNTIL = {{{declaration.key!r}: …}}."
        return [Caution(f"{where} was to end on {declaration.until}.", hint, id="web.W002")]
    return []


@register("forms")
def check_declared_forms(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Walk the forms of all areas."""
    areas = [
        config.name for config in apps.get_app_configs() if config.name.startswith("groundwork.")
    ]
    return [fault for area in areas for cls in form_classes(area) for fault in faults_of(cls)]
