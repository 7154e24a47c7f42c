"""Duty on real screens, whole: from the order to the hours, and the log that is gone with it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader

TITLE = "寒潮联防"
MINUTES = timedelta(minutes=4)


def tap(page: Page, name: str) -> None:
    """Tap a button or a link that says this."""
    button = page.get_by_role("button", name=name, exact=True)
    button.or_(page.get_by_role("link", name=name, exact=True)).first.click()


def fill(page: Page, **fields: object) -> None:
    """Fill fields by their names."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(str(value))


def picked(moment: datetime) -> str:
    """Write a moment as the device's picker does."""
    return f"{moment:%Y-%m-%dT%H:%M}"


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


def address_on(page: Page) -> str:
    """Read the QR off the gate's phone, as a camera does."""
    picture = Image.open(BytesIO(page.locator("[data-code] svg").first.screenshot()))
    found = zxingcpp.read_barcode(picture.resize((picture.width * 2, picture.height * 2)))
    assert found is not None, "no camera could read this code"
    return str(found.text)


def order_and_needs(operator: Reader, start: datetime) -> str:
    """Order, set a gate up, ask for two people from `start` on, call people up; give the order."""
    page = operator.open("/duty/orders/new/")
    operator.check()
    tap(page, "疫情防控")
    fill(
        page,
        title=TITLE,
        starts_at=picked(start - timedelta(hours=2)),
        ends_at=picked(start + timedelta(days=2)),
    )
    tap(page, "存草稿")
    operator.check()
    tap(page, "下达")
    operator.check()
    tap(page, "下达，生效")
    expect(page.get_by_text("启动令已下达。")).to_be_visible()
    order = page.url.rstrip("/").rpartition("/")[2]
    operator.open(f"/duty/orders/{order}/gates/new/")
    page.get_by_label("在哪里").fill("澄浪")
    page.get_by_role("option", name="澄浪社区").first.click()
    fill(page, name="南大门", spot="菜场对面")
    tap(page, "设卡口")
    operator.check()
    end = start + timedelta(hours=5)
    fill(page, starts=f"{start:%H:%M}", ends=f"{end:%H:%M}", first=start.date(), last=start.date())
    fill(page, lead="", general=2)
    tap(page, "排上")
    expect(page.get_by_text("新增 1 个班次。")).to_be_visible()
    operator.check()
    operator.open(f"/duty/orders/{order}/call/")
    tap(page, "召集")
    return order


def can_always(one: Reader, order: str) -> None:
    """Say with one tap that one can come at any time."""
    page = one.open(f"/duty/orders/{order}/me/")
    one.check()
    tap(page, "任何时候")
    expect(page.get_by_text("记下了：任何时候")).to_be_visible()


def plan_and_publish(operator: Reader, order: str, day: object) -> None:
    """Let the planner compute the day, read what it proves, publish it."""
    page = operator.open(f"/duty/orders/{order}/plan/")
    fill(page, first_day=day, days=1)
    tap(page, "开始计算")
    expect(page.get_by_text("独立核验：没有违反规则")).to_be_visible(timeout=120_000)
    operator.check()
    tap(page, "发布，通知到每个人")
    expect(page.get_by_text("已发布：新排 2 个班次")).to_be_visible()
    operator.check()


def swap(giver: Reader, taker: Reader, name: str) -> None:
    """Offer the next shift to a colleague, who takes it."""
    page = giver.open("/duty/my/")
    giver.check()
    tap(page, "地点、同伴、电话")
    tap(page, "换班")
    giver.check()
    page.get_by_label(re.compile(f"给{name}")).check()
    tap(page, "提出换班")
    expect(page.get_by_text("已提出换班")).to_be_visible()
    page = taker.open("/duty/my/swaps/")
    taker.check()
    tap(page, "我来接")
    expect(page.get_by_text("接下了，谢谢。")).to_be_visible()


def come_without_signal(one: Reader, address: str) -> None:
    """Scan the gate's code where there is no signal; the tap is sent when there is."""
    one.open("/duty/my/")
    one.page.locator("html[data-kept]").wait_for(state="attached")
    one.context.set_offline(True)
    page = one.open(address)  # the plain camera opens it; the kept page answers
    tap(page, "我到了（或者我走了）")
    expect(page.get_by_text("已存在本机").first).to_be_visible()
    one.faults.clear()  # without a line the browser itself complains
    one.context.set_offline(False)
    expect(page.get_by_text("已到岗").first).to_be_visible(timeout=30_000)
    one.check()


def come_by_poster(one: Reader, poster: str) -> None:
    """Tap at the poster where the signal is gone: it counts from the tap, not from its arrival."""
    tapped = clock.now().astimezone(clock.ZONE) - MINUTES
    page = one.open(f"/duty/p/{poster}/")
    one.check()
    one.context.set_offline(True)
    page.clock.set_fixed_time(tapped)  # the phone's own clock, when it was tapped
    tap(page, "我到了（或者我走了）")
    expect(page.get_by_text("已存在本机").first).to_be_visible()
    one.faults.clear()
    one.context.set_offline(False)
    expect(page.get_by_text(f"到岗 {tapped:%H:%M}")).to_be_visible(timeout=30_000)


def log_thirty(keeper: Reader, entries: list[int], counts) -> None:
    """Write thirty entries without signal, reload, be online again: thirty rows, none twice."""
    page = keeper.page
    keeper.context.set_offline(True)
    for n in entries:
        write_down(page, n)
    expect(page.get_by_text("30 条在本机，待上传")).to_be_visible()
    assert counts() == 0
    page.reload()  # from the worker alone
    expect(page.get_by_text("30 条在本机，待上传")).to_be_visible()
    tap(page, "签到")
    expect(page.get_by_text("不扫码就输入")).to_be_visible()  # six digits go on without a line
    keeper.faults.clear()
    keeper.check()
    keeper.faults.clear()
    tap(page, "登记")
    keeper.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=90_000)
    assert counts() == 30
    expect(page.locator("[data-count]")).to_have_text("30")


def hand_over(keeper: Reader, giver: str, taker: str) -> None:
    """Sign the note of one and the taking over of the other."""
    page = keeper.page
    tap(page, "交接")
    page.get_by_label("交班人").select_option(label=giver)
    page.get_by_label("交代给下一班的话").fill("额温枪在保安亭抽屉里")
    tap(page, "签名交班")
    expect(page.get_by_text("额温枪在保安亭抽屉里")).to_be_visible()
    page.get_by_label("接班人").select_option(label=taker)
    tap(page, "我接班，已看过")
    expect(page.get_by_text("额温枪在保安亭抽屉里")).to_be_hidden()
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    keeper.check()


def confirm_hours(page: Page, name: str) -> None:
    """Confirm the hours of one, who waits there once and went by a word of their own."""
    ticks = page.locator(".ticks input")
    for n in range(ticks.count()):
        ticks.nth(n).uncheck()
    one = page.locator(".ticks label").filter(has_text=name)
    expect(one).to_have_count(1)
    expect(one).not_to_contain_text("没签退")
    one.locator("input").check()
    tap(page, "确认所选")
    expect(page.get_by_text("已确认 1 人的工时。")).to_be_visible()
    expect(one).to_have_count(0)


def test_from_the_order_to_the_hours_and_the_log_that_is_gone(town, opens):
    start = (clock.now() + timedelta(minutes=25)).astimezone(clock.ZONE)
    operator = opens("city_operator")
    order = order_and_needs(operator, start)
    dispatcher, clerk, handler = (opens(who) for who in ("dispatcher", "clerk", "handler"))
    for one in (dispatcher, clerk):
        can_always(one, order)
    plan_and_publish(operator, order, start.date())
    can_always(handler, order)

    page = dispatcher.open("/duty/my/")
    tap(page, "我能来")
    expect(page.get_by_text("已确认，谢谢。")).to_be_visible()
    dispatcher.check()
    swap(clerk, handler, "鲍立新")

    gate, poster = town.call("tests.journeys.town:gate_of", order)
    keeper = opens("community_secretary")
    page = keeper.open(f"/duty/gates/{gate}/phone/")
    keeper.check()
    tap(page, "在这部手机上打开")
    expect(page.get_by_role("heading", name=re.compile("澄浪社区"))).to_be_visible()
    page.locator("html[data-kept]").wait_for(state="attached")
    tap(page, "签到")
    expect(page.locator("[data-code] svg").first).to_be_visible()
    keeper.check()
    come_without_signal(handler, address_on(page))
    come_by_poster(dispatcher, poster)
    tap(page, "范秀兰 到了")  # what the poster said waits for the lead's word
    expect(page.get_by_role("button", name="范秀兰 走了")).to_be_visible()
    expect(page.get_by_role("button", name="鲍立新 走了")).to_be_visible(timeout=30_000)
    keeper.faults.clear()

    town.call("tests.journeys.town:stand_now", order)
    tap(page, "登记")
    log_thirty(keeper, list(range(30)), lambda: town.call("tests.journeys.town:entries_of", gate))
    hand_over(keeper, "鲍立新", "范秀兰")
    tap(page, "签到")
    tap(page, "鲍立新 走了")
    expect(page.get_by_role("button", name="鲍立新 走了")).to_be_hidden()  # it is kept; now sent:
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    keeper.context.set_offline(True)  # the last one goes where there is no signal any more
    tap(page, "范秀兰 走了")
    expect(page.get_by_text("1 条在本机，待上传")).to_be_visible()

    community = opens("community_secretary", width=DESK)
    page = community.open("/duty/hours/")
    community.check()
    confirm_hours(page, "鲍立新")
    page = handler.open("/duty/my/")
    tap(page, f"{TITLE}：值守证明")
    expect(page.get_by_text("共 1 班，5 小时。")).to_be_visible()

    page = operator.open(f"/duty/orders/{order}/end/")
    operator.check()
    page.get_by_label("为什么").fill("寒潮过去了")
    tap(page, "结束，并抹除登记")
    town.call("tests.journeys.town:clear_logs")
    page = operator.open(f"/duty/orders/{order}/")
    expect(page.get_by_text("30 条卡口登记已全部抹除")).to_be_visible()
    operator.check()
    assert town.call("tests.journeys.town:entries_of", gate) == 0
    page = keeper.page
    keeper.faults.clear()
    keeper.context.set_offline(False)  # the signal is back, the order over: the going still counts
    expect(page.get_by_text("这部手机现在不是卡口手机")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("现在没有生效的启动令")).to_be_visible()
    bases = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert "groundwork-gate" not in bases
    page = community.open("/duty/hours/")
    confirm_hours(page, "范秀兰")
