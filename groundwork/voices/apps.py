"""What people say back: home community, calls, marks, drives, surveys."""

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "groundwork.voices"
    label = "voices"

    def ready(self) -> None:
        """Register what the worker runs for this area and what it listens to."""
        from groundwork.voices import listeners, tasks  # noqa: F401 - registers them
