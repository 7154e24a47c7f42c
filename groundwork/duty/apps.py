"""Orders, gates, shifts, the plan and what happens at the gate."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "groundwork.duty"
    label = "duty"

    def ready(self) -> None:
        """Register what the worker runs for this area, and its panels."""
        from groundwork.duty import listeners, tasks  # noqa: F401 - registers them
