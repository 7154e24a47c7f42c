"""The kernel of the city."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "groundwork.base"
    label = "base"
