"""Accounts, roles, scope, notices, audit pages."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "groundwork.access"
    label = "access"

    def ready(self) -> None:
        from groundwork.access import actions, listeners, tasks  # noqa: F401 - they register
