"""Places, bodies, people, memberships, imports."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "groundwork.registry"
    label = "registry"
