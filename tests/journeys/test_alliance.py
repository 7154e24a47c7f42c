"""An alliance where a need is met: written down, matched, agreed to by both sides, on phones."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader
from tests.journeys.test_evening import press

NEED, OFFER = "外壳周转箱", "闲置的周转箱"


def write(one: Reader, side: str, what: str, amount: str) -> None:
    """Fill in the one form for needs and offers and send it."""
    page = one.page
    day = clock.today()
    page.get_by_label(side, exact=True).check()
    page.get_by_label("哪一类").select_option(label="物料")
    page.get_by_label("具体是什么").fill(what)
    page.get_by_label("数量").fill(amount)
    page.get_by_label("单位").select_option(label="箱")
    page.get_by_label("从哪天").fill(day.isoformat())
    page.get_by_label("到哪天").fill((day + timedelta(days=6)).isoformat())
    one.check()
    press(page, "保存")
    expect(page.get_by_text("已记下，有合适的会告诉两边。")).to_be_visible()


def row(page: Page, what: str) -> None:
    """Open the pair in which something stands."""
    page.locator("a.item", has_text=what).first.click()


def test_a_need_is_met_with_the_word_of_both_sides(opens, town):
    address = f"/campaigns/alliances/{town.known['ids']['alliance']}/"
    company, keeper = opens("enterprise"), opens("unit_secretary")

    page = company.open(address)
    assert "外地工人还没回来" not in page.content(), "why another stands still is not its business"
    press(page, "写一条")
    write(company, "需要", NEED, "300")

    page = keeper.open(address)  # the supplier has no account: its word is written down for it
    member = page.locator("li", has=page.locator("b", has_text="姚江注塑有限公司"))
    member.get_by_role("link", name="写一条").last.click()
    write(keeper, "能提供", OFFER, "400")
    press(page, "找一找谁能对上")
    expect(page.get_by_text("找到 1 对，两边都告诉了。")).to_be_visible()
    keeper.check()

    page = company.open("/")
    page.get_by_role("link", name=f"“{NEED}”有一家可以对接").first.click()
    expect(page.get_by_text("够：300 箱")).to_be_visible()
    company.check()
    press(page, "同意")
    expect(page.get_by_text("需求方同意，等供给方")).to_be_visible()

    page = keeper.open(address)
    row(page, NEED)
    press(page, "同意")
    expect(page.get_by_text("双方谈妥")).to_be_visible()
    keeper.check()

    page = company.open(address)
    expect(page.get_by_role("heading", name="谈妥的")).to_be_visible()
    company.check()
    assert OFFER not in page.content(), "of the other side it sees the pair, not the entry"
    english = opens("enterprise", locale="en", width=DESK)
    expect(english.open(address).get_by_text("Agreed by both").first).to_be_visible()
    english.check()
