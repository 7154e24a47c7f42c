"""The design system: templates, tags, widgets, declared forms. Knows no area."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "groundwork.web"
    label = "web"

    def ready(self) -> None:
        from groundwork.web import checks  # noqa: F401 - registers the check of declared forms
