"""Build the demo city from the console."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groundwork.base import clock
from groundwork.base.errors import GroundworkError
from groundwork.desk.demo import build


class Command(BaseCommand):
    """`manage.py demo --scale 0.02 --seed 1 --until 2026-11-22`."""

    help = "Fill an empty database with the demo city: real places of Ningbo, invented people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take scale, seed and the day until which the city has a history."""
        parser.add_argument("--scale", type=float, default=0.02, help="1 = 40,000 people")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="default: today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say what was built."""
        try:
            report = build(
                options["scale"], options["seed"], options["until"] or clock.today(), self._say
            )
        except GroundworkError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))

    def _say(self, label: str, done: int, total: int) -> None:
        if done == total:
            self.stdout.write(f"{label}: {total}")
