"""The evening's screen costs one reading for every eye; the figures say what they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundwork.base import clock
from groundwork.live.actions.watching import record_outside_figure, write_digest
from groundwork.live.models import OutsideFigure
from groundwork.live.queries.playing import stream_of
from groundwork.live.rules.figures import Figures
from groundwork.study.queries import watching
from groundwork.study.queries.audience_figures import figures_page
from groundwork.study.tests.make import CITY
from groundwork.study.tests.make_roll import AFTER, ENDS, STARTS, TONIGHT, signed_in, tonight

HALL = "/study/evenings/{}/hall/"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def evening(cast):
    return tonight(cast, host="bureau", broadcast="embedded", public=True)


def test_the_screen_says_who_is_there_and_never_how_many_of_a_district(cast):
    evening = tonight(cast, broadcast="embedded")
    signed_in(cast, evening, "staff", "colleague")
    shown = watching.screen(evening, TONIGHT)
    assert (shown["rooms_here"], shown["rooms"], shown["took_part"]) == (1, 1, 2)
    assert shown["districts"] == [
        {"name": "海曙区", "here": True},
        {"name": "鄞州区", "here": False},
    ]


def test_a_thousand_eyes_read_once_in_five_seconds(cast, evening):
    watching.screen(evening, TONIGHT)
    with CaptureQueriesContext(connection) as seen:
        for _eye in range(1000):
            watching.screen(evening, TONIGHT + 4 * SECOND)
    assert len(seen) == 0
    with CaptureQueriesContext(connection) as anew:
        watching.screen(evening, TONIGHT + 6 * SECOND)
    assert 0 < len(anew) <= 10


def test_while_one_reads_anew_the_others_are_shown_what_was(cast, evening):
    first = watching.screen(evening, TONIGHT)
    cache.add(f"study.hall_screen:{evening.public_id}:building", 1, 20)  # somebody is at it
    with CaptureQueriesContext(connection) as seen:
        assert watching.screen(evening, TONIGHT + 60 * SECOND) == first
    assert len(seen) == 0


def test_the_page_and_its_json_say_the_same(cast, evening, at):
    client = cast.client("city_operator")
    told = client.get(HALL.format(evening.public_id) + "screen/now.json").json()
    page = client.get(HALL.format(evening.public_id) + "screen/").content.decode()
    assert told["questions_waiting"] == 0
    assert told["districts"][0]["name"] in page


# ---- figures --------------------------------------------------------------------------------
def digested(evening):
    """Write a digest of three viewers in five minutes around the start."""
    stream = stream_of("study.evening", evening.public_id)
    assert stream is not None
    figures = Figures(plays=4, viewers=3, peak=3, peak_minute=31, curve=(0,) * 30 + (2, 3, 1))
    origin = int((STARTS - timedelta(minutes=30)).timestamp())
    write_digest(stream, figures, origin=origin, refused={}, by=CITY, at=AFTER)
    return stream


def test_before_the_digest_the_page_says_that_there_is_none(cast, evening, client):
    with clock.at(AFTER):
        page = client.get(HALL.format(evening.public_id) + "figures/").content.decode()
    assert "还没有汇总" in page


def test_every_figure_stands_with_its_definition_its_source_and_its_minute(cast, evening, client):
    digested(evening)
    page = figures_page(evening)
    assert {f.code: f.number for f in page.figures} == {"plays": 4, "viewers": 3, "peak": 3}
    assert all(f.sentence and f.source for f in page.figures)
    assert page.peak_time == "18:16"
    assert page.curve == [("18:15", 2), ("18:16", 3), ("18:17", 1)]
    shown = client.get(HALL.format(evening.public_id) + "figures/").content.decode()
    assert all(f.sentence in shown for f in page.figures)
    assert 'class="chart"' in shown
    assert "18:16" in shown


def test_the_broadcasters_figure_stands_beside_ours_with_who_and_when(cast, evening):
    digested(evening)
    client, address = cast.client("city_operator"), HALL.format(evening.public_id) + "figures/"
    said = {
        "figure": "plays", "number": "1210000", "source": "宁波广电集团",
        "said_on": ENDS.date().isoformat(),
    }  # fmt: skip
    with clock.at(AFTER):
        assert client.post(address + "outside/", said).status_code == 302
        wrong = client.post(address + "outside/", said | {"source": ""})
        assert wrong.status_code == 422
        page = client.get(address).content.decode()
    assert "1,210,000" in page
    assert "宁波广电集团" in page
    assert OutsideFigure.objects.count() == 1


def test_only_who_plans_the_evening_records_it(cast, evening):
    digested(evening)
    for who, status in (("auditor", 403), ("staff", 403)):
        answer = cast.client(who).post(HALL.format(evening.public_id) + "figures/outside/", {})
        assert answer.status_code == status
    stream = stream_of("study.evening", evening.public_id)
    assert stream is not None
    row = record_outside_figure(
        stream.public_id, figure="peak", number=5, source="广电", said_on=ENDS.date(), by=CITY,
        at=AFTER,
    )  # fmt: skip
    assert [r.pk for f in figures_page(evening).figures for r in f.said] == [row.pk]


def test_an_evening_without_a_broadcast_has_no_figures_and_says_so(cast):
    evening = tonight(cast)
    page = cast.client("staff").get(HALL.format(evening.public_id) + "figures/").content.decode()
    assert "这场夜学没有直播" in page
