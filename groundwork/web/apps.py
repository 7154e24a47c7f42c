"""The design system: templates, tags, widgets, declared forms. Knows no area."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "groundwork.web"
    label = "web"

    def ready(self) -> None:
        from django.forms import Field

        from groundwork.web import checks  # noqa: F401 - registers the check of declared forms

        Field.default_error_messages["required"] = _("请填这一项。")  # as one would say it
