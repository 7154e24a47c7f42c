"""Orders, gates, shifts, the plan and what happens at the gate."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "groundwork.duty"
    label = "duty"
