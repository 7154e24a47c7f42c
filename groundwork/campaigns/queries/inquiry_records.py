"""Seasons and their problems as plain values for other programs: what everybody reads, no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groundwork.base.actor import NOBODY
from groundwork.base.numbers import Rate
from groundwork.campaigns.models import Season
from groundwork.campaigns.queries.inquiry import Line, season_page, seasons
from groundwork.registry.models import Body, Place

Record = dict[str, Any]


def _named(row: Body | Place) -> Record:
    return {"code": row.code, "name": str(row)}


def _season(season: Season) -> Record:
    return {
        "id": season.public_id,
        "title": season.title,
        "place": _named(season.place),
        "first_day": season.first_day.isoformat(),
        "last_day": season.last_day.isoformat(),
    }


def _rate(rate: Rate) -> Record:
    quotient = None if rate.percent is None else round(rate.percent, 2)
    return {"part": rate.part, "whole": rate.whole, "quotient": quotient}


def season_records(after: str) -> tuple[list[Record], str]:
    """Tell a page of seasons, the newest first."""
    listing = seasons(after)
    return [_season(row) for row in listing.rows], listing.next


def season_record(public_id: str, at: datetime, *, open_only: bool, after: str) -> Record:
    """Tell a season with a page of its problems, as nobody in particular reads it.

    An editor's key reads no more here: what waits for its hour is nowhere. Raises NotFound.
    """
    page = season_page(NOBODY, public_id, at, open_only=open_only, after=after)
    satisfied = page.words.share("satisfied")
    return _season(page.season) | {
        "episodes": len(page.episodes),
        "problems": page.problems.n,
        "units": page.units.n,
        "solved": _rate(page.solved),
        "satisfied": _rate(satisfied.rate) | {"asked": satisfied.asked},
        "items": [_problem(line) for line in page.lines],
        "next": page.next,
    }


def _problem(line: Line) -> Record:
    item = line.item
    return {
        "id": item.public_id,
        "title": item.title,
        "question": item.question,
        "episode": item.episode.title,
        "aired_at": item.episode.airs_at.isoformat(),
        "unit": _named(item.body) if item.body else None,
        "state": item.matter.state,
        "jury": _rate(line.jury) if line.jury else None,
        "promise": item.promise,
        "promise_on": item.promise_on.isoformat() if item.promise_on else None,
    }
