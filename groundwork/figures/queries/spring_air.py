"""What the records say of television, broadcasts and surveys in a term, as other areas count it.

They are read by those areas' own queries, so that they are what their pages show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse

from groundwork.base import clock
from groundwork.base.actor import NOBODY
from groundwork.base.numbers import Count, Number, Rate
from groundwork.campaigns.models import Season
from groundwork.campaigns.queries.inquiry import season_page
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.spring import SURVEYS
from groundwork.live.models import Digest
from groundwork.registry.models import Place
from groundwork.study.queries.audience_figures import KIND
from groundwork.voices.models.survey import Survey
from groundwork.voices.queries.surveys import results


@dataclass(frozen=True)
class OnAir:
    """A number, how much of it the printed one is, how many records there are, their page."""

    number: Number
    found: float | None
    records: int
    url: str
    beside: Rate | None = None


def on_air(city: Place, term: Period, at: datetime) -> dict[str, OnAir]:
    """Give the numbers by the key of their row; without a season or a count there are none."""
    return {**_inquiry(city, term, at), **_viewers(term), **_surveys(city, term)}


def _inquiry(city: Place, term: Period, at: datetime) -> dict[str, OnAir]:
    """Count the last season that had ended when the term did, as its own page does."""
    ended = Season.objects.filter(place__path__startswith=city.path, last_day__lt=term.after)
    season = ended.order_by("-last_day", "-pk").first()
    if season is None:
        return {}
    page = season_page(NOBODY, season.public_id, at)
    url = reverse("campaigns:inquiry_season", args=[season.public_id])
    happy, n = page.words.rate("satisfied"), page.problems.n
    evenings = Count(len(page.episodes))
    return {
        "campaigns.episodes": OnAir(evenings, evenings.n, n, url),
        "campaigns.units_questioned": OnAir(page.units, page.units.n, n, url),
        "campaigns.problems_solved": OnAir(page.solved, page.solved.part, n, url),
        "campaigns.satisfaction": OnAir(
            happy, happy.percent, happy.whole, url, page.words.reply("satisfied")
        ),
    }


def _viewers(term: Period) -> dict[str, OnAir]:
    """Give the evening of the term with the most viewers, counted here from its minutes."""
    first, after = (clock.local(day, time()) for day in (term.first, term.after))
    counted = Digest.objects.filter(
        stream__subject_kind=KIND, stream__starts_at__gte=first, stream__starts_at__lt=after
    )
    digest = counted.select_related("stream").order_by("-viewers", "pk").first()
    if digest is None:
        return {}
    url = reverse("study:hall_figures", args=[digest.stream.subject_id])
    return {"live.viewers": OnAir(Count(digest.viewers), digest.viewers, digest.viewers, url)}


def _surveys(city: Place, term: Period) -> dict[str, OnAir]:
    """Give the shares of the surveys of those names that closed in the term, the last of each.

    Only what is published, and the share only where the survey's own page shows it.
    """
    first, after = (clock.local(day, time()) for day in (term.first, term.after))
    asked = Survey.objects.filter(
        place__path__startswith=city.path, state=Survey.State.PUBLISHED, title__in=SURVEYS.values(),
        closes_at__gte=first, closes_at__lt=after,
    )  # fmt: skip
    of_name = {survey.title: survey for survey in asked.order_by("closes_at", "pk")}
    out = {}
    for key, title in SURVEYS.items():
        shown = results(of_name[title]).results if title in of_name else []
        rate = shown[0].shares[0].rate if shown and shown[0].shares else None
        if rate is not None:
            url = reverse("voices:survey_results", args=[of_name[title].public_id])
            out[key] = OnAir(rate, rate.percent, rate.whole, url)
    return out
