"""A shift at the gate, with one hand and no signal, on real screens."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESK


def tap(page: Page, name: str) -> None:
    """Tap a button that says this."""
    page.get_by_role("button", name=name, exact=True).first.click()


def write_down(page: Page, n: int) -> None:
    """Write a visitor, a car or a resident into the log, as the gate does."""
    if n % 3 == 0:
        tap(page, "本小区居民")
    elif n % 3 == 1:
        tap(page, "来访人")
        page.get_by_label("姓名").fill(f"来访人{n}")
    else:
        tap(page, "车辆")
        page.get_by_label("车牌").fill(f"浙B{10000 + n}")
    tap(page, "体温正常")
    expect(page.get_by_text("记下了")).to_be_visible()


def test_thirty_entries_without_signal_are_thirty_rows_and_the_order_s_end_empties_the_phone(
    town, opens
):
    ids = town.known["ids"]
    town.call("tests.journeys.town:stand_now", ids["shift"])
    keeper = opens("community_secretary")
    page = keeper.open(f"/duty/gates/{ids['gate']}/phone/")
    keeper.check()
    tap(page, "在这部手机上打开")
    expect(page.get_by_role("heading", name=re.compile("澄浪社区"))).to_be_visible()
    page.locator("html[data-kept]").wait_for(state="attached")
    keeper.check()

    keeper.context.set_offline(True)
    for n in range(30):
        write_down(page, n)
    expect(page.get_by_text("30 条在本机，待上传")).to_be_visible()
    assert town.call("tests.journeys.town:entries_of", ids["gate"]) == 0
    page.reload()  # from the worker alone
    expect(page.get_by_text("30 条在本机，待上传")).to_be_visible()
    keeper.faults.clear()  # without a line the browser itself complains
    keeper.check()
    keeper.faults.clear()

    keeper.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=90_000)
    assert town.call("tests.journeys.town:entries_of", ids["gate"]) == 30
    expect(page.locator("[data-count]")).to_have_text("30")

    tap(page, "签到")
    tap(page, "单晓芸 到了")
    expect(page.get_by_role("button", name="单晓芸 走了")).to_be_visible()
    keeper.faults.clear()
    keeper.check()
    tap(page, "交接")
    page.get_by_label("交代给下一班的话").fill("额温枪在保安亭抽屉里")
    tap(page, "签名交班")
    expect(page.get_by_text("额温枪在保安亭抽屉里")).to_be_visible()
    page.get_by_label("接班人").select_option(label="单晓芸")
    tap(page, "我接班，已看过")
    expect(page.get_by_text("额温枪在保安亭抽屉里")).to_be_hidden()
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    keeper.check()

    community = opens("community_secretary", width=DESK)
    page = community.open("/duty/hours/")
    community.check()
    tap(page, "确认所选")
    expect(page.get_by_text("已确认 1 人的工时。")).to_be_visible()
    community.check()

    town.call("tests.journeys.town:end_the_order", ids["order"])
    page = keeper.page
    page.reload()
    expect(page.get_by_text("这部手机现在不是卡口手机")).to_be_visible()
    expect(page.get_by_text("现在没有生效的启动令")).to_be_visible()
    bases = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert "groundwork-gate" not in bases
