"""A number is read, opened down to one record and left again; a wall stays true for weeks."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESK
from tests.walls import Line


def withheld(page: Page) -> tuple[int, int]:
    """Read how many records there are, and how many of them are not this reader's."""
    said = re.findall(r"[\d,]+", page.locator("p.note").first.inner_text())
    return int(said[0].replace(",", "")), int(said[1].replace(",", "")) if len(said) > 1 else 0


def test_a_reader_opens_a_rate_reads_what_it_means_walks_to_one_matter_and_comes_back(opens):
    reader = opens("resident")
    page = reader.open("/figures/")
    card = page.locator("div.stack", has=page.get_by_role("heading", name="办结率", exact=True))
    said = card.locator(".basis").inner_text()
    card.get_by_role("link", name="怎么数的").click()
    expect(page.get_by_role("heading", name="办结率").first).to_be_visible()
    expect(page.get_by_text("本时段提出并已受理的诉求里，到现在已经办结的。")).to_be_visible()
    expect(page.get_by_text("诉求里已受理的，按提出时间归入时段")).to_be_visible()
    reader.check()
    page.get_by_role("link", name="打开分母").click()
    n, others = withheld(page)
    assert f"{n:,} 中的" in said or f"/ {n}" in said or "不足 5" in said
    assert page.locator("#rows li").count() == min(n - others, 40) > 0
    matter = page.locator("#rows a.item").first
    title = matter.locator("b").inner_text()
    matter.click()
    expect(page.get_by_role("main")).to_contain_text(title)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="怎么数的")).to_be_visible()
    assert reader.faults == []


def test_a_district_operator_opens_only_what_is_the_own(town, opens):
    assert town.call("tests.journeys.town:raise_many", 2, "东升社区") == 2  # not cleared, in 鄞州区
    city, district = opens("city_operator", width=DESK), opens("district_operator", width=DESK)
    url = "/figures/matters.raised/records/"
    n, hidden = withheld(city.open(url))
    assert hidden == 0
    assert withheld(district.open(url)) == (n, 2), "the number is everybody's"
    assert district.page.locator("#rows li").count() == min(n - 2, 40)
    district.check()


def test_a_wall_keeps_its_numbers_over_a_lost_line_and_its_heap_over_a_hundred_looks(opens):
    wall = opens("staff", width=1920)
    page = wall.open("/figures/wall/")
    expect(page.get_by_role("heading", name="生效的启动令")).to_be_visible()
    wall.check()
    page.set_viewport_size({"width": 3840, "height": 2160})
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "one window high"
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".wall-city *")]
             .filter((e) => e.checkVisibility() && !e.closest(".sr") && e.innerText)
             .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert smallest >= 32, "20 mm on a wall 2.4 m wide: legible from eight metres"
    line = Line(page, page.request.get(f"{wall.origin}/figures/wall/part/").text())
    line.refresh(9)
    number = page.locator(".wall-number a").first
    last = number.inner_text()
    assert last == "8"
    lost = page.get_by_text("线路断了。上面的数截至")
    expect(lost).to_be_hidden()
    line.refresh(1)
    expect(lost).to_be_visible()
    assert re.search(r"\d\d:\d\d", lost.inner_text())
    assert number.inner_text() == last, "what stood there stays"
    number.focus()
    line.refresh(1)
    expect(lost).to_be_hidden()
    assert number.inner_text() == "11"
    expect(number).to_be_focused()
    line.refresh(40)
    before = line.weigh()
    line.refresh(100)
    after = line.weigh()
    assert (after.nodes, after.listeners) == (before.nodes, before.listeners)
    assert after.heap <= 1.05 * before.heap
    page.get_by_role("button", name="暂停更新").click()
    expect(page.get_by_role("button", name="暂停更新")).to_have_attribute("aria-pressed", "true")
    assert wall.faults == []
