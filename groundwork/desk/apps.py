"""Home, to-do, search, cards, registry pages, demo city: composes, owns no facts."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "groundwork.desk"
    label = "desk"
