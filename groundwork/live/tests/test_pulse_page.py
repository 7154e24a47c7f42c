"""What the page says, in a real Chromium: its pulses are judged by the server's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from groundwork.live.rules.pulse import Hours, judge
from groundwork.live.rules.tokens import read_token, sign_token

pytestmark = pytest.mark.browser

SCRIPT = (Path(__file__).resolve().parents[1] / "static/live/pulse.js").read_text()
STREAM = "k3f9bcdfghjk"
KEY = b"k" * 32
HOURS = Hours(0, 7200, 8100)
HALL = "https://hall.test/"
# A media element that plays while `playing`; its place moves with the page's clock.
PLAYER = """
  window.playing = true;
  let place = 0, last = performance.now();
  window.media = {
    paused: false, seeking: false, playbackRate: 1,
    get currentTime() {
      const now = performance.now();
      if (window.playing) place += (now - last) / 1000;
      last = now;
      return place;
    },
  };
  window.pulse = livePulse.attach(window.media, "%s");
"""


class Ingest:
    """Answers as the ingest does, by the rules; `now` is the second of the stream."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.now, self.drawn = 1800, 0
        self.kept: set[tuple[int, int]] = set()  # (number, minute)
        self.asked: list[tuple[int, str, int]] = []  # when, what, answer
        self.answer: int | None = None  # instead of the rules: a status, or 0 for a broken line
        self.headers: list[dict[str, str]] = []

    def take(self, route: Route) -> None:
        query = route.request.url.partition("?")[2]
        self.headers.append(route.request.headers)
        status, body = self.judge(query) if self.answer is None else (self.answer, "")
        self.asked.append((self.now, query, status))
        if not status:
            route.abort()
            return
        headers = {"Next-Due": "30", "Stream-At": str(self.now), "Retry-After": "90"}
        route.fulfill(status=status, headers=headers, body=body)

    def judge(self, query: str) -> tuple[int, str]:
        parts = query.split(".")
        assert parts[0] == STREAM
        if len(parts) == 1:
            self.drawn += 1
            return 200, sign_token(KEY, self.drawn, self.now // 60)
        token, m, bits = parts[1], int(parts[2]), int(parts[3], 16)
        seen = read_token(KEY, token)
        if seen is None:
            return 403, ""
        assert judge(HOURS, self.now, seen[1], m, bits) == "", (self.now, query)
        self.kept |= {(seen[0], m - k) for k in range(32) if bits >> k & 1}
        return 204, ""


@pytest.fixture
def ingest(chromium) -> Iterator[Ingest]:
    made = Ingest(chromium.new_context())
    made.context.add_cookies([{"name": "sessionid", "value": "secret", "url": HALL}])
    made.context.route(
        HALL, lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    made.context.route("**/live/pulse**", made.take)
    yield made
    made.context.close()


def hall_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.clock.install(time=1_600_000_000)
    page.goto(HALL)
    page.clock.pause_at(1_600_000_100)
    page.evaluate(SCRIPT)
    page.evaluate(PLAYER % STREAM)
    return page


def watch(ingest: Ingest, seconds: int, *pages: Page) -> None:
    """Let time go by, for the server and for the pages."""
    for _ in range(seconds):
        ingest.now += 1
        for page in pages:
            page.clock.run_for(1000)
            settle(page, "!window.pulse.busy")


def settle(page: Page, sooner_or_later: str) -> None:
    """Ask the page again and again: its clock stands still, its line does not."""
    for _ in range(2000):
        if page.evaluate(sooner_or_later):
            return
    raise AssertionError(f"asked 2,000 times in vain: {sooner_or_later}")


def minutes(ingest: Ingest) -> list[int]:
    return sorted({minute for _number, minute in ingest.kept})


def test_the_minutes_that_were_played_are_claimed_and_no_others(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 150, page)  # from 30:00 to 32:30
    page.evaluate("window.playing = false")
    watch(ingest, 120, page)  # a pause: minute 33 is not played
    page.evaluate("window.playing = true")
    watch(ingest, 100, page)
    assert minutes(ingest) == [30, 31, 32, 34, 35]
    assert ingest.drawn == 1
    # a pulse at its due time, and none while there is nothing new to say
    assert len(ingest.asked) < 370 / 28
    assert page.evaluate(f"sessionStorage['live-pulse:{STREAM}']") == sign_token(KEY, 1, 30)
    assert page.evaluate("localStorage.length") == 0
    assert all("cookie" not in headers for headers in ingest.headers)


def test_a_minute_played_for_a_moment_only_is_not_claimed(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 15, page)
    page.evaluate("window.playing = false")
    watch(ingest, 100, page)
    assert minutes(ingest) == []


def test_pulses_that_got_lost_are_healed_by_the_next(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 10, page)
    ingest.answer = 0
    watch(ingest, 120, page)  # three in vain, at about 30, 50 and 90: each waits longer
    assert [status for _when, _query, status in ingest.asked][-3:] == [0, 0, 0]
    assert minutes(ingest) == []
    ingest.answer = None
    watch(ingest, 60, page)  # the fourth, at about 170
    assert minutes(ingest) == [30, 31, 32]


def test_a_server_that_is_full_is_left_alone_until_it_said(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 10, page)
    ingest.answer = 503
    watch(ingest, 200, page)
    refused = [when for when, _query, status in ingest.asked if status == 503]
    assert 1 <= len(refused) <= 3
    assert all(b - a >= 85 for a, b in pairwise(refused))


def test_a_token_of_another_evening_is_thrown_away_and_a_new_one_drawn(ingest):
    page = ingest.context.new_page()
    page.goto(HALL)
    page.evaluate(f"sessionStorage['live-pulse:{STREAM}'] = 'f'.repeat(28)")
    page.clock.install(time=1_600_000_000)
    page.clock.pause_at(1_600_000_100)
    page.evaluate(SCRIPT)
    page.evaluate(PLAYER % STREAM)
    watch(ingest, 130, page)
    assert [status for _when, _query, status in ingest.asked][:2] == [403, 200]
    assert minutes(ingest) == [30, 31]


def test_a_second_tab_of_the_browser_is_the_same_viewer(ingest):
    first = hall_page(ingest.context)
    watch(ingest, 40, first)
    second = hall_page(ingest.context)
    watch(ingest, 60, first, second)
    assert ingest.drawn == 1
    assert {number for number, _minute in ingest.kept} == {1}
    assert second.evaluate("window.pulse.token") == first.evaluate("window.pulse.token")


def test_a_phone_that_slept_asks_where_the_stream_is_and_claims_nothing_of_its_sleep(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 70, page)
    ingest.now += 1200  # twenty minutes in which the page's clock stood still
    page.evaluate("{ const real = Date.now; Date.now = () => real() + 1200000; }")
    before = len(ingest.asked)
    watch(ingest, 90, page)
    assert ingest.asked[before][1].endswith(".0.0")  # only a question
    assert [m for m in minutes(ingest) if m > 31] == [51, 52]


def test_who_leaves_says_what_is_unsaid(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 55, page)
    ingest.kept.clear()
    page.evaluate("window.pulse.told.clear()")
    with page.expect_request("**/live/pulse**"):
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    watch(ingest, 1, page)
    assert minutes(ingest) == [30]


def test_after_the_end_the_page_is_silent(ingest):
    page = hall_page(ingest.context)
    watch(ingest, 10, page)
    ingest.answer = 410
    watch(ingest, 60, page)
    asked = len(ingest.asked)
    watch(ingest, 120, page)
    assert len(ingest.asked) == asked
