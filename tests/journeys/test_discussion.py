"""A discussion copied to a district: said, passed on, found with oneself, put right, checked."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader
from tests.journeys.test_evening import press
from tests.journeys.test_television import pick

TITLE, ASKED, LOCAL = "担当作为大讨论", "怎样让企业少跑一趟？", "老小区加装电梯怎样接得更快？"
WISH = "一楼大厅加一张矮桌，坐轮椅的人也好填表。"
FOUND, FIXED = "企业的电话留言三天没人回。", "值班表写明了谁回，留言都是当天回的。"
DAYS = {"mobilise": (-20, -1), "discuss": (0, 10), "rectify": (0, 60)}


def fill_days(page: Page) -> None:
    """Fill in the days so that today people discuss and put right."""
    day = clock.today()
    for kind, (first, last) in DAYS.items():
        page.locator(f"[name={kind}_first]").fill((day + timedelta(days=first)).isoformat())
        page.locator(f"[name={kind}_last]").fill((day + timedelta(days=last)).isoformat())


def look_through(one: Reader) -> None:
    """Check a long page from its end: the bar of buttons covers what is scrolled beneath it."""
    one.page.keyboard.press("End")
    one.check()


def lead(one: Reader) -> str:
    """Draft a discussion, ask a question in it, publish it; give its address."""
    page = one.open("/campaigns/discussions/")
    press(page, "发起大讨论")
    page.get_by_label("名称").fill(TITLE)
    fill_days(page)
    one.check()
    press(page, "存为草稿")
    expect(page.get_by_text("草稿建好了")).to_be_visible()
    press(page, "出一个讨论题")
    page.get_by_label("讨论什么").fill(ASKED)
    press(page, "保存")
    press(page, "发布")
    expect(page.get_by_text("已发布。")).to_be_visible()
    look_through(one)
    return page.url


def copy(one: Reader, address: str) -> str:
    """Copy it for the district with a question of its own; give the copy's address."""
    page = one.open(address)
    press(page, "参照制定一份")
    press(page, "参照制定")
    expect(page.get_by_text("已参照制定")).to_be_visible()
    press(page, "出一个讨论题")
    page.get_by_label("讨论什么").fill(LOCAL)
    press(page, "保存")
    press(page, "发布")
    expect(page.get_by_text(ASKED)).to_be_visible()
    expect(page.locator("li", has_text=LOCAL).get_by_text("本地加的")).to_be_visible()
    look_through(one)
    return page.url


def pass_on(one: Reader, word: str) -> None:
    """Show what somebody said, and make a matter of it."""
    page = one.open(word)
    press(page, "展示")
    expect(page.get_by_text("展示了，本人已收到通知。")).to_be_visible()
    press(page, "转去办理")
    page.get_by_label("类别").select_option(label="社会保障与养老")
    one.check()
    press(page, "转办")
    expect(page.get_by_text("转办了，答复会直接告诉提的人。")).to_be_visible()


def write_down(one: Reader, address: str) -> str:
    """Put a finding of the own unit into the ledger; give its address."""
    page = one.open(address)
    press(page, "登记问题")
    page.get_by_label("问题类别").select_option(label="责任落实")
    page.get_by_label("发现什么问题").fill(FOUND)
    page.get_by_label("从哪里看出来").fill("抽看了留言登记，七条里有三条过了三天。")
    page.get_by_label("准备怎么改").fill("留言当天回，值班表上写明谁回。")
    pick(page, "责任人", "单晓芸", "单晓芸")
    page.get_by_label("到哪天改好").fill((clock.today() + timedelta(days=14)).isoformat())
    one.check()
    press(page, "记进台账")
    expect(page.get_by_text("记进台账了，责任人已收到通知。")).to_be_visible()
    one.check()
    return page.url


def test_a_city_s_discussion_is_copied_spoken_in_and_what_a_unit_finds_is_put_right(opens, town):
    city, district = opens("city_operator"), opens("district_operator")
    staff, chief = opens("staff"), opens("unit_secretary")
    whole = lead(city)
    local = copy(district, whole)

    page = staff.open(local)
    press(page, "提意见建议")
    page.get_by_label("写下来").fill(WISH)
    staff.check()
    press(page, "发出去")
    expect(page.get_by_text("交上去了，看过就展示。")).to_be_visible()
    pass_on(district, page.url)
    page = staff.open(page.url)
    expect(page.get_by_text("已提交")).to_be_visible()
    staff.check()

    finding = write_down(chief, local)
    page = staff.open("/")
    page.get_by_role("link", name=FOUND.rstrip("。")).first.click()
    press(page, "报整改完成")
    page.get_by_label("改了什么，有什么为证").fill(FIXED)
    press(page, "报完成")
    expect(page.get_by_text("报上了，等别人来核对。")).to_be_visible()

    page = district.open(finding)
    press(page, "登记核对情况")
    page.get_by_label("整改到位").check()
    page.get_by_label("看到了什么").fill("抽看了留言登记，都是当天回的。")
    press(page, "保存")
    expect(page.get_by_text("已核对")).to_be_visible()
    district.check()

    english = opens("city_operator", locale="en", width=DESK)
    page = english.open(whole)
    expect(page.get_by_text("Copies below")).to_be_visible()
    look_through(english)
    english.open(finding)
    english.check()
