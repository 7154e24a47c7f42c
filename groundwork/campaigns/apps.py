"""What follows in public: television inquiry, three-phase discussion, alliances, secondments."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "groundwork.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Register what the worker runs for this area and what it listens to."""
        from groundwork.campaigns import listeners, tasks  # noqa: F401 - registers them
