"""The city's settings with both yardsticks beside its own addresses."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.hall_urls"
