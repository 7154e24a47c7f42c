"""The problem ledger."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "groundwork.matters"
    label = "matters"
