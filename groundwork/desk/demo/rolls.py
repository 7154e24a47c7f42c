"""Let the demo city's people come, watch, make up or stay away: rolls of past evenings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from groundwork.study.actions.roll import Row
from groundwork.study.models import AbsenceCategory, Broadcast, Evening, Source

SOURCES = ((Source.QR, 62), (Source.TICK, 26), (Source.CODE, 12))
LIVE_SHARE = 0.08  # of those who take part, where there is a broadcast
MADE_UP_SHARE, CATEGORY_SHARE = 0.12, 0.8  # of those who do not come
CATEGORIES = (
    (AbsenceCategory.DUTY, 34),
    (AbsenceCategory.TRAVEL, 26),
    (AbsenceCategory.LEAVE, 20),
    (AbsenceCategory.SICK, 10),
    (AbsenceCategory.FAMILY, 7),
    (AbsenceCategory.OTHER, 3),
)


@dataclass
class Turnout:
    """Who came to one evening, and why others were away."""

    rows: list[Row] = field(default_factory=list)
    categories: dict[int, str] = field(default_factory=dict)


def inclination(people: Iterable[int], seed: int) -> dict[int, float]:
    """Give everybody their own chance to come on a Tuesday, the same all year."""
    rng = Random(f"inclination {seed}")  # noqa: S311 - a demo, not a secret
    return {pk: min(0.985, max(0.5, rng.gauss(0.9, 0.07))) for pk in people}


def turn_out(
    evening: Evening,
    expected: Sequence[tuple[int, int]],
    chance: dict[int, float],
    silent: frozenset[int],
    rng: Random,
) -> Turnout:
    """Decide for all `expected` (person, unit); units in `silent` keep no roll that night."""
    out = Turnout()
    sources, weights = [s for s, _ in SOURCES], [w for _, w in SOURCES]
    reasons, shares = [c for c, _ in CATEGORIES], [w for _, w in CATEGORIES]
    live = evening.broadcast in (Broadcast.EMBEDDED, Broadcast.OUTSIDE)
    for person, unit in expected:
        if unit in silent:
            continue
        if rng.random() < chance[person]:
            source = Source.LIVE if live and rng.random() < LIVE_SHARE else None
            source = source or rng.choices(sources, weights)[0]
            out.rows.append(Row(person, unit, source, _moment(evening, source, rng)))
            continue
        if rng.random() < MADE_UP_SHARE:
            later = evening.ends_at + timedelta(hours=rng.randrange(12, 60))
            out.rows.append(Row(person, unit, Source.REPLAY, later))
            continue
        if rng.random() < CATEGORY_SHARE:
            out.categories[person] = rng.choices(reasons, shares)[0]
    return out


def _moment(evening: Evening, source: str, rng: Random) -> datetime:
    if source == Source.TICK:
        return evening.ends_at + timedelta(seconds=rng.randrange(-1800, 1800))
    if source == Source.LIVE:
        return evening.starts_at + timedelta(seconds=rng.randrange(0, 1500))
    return evening.starts_at + timedelta(seconds=rng.randrange(-1500, 900))
