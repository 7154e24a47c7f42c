"""The problem ledger."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "groundwork.matters"
    label = "matters"

    def ready(self) -> None:
        """Register what the worker runs for this area and what it listens to."""
        from groundwork.matters import listeners, tasks  # noqa: F401 - registers them
