"""A city in the middle of its winter: 28,000 people on 40,000 shifts, without its other years.

`python -m bench.duty_city` fills the database the settings name; `BENCH_SCALE` says how large.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime, time
from random import Random

UNTIL = date(2020, 2, 18)
HOUR = time(16, 40)  # twenty minutes before the evening's shift: the door to check in is open
SEED = 1


def moment() -> datetime:
    """Tell the moment at which the city stands still."""
    from groundwork.base import clock

    return clock.local(UNTIL, HOUR)


def write(scale: float) -> None:
    """Write the directory and its orders by the demo city's own hands."""
    from django.db import transaction

    from groundwork.desk.demo import builder, duty

    with transaction.atomic():
        rng = Random(f"city {SEED}")
        city = builder._directory(scale, UNTIL, rng, builder._quiet)
        ground = duty.Scene(city.bodies, city.places, city.people)
        duty.write_orders(ground, scale, SEED, moment(), builder._quiet, by=builder.BY)


if __name__ == "__main__":
    import django

    django.setup()
    write(float(os.environ.get("BENCH_SCALE", "1")))
    print("written", file=sys.stderr)
