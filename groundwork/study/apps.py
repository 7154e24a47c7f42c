"""Tuesday night study: from plan to record."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "groundwork.study"
    label = "study"
