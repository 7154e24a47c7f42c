"""Places, bodies, people, memberships, imports."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "groundwork.registry"
    label = "registry"

    def ready(self) -> None:
        """Let the scheduler know what the area does by itself."""
        from groundwork.registry import tasks  # noqa: F401
