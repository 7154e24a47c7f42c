"""Live broadcast of an evening: streams, recordings, pulses."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "groundwork.live"
    label = "live"
