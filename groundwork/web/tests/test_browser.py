"""The catalogue in a real Chromium: readable by all, usable by thumb, keyboard and bad lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The smallest rem in which a thumb hits; 44 px at the usual size.
TARGET = 44


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


def open_page(
    browser: Browser, server: Any, name: str = "web:catalogue", *, width: int = 360, **wishes: Any
) -> Page:
    look, language = wishes.pop("look", "light"), wishes.pop("language", "zh-hans")
    context = browser.new_context(viewport={"width": width, "height": 760}, **wishes)
    for cookie, value in (("look", look), ("django_language", language)):
        context.add_cookies([{"name": cookie, "value": value, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(server.url + reverse(name))
    return page


@pytest.mark.parametrize("name", ["web:catalogue", "web:catalogue_phone"])
@pytest.mark.parametrize(
    ("width", "look", "language"),
    [
        (360, "light", "zh-hans"),
        (360, "dark", "en"),
        (1280, "light", "en"),
        (1280, "dark", "zh-hans"),
    ],
)
def test_nothing_bars_anyone(browser, live_server, name, width, look, language):
    page = open_page(browser, live_server, name, width=width, look=look, language=language)
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", WCAG)["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scale", [1, 2])
def test_a_thumb_hits_what_can_be_tapped_at_any_font_size(browser, live_server, scale):
    page = open_page(browser, live_server)
    page.evaluate("scale => document.documentElement.style.fontSize = `${scale * 100}%`", scale)
    sizes = page.eval_on_selector_all(
        ".btn, .dock a, a.item, .ticks label, .segments label, .tabs a",
        "all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width).map(([t, r]) => [t, r.height, r.width])",
    )
    assert len(sizes) > 20
    assert [row for row in sizes if min(row[1:]) < TARGET] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_no_request_leaves_the_city_and_nothing_breaks_its_content_policy(browser, live_server):
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + reverse("web:catalogue"))
    page.wait_for_load_state("networkidle")
    assert complaints == []
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_the_keyboard_jumps_over_the_navigation(browser, live_server):
    page = open_page(browser, live_server, "web:catalogue_phone")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_phone_reaches_every_section_without_a_script(browser, live_server):
    page = open_page(browser, live_server, "web:catalogue_phone", java_script_enabled=False)
    sheet = page.locator("#sections")
    expect(sheet).to_be_hidden()
    page.locator(".dock a").last.click()
    expect(sheet.get_by_text("表格导入")).to_be_visible()
    sheet.get_by_text("关闭").click()
    expect(sheet).to_be_hidden()


def test_more_rows_come_by_link_without_a_script(browser, live_server):
    page = open_page(browser, live_server, java_script_enabled=False)
    page.locator("#rows-more a").click()
    expect(page.locator("#rows")).to_contain_text("第 4 件")
    expect(page.locator("#rows")).not_to_contain_text("第 3 件")


def test_more_rows_are_added_in_place_until_the_end(browser, live_server):
    page = open_page(browser, live_server)
    rows = page.locator("#rows > li")
    for expected in (6, 9, 12):
        page.locator("#rows-more a").click()
        expect(rows).to_have_count(expected)
    expect(page.locator("#rows-more a")).to_have_count(0)


def test_a_namesake_is_found_by_typing_and_taken_by_keyboard(browser, live_server):
    page = open_page(browser, live_server)
    typed = page.locator("#id_fresh-place")
    typed.press_sequentially("岭下")
    expect(page.locator("#id_fresh-place-list [role=option]")).to_have_count(2)
    typed.press("ArrowDown")
    typed.press("ArrowDown")
    typed.press("Enter")
    expect(page.locator("input[name=fresh-place]")).to_have_value("sample000002")
    expect(typed).to_have_value("岭下村")


def test_the_reader_is_taken_to_what_is_wrong(browser, live_server):
    page = open_page(browser, live_server)
    expect(page.locator(".summary")).to_be_focused()


def test_a_chosen_look_outlives_the_page(browser, live_server):
    page = open_page(browser, live_server)
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    assert page.evaluate("getComputedStyle(document.body.parentNode).backgroundColor") == (
        "rgb(20, 23, 26)"
    )


def send(page: Page, plate: str) -> str:
    """Type and send on the offline form; give the key the entry went under."""
    key: str = page.locator("form[data-queue] input[name=client_key]").input_value()
    page.locator("#plate").fill(plate)
    page.locator("form[data-queue] button").click()
    return key


def test_an_entry_made_offline_waits_and_goes_out_by_itself(browser, live_server):
    page = open_page(browser, live_server)
    other = page.context.new_page()  # a second tab, which comes online at the same moment
    other.goto(page.url)
    page.context.set_offline(True)
    key = send(page, "浙B7K21")
    expect(page.locator("[data-queue-count]")).to_have_text("1 条在本机，待上传")
    sent: list[str] = []
    page.context.on("request", lambda r: sent.append(r.headers.get("x-client-key", "")))
    page.context.set_offline(False)
    expect(page.locator("[data-queue-count]")).to_be_hidden()
    other.evaluate("navigator.locks.request('groundwork-sends', () => 1)")
    assert [one for one in sent if one] == [key]
    answers = [tab.locator("[data-queue-answer]") for tab in (page, other)]
    assert [key in answer.inner_text() for answer in answers].count(True) == 1


TWO_AT_ONCE = """plates => plates.map(plate => {
    const form = document.querySelector("form[data-queue]"), key = form.elements.client_key.value;
    form.elements.plate.value = plate;
    form.requestSubmit();
    return key;
})"""


def test_entries_made_offline_outlive_the_page(browser, live_server):
    page = open_page(browser, live_server)
    page.context.set_offline(True)
    # The second is typed before the first can have been kept.
    keys = page.evaluate(TWO_AT_ONCE, ["浙B7K21", "浙B7K22"])
    expect(page.locator("[data-queue-count]")).to_have_text("2 条在本机，待上传")
    assert keys[0] != keys[1]
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.headers.get("x-client-key", "")))
    page.goto(live_server.url + reverse("web:catalogue"))
    expect(page.locator("[data-queue-answer]")).to_contain_text(keys[1])
    expect(page.locator("[data-queue-answer]")).to_contain_text(keys[0])  # both are answered
    assert [key for key in sent if key] == keys


def test_an_answer_lost_on_the_line_is_asked_again_under_the_same_key(browser, live_server):
    page = open_page(browser, live_server)
    arrived: list[str] = []

    def lose_first_answer(route: Route) -> None:
        arrived.append(route.request.headers["x-client-key"])
        route.fetch()  # the server has it …
        if len(arrived) == 1:
            route.abort()  # … but its word never comes back
        else:
            route.continue_()

    page.route("**" + reverse("web:catalogue_queue"), lose_first_answer)
    key = send(page, "浙B7K21")
    expect(page.locator("[data-queue-answer]")).to_contain_text(key)
    assert arrived == [key, key]


def test_an_entry_that_a_full_disk_refused_waits_and_goes_out_under_the_same_key(
    browser, live_server
):
    page = open_page(browser, live_server)
    arrived: list[str] = []

    def full_at_first(route: Route) -> None:
        arrived.append(route.request.headers["x-client-key"])
        if len(arrived) == 1:
            route.fulfill(status=507, body="<p>服务器的磁盘满了</p>", content_type="text/html")
        else:
            route.continue_()

    page.route("**" + reverse("web:catalogue_queue"), full_at_first)
    key = send(page, "浙B7K21")
    expect(page.locator("[data-queue-answer]")).to_contain_text("已存在本机")
    expect(page.locator("[data-queue-count]")).to_have_text("1 条在本机，待上传")
    page.evaluate("window.dispatchEvent(new Event('online'))")  # as if its wait were over
    expect(page.locator("[data-queue-answer]")).to_contain_text(key)
    assert arrived == [key, key]


def test_what_one_account_kept_is_never_sent_under_anothers_name(browser, live_server):
    page = open_page(browser, live_server)
    page.context.set_offline(True)
    key = send(page, "浙B7K21")
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.headers.get("x-client-key", "")))

    def signed_in_as_another(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('data-actor=""', 'data-actor="2"')
        route.fulfill(response=answer, body=body)

    page.route("**" + reverse("web:catalogue"), signed_in_as_another)
    page.goto(live_server.url + reverse("web:catalogue"))
    other = send(page, "浙B7K22")
    expect(page.locator("[data-queue-answer]")).to_contain_text(other)
    assert key not in sent
