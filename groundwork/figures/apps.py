"""Figures: what a number is, and what it opens onto."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "groundwork.figures"
    label = "figures"
