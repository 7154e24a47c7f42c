"""What follows in public: television inquiry, three-phase discussion, alliances, secondments."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "groundwork.campaigns"
    label = "campaigns"
