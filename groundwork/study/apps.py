"""Tuesday night study: from plan to record."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "groundwork.study"
    label = "study"

    def ready(self) -> None:
        """Register what the worker runs for this area and what it listens to."""
        from groundwork.study import listeners, tasks  # noqa: F401 - registers them
