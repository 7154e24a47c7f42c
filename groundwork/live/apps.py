"""Live broadcast of an evening: streams, recordings, pulses."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "groundwork.live"
    label = "live"

    def ready(self) -> None:
        """Register what the worker runs for this area."""
        from groundwork.live import tasks  # noqa: F401 - registers them
        from groundwork.live.digest import job  # noqa: F401 - registers it
