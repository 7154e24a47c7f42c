"""Home, to-do, search, cards, registry pages, demo city: composes, owns no facts."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "groundwork.desk"
    label = "desk"

    def ready(self) -> None:
        """Register what only this area knows: what two areas beside each other have to do."""
        from groundwork.desk import listeners  # noqa: F401 - registers it
