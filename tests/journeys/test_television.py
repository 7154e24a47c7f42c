"""A season of the television inquiry on real screens, from the first problem to the last check."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader

TITLE, PROBLEM = "过街天桥（秋季）", "锈断了栏杆的过街天桥"
QUESTION = "过街天桥的栏杆锈断了三个月，什么时候能修好？"
PROMISE = "三天内换好，全区的天桥月底前查一遍。"
TV, UNIT = "/campaigns/tv/", "海曙区教育局"


def tap(page: Page, name: str) -> None:
    """Tap a button or a link that says this."""
    button = page.get_by_role("button", name=name, exact=True)
    button.or_(page.get_by_role("link", name=name, exact=True)).first.click()


def pick(page: Page, label: str, typed: str, wanted: str) -> None:
    """Type into a field that looks things up and take the one that is wanted."""
    page.get_by_label(label).first.press_sequentially(typed)
    page.get_by_role("option", name=wanted).first.click()


def plan(editor: Reader) -> tuple[str, str]:
    """Begin a season and plan an evening in three days; give the addresses of both."""
    now = clock.now()
    page = editor.open(TV)
    tap(page, "开一季")
    page.get_by_label("叫什么").fill("秋季问政")
    page.locator("[name=first_day]").fill(f"{now:%Y-%m-%d}")
    page.locator("[name=last_day]").fill(f"{now + timedelta(days=100):%Y-%m-%d}")
    tap(page, "保存")
    expect(page.get_by_text("已建好。")).to_be_visible()
    season = page.url
    tap(page, "排一期")
    page.get_by_label("这一期叫什么").fill(TITLE)
    page.locator("[name=airs_at]").fill(f"{now + timedelta(days=3):%Y-%m-%dT20:30}")
    tap(page, "保存")
    expect(page.get_by_text("已排好，播出以前别人看不到。")).to_be_visible()
    return season, page.url


def write_down(editor: Reader) -> None:
    """Write a problem into the ledger and onto the evening, with a clip."""
    page, evening = editor.page, editor.page.url
    tap(page, "登记一个问题")
    page.get_by_label("节目单上叫什么").fill(PROBLEM)
    page.get_by_label("节目里怎么问").fill(QUESTION)
    pick(page, "问哪个单位", "教育", UNIT)
    page.get_by_label("反映人的原话").fill("天桥的栏杆锈断了三个月，孩子贴着护栏走。")
    pick(page, "在哪个社区（村）", "澄浪", "澄浪社区")
    page.get_by_label("属于哪一类").select_option(label="道路与市政设施")
    tap(page, "保存")
    expect(page.get_by_text("已登记进诉求台账，到播出时公开。")).to_be_visible()
    tap(page, "加短片或佐证")
    page.get_by_label("叫什么").fill("夜里拍到的")
    page.get_by_label("链接").fill("https://tv.example.cn/v/1")
    tap(page, "保存")
    assert page.url == evening


def ask_jury_and_unit(editor: Reader) -> str:
    """Let the unit prepare and the jury vote; give the problem's address."""
    page, evening = editor.page, editor.page.url
    tap(page, "定评议员")
    page.get_by_label("童雅琴").check()
    tap(page, "保存")
    tap(page, "开始评议")
    expect(page.get_by_text("评议开始了，评议员已收到通知。")).to_be_visible()
    page.get_by_role("link", name=PROBLEM).click()
    tap(page, "给被问单位看")
    expect(page.get_by_text("被问单位现在看得到，已通知它准备。")).to_be_visible()
    editor.check()
    item = page.url
    editor.open(evening)
    return item


def nothing_leaks(resident: Reader, season: str, hidden: tuple[str, ...]) -> None:
    """See an empty season, and nothing at addresses that somebody passed on."""
    page = resident.open(season)
    expect(page.get_by_text("还没有播出").first).to_be_visible()
    for address in hidden:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        assert PROBLEM not in page.content()
    resident.faults.clear()


def test_a_season_from_the_first_problem_to_the_check_after_ninety_days(opens, town):
    editor, juror, unit = opens("editor"), opens("juror"), opens("unit_handler")
    resident = opens("resident", locale="en", width=DESK)
    season, evening = plan(editor)
    write_down(editor)
    item = ask_jury_and_unit(editor)
    nothing_leaks(opens("resident"), season, (evening, f"{evening}order/", item))
    page = unit.open("/")
    unit.open(item)
    expect(page.get_by_text(QUESTION)).to_be_visible()
    page = juror.open("/")
    page.get_by_role("link", name=f"请评议：{TITLE}").click()
    tap(page, "满意")
    expect(page.get_by_text("都点过了，谢谢。")).to_be_visible()
    juror.check()

    town.call("tests.journeys.town:broadcast", evening.rstrip("/").rpartition("/")[2])
    page = editor.open(evening)
    tap(page, "截止评议")
    expect(page.get_by_text("已截止并计数，谁点的什么不再保留。")).to_be_visible()
    page.get_by_role("link", name=PROBLEM).click()
    tap(page, "记承诺")
    page.get_by_label("答应了什么（原话）").fill(PROMISE)
    page.locator("[name=on]").fill(f"{clock.now() + timedelta(days=3):%Y-%m-%d}")
    page.get_by_label("谁答应的（写职务）").fill("局长")
    tap(page, "保存")
    page = resident.open(season)
    page.get_by_role("link", name=PROBLEM).click()
    expect(page.get_by_text(PROMISE).first).to_be_visible()
    resident.check()

    key = evening.rstrip("/").rpartition("/")[2]
    town.call("tests.journeys.town:solve_on_air", key)
    town.call("tests.journeys.town:ninety_days_later", key)
    page = editor.open("/")
    page.get_by_role("link", name=f"九十天复查：{PROBLEM}").click()
    tap(page, "登记回访情况")
    page.get_by_label("确实解决了").check()
    page.get_by_label("看到了什么").fill("去看过，栏杆好好的。")
    tap(page, "保存")
    expect(page.get_by_text("九十天复查：确实解决了")).to_be_visible()
    page = editor.open(evening)
    tap(page, "结案")
    expect(page.get_by_text("已结案。")).to_be_visible()
    page = resident.open(item)
    expect(page.get_by_text("The raiser says: solved.")).to_be_visible()
    expect(page.get_by_text("Check after ninety days: Really solved")).to_be_visible()
    resident.check()
