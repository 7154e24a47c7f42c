"""A fever, a call for help and a quiet break at a gate without signal: nothing false is said."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader
from tests.journeys.test_duty import tap

WAITS, ARRIVED = "没有信号，社区还不知道", "已送到社区"
KEPT = """async () => {
  const base = await new Promise((done) => {
    const request = indexedDB.open("groundwork-gate");
    request.onsuccess = () => done(request.result);
  });
  const count = (store) => new Promise((done) => {
    const request = base.transaction(store).objectStore(store).count();
    request.onsuccess = () => done(request.result);
  });
  const found = { acts: await count("acts"), seen: await count("seen") };
  base.close();
  return found;
}"""
SHOTS = os.environ.get("SHOTS", "")  # a folder for who wants to look


def shot(page: Page, name: str) -> None:
    """Take a picture for a person to look at, where one asks for it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def open_gate(keeper: Reader, gate: str) -> Page:
    """Make the phone in hand the gate's own, and wait until it would work without signal."""
    page = keeper.open(f"/duty/gates/{gate}/phone/")
    tap(page, "在这部手机上打开")
    page.locator("html[data-kept]").wait_for(state="attached")
    return page


def fever_without_signal(keeper: Reader) -> None:
    """Find a fever where there is no signal: the screen says so and shows whom to ring."""
    page = keeper.page
    keeper.context.set_offline(True)
    tap(page, "本小区居民")
    tap(page, "发热 37.3℃ 以上")
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text(WAITS)).to_be_visible()
    expect(dialog.get_by_role("link", name="竺春华")).to_have_attribute(
        "href", re.compile("tel:[0-9]{11}")
    )
    keeper.faults.clear()  # without a line the browser itself complains
    keeper.check()
    shot(page, "fever-waits")
    tap(page, "知道了，继续登记")
    expect(page.locator("[data-alarms]").get_by_text(WAITS)).to_be_visible()


def help_without_signal(keeper: Reader) -> None:
    """Call for help there too, twice with one meaning; both words wait."""
    page = keeper.page
    for _tap in range(2):
        tap(page, "叫社区来人")
    strip = page.locator("[data-alarms]")
    expect(strip.get_by_text("需要支援")).to_have_count(1)
    expect(strip.get_by_role("link", name="竺春华")).to_be_visible()
    page.reload()  # from the worker alone
    expect(strip.get_by_text(WAITS)).to_have_count(2)
    keeper.faults.clear()
    keeper.check()
    shot(page, "help-waits")


def names_go_with_the_order(keeper: Reader) -> None:
    """Let the order's end come where there is no signal: the phone forgets by its own clock."""
    page = keeper.page
    tap(page, "登记")
    keeper.context.set_offline(True)
    tap(page, "来访人")
    page.get_by_label("姓名").fill("王小明")
    tap(page, "体温正常")
    expect(page.get_by_text("条在本机，待上传")).to_be_visible()
    assert page.evaluate(KEPT)["acts"] == 1
    page.clock.set_fixed_time(clock.now() + timedelta(days=21))
    expect(page.get_by_text("启动令到期了")).to_be_visible()
    assert page.evaluate(KEPT) == {"acts": 0, "seen": 0}
    assert "毛建军" not in page.content()
    keeper.faults.clear()
    keeper.check()
    shot(page, "over")


def test_a_gate_says_of_an_alarm_what_has_become_of_it_and_nothing_else(town, opens):
    ids = town.known["ids"]
    town.call("tests.journeys.town:runs_now", ids["shift"])
    keeper = opens("community_secretary")
    page = open_gate(keeper, ids["gate"])
    fever_without_signal(keeper)
    help_without_signal(keeper)

    keeper.faults.clear()
    keeper.context.set_offline(False)
    strip = page.locator("[data-alarms]")
    expect(strip.get_by_text(WAITS)).to_have_count(0, timeout=30_000)
    expect(strip.get_by_text(ARRIVED).first).to_be_visible()
    expect(strip.get_by_role("link", name="竺春华")).to_be_hidden()
    shot(page, "arrived")

    community = opens("community_secretary", width=DESK)
    desk = community.open("/duty/alarms/")
    desk.get_by_role("link", name="需要支援").first.click()
    desk.get_by_label("怎么处理的").fill("去了两个人")
    tap(desk, "已处理")
    expect(desk.get_by_text("去了两个人")).to_be_visible()
    expect(strip.get_by_text("社区已处理")).to_be_visible(timeout=30_000)

    tap(page, "签到")
    tap(page, "毛建军 家里有事，暂离")
    expect(page.get_by_text("近处没有卡口能照看，已告诉社区")).to_be_visible(timeout=30_000)
    keeper.check()
    shot(page, "break")
    tap(page, "毛建军 回来了")
    expect(page.get_by_role("button", name="毛建军 家里有事，暂离")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    names_go_with_the_order(keeper)
