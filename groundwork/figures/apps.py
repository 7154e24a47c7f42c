"""Figures: what a number is, and what it opens onto."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "groundwork.figures"
    label = "figures"

    def ready(self) -> None:
        """Register what the worker runs for this area, and what it lays on other pages."""
        from groundwork.figures import listeners, tasks  # noqa: F401 - registers them
