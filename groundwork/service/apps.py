"""Visits, contact points, patrols and rounds of consultation."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "groundwork.service"
    label = "service"

    def ready(self) -> None:
        """Register what the worker runs for this area and what it listens to."""
        from groundwork.service import listeners, tasks  # noqa: F401 - registers them
