"""A broadcast in real browsers: pushed, watched, taken part in, lost, back, over, seen again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.city import City, wait_until
from tests.journeys.browser import DESK, Reader
from tests.journeys.test_evening import press
from tests.live import Broadcast, Encoder, start_receiver

NO_HLS_OF_ITS_OWN = """
HTMLMediaElement.prototype.canPlayType = function () { return ""; };
"""
MOVES = "() => { const v = document.querySelector('video'); return v && v.currentTime > %s; }"
ASKED = "以后还能看回放吗？"


@dataclass
class Night:
    """An evening that is under way, its stream and the port that takes pictures."""

    evening: str
    hall: str
    live: Broadcast


@pytest.fixture
def night(town: City) -> Iterator[Night]:
    """An evening that began five minutes ago, and a receiver for its pictures."""
    made = town.call("tests.journeys.town:an_evening_on_air")
    live = Broadcast(town, start_receiver(town), made["stream"], made["key"])
    yield Night(made["evening"], f"/study/evenings/{made['evening']}/hall/", live)
    town.kill("receiver")


def plays(page: Page, beyond: float = 1.0) -> None:
    """Wait until the picture's own clock has moved on."""
    page.wait_for_function(MOVES % beyond, timeout=45_000)


def first_segments(live: Broadcast) -> None:
    wait_until(lambda: live.get(live.now()["hls"])[0] == 200, "the first segments")


def test_an_evening_is_watched_taken_part_in_and_seen_again(town, opens, night):
    live = night.live
    anybody = opens("resident")
    page = anybody.open(night.hall)
    expect(page.get_by_text("还没有开始，开始后这里会出现播放按钮")).to_be_visible()
    anybody.check()

    staff, old_phone = opens("staff"), opens("colleague", width=DESK)
    old_phone.page.add_init_script(NO_HLS_OF_ITS_OWN)
    with Encoder(live.url, seconds=600, realtime=True) as encoder:
        live.wait_for(state="on_air")
        first_segments(live)

        # With HLS of the browser's own: no library is fetched.
        fetched: list[str] = []
        staff.page.on("request", lambda request: fetched.append(request.url))
        page = staff.open(night.hall)
        assert not [url for url in fetched if ".m3u8" in url or "/vendor/" in url]
        press(page, "看直播")
        plays(page)
        assert not [url for url in fetched if "/vendor/hls" in url]
        staff.check()

        # One tap, on the roll as what it is.
        press(page, "我在收看")
        expect(page.get_by_text("已签到").first).to_be_visible()
        on_the_roll = town.call("tests.journeys.town:on_the_roll", night.evening)
        assert on_the_roll == [f"{town.call('tests.journeys.town:name_of', 'staff')} live"]

        # Without it: the library, judged by its digest, under the same policy.
        library: list[str] = []
        old_phone.page.on("request", lambda request: library.append(request.url))
        desk = old_phone.open(night.hall)
        press(desk, "看直播")
        plays(desk)
        assert [url for url in library if "/vendor/hls.light" in url]
        old_phone.check()

        asks_and_is_shown(opens, anybody, night)

        encoder.kill()  # the line is torn
        live.wait_for(state="broken")
        for reader in (staff, old_phone):
            expect(reader.page.get_by_text("您的位置还在")).to_be_visible(timeout=60_000)
    staff.check()
    stood = desk.evaluate("document.querySelector('video').currentTime")
    with Encoder(live.url, seconds=600, realtime=True):
        live.wait_for(state="on_air")
        for reader in (staff, old_phone):
            expect(reader.page.get_by_text("您的位置还在")).to_be_hidden(timeout=60_000)
        desk.wait_for_function(
            "was => { const v = document.querySelector('video'); "
            "return !v.paused && v.readyState > 2 && v.currentTime !== was; }",
            arg=stood,
            timeout=45_000,
        )

    town.call("tests.live_scenes:close", live.stream)
    live.wait_for(recorded="ready")
    town.call("tests.journeys.town:let_time_pass", night.evening, 100)
    seen_again(town, opens, night)


def asks_and_is_shown(opens, anybody: Reader, night: Night) -> None:
    """Let somebody without an account ask; the moderator puts it onto the speaker's screen."""
    page = anybody.open(night.hall)
    page.get_by_text("向宣讲员提问").click()
    page.get_by_label("您想问宣讲员什么").fill(ASKED)
    anybody.check()
    press(page, "交给主持人")
    expect(page.get_by_text("问题已经交给主持人")).to_be_visible()
    operator = opens("city_operator", width=DESK)
    desk = operator.open(night.hall + "desk/")
    press(desk, "上宣讲员屏幕")
    operator.check()
    speaker = opens("city_operator", width=DESK)
    screen = speaker.open(night.hall + "speaker/")
    expect(screen.get_by_text(ASKED)).to_be_visible()
    speaker.check()


def seen_again(town: City, opens, night: Night) -> None:
    """Watch the replay as somebody who was away, and say so."""
    away = opens("clerk")
    page = away.open(night.hall)
    press(page, "看回放")
    plays(page)
    away.check()
    press(page, "我看了回放")
    expect(page.get_by_text("已签到").first).to_be_visible()
    assert f"{town.call('tests.journeys.town:name_of', 'clerk')} replay" in town.call(
        "tests.journeys.town:on_the_roll", night.evening
    )


def test_the_letters_grow_and_stay_large(town, opens):
    reader = opens("staff")
    hall = f"/study/evenings/{town.known['ids']['tonight']}/hall/"
    page = reader.open(hall)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    press(page, "大字")
    assert page.evaluate(size) > before * 1.3
    reader.check()
    reader.open(hall)
    assert page.evaluate(size) > before * 1.3
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
