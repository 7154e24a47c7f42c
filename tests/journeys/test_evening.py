"""The main job: an evening from plan to figure, on four people's screens."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.cast import PASSWORD
from tests.journeys.browser import DESK, Reader

NEW = "/study/evenings/new/"
TITLE = "数字赋能水利工程"


def press(page: Page, name: str) -> None:
    """Press a button or follow a link by what it says."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def plan(one: Reader) -> str:
    """Plan an evening for the own unit in three days, publish it, and give its public id."""
    page = one.open(NEW)
    one.check()
    day = (clock.now() + timedelta(days=3)).date()
    page.get_by_label("题目").fill(TITLE)
    page.get_by_label("日期").fill(day.isoformat())
    page.locator("#id_starts").fill("18:15")
    page.locator("#id_ends").fill("19:50")
    page.get_by_label("业务知识").check()
    page.get_by_label("会场", exact=True).fill("水利局三楼")
    press(page, "存草稿，看应到")
    one.check()
    press(page, "发布")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    one.check()
    return page.url.rstrip("/").rpartition("/")[2]


def address_on(page: Page) -> str:
    """Read the QR off the picture of the screen, as a camera does."""
    picture = Image.open(BytesIO(page.locator("[data-code] svg").first.screenshot()))
    found = zxingcpp.read_barcode(picture.resize((picture.width * 2, picture.height * 2)))
    assert found is not None, "no camera could read this code"
    return found.text


def sign_in_at_the_door(page: Page, number: str) -> None:
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")


def test_an_evening_from_plan_to_the_citys_figure(town, opens):
    secretary = opens("other_secretary")
    evening = plan(secretary)
    town.call("tests.journeys.town:let_time_pass", evening, 5)

    screen = opens("other_secretary", width=DESK)
    screen.open(f"/study/evenings/{evening}/screens/")
    screen.page.get_by_role("link", name="水利局三楼").click()
    address = address_on(screen.page)
    assert address.startswith(town.url)
    screen.check()

    # Another phone, not signed in: plain camera, the door, one tap.
    phone = opens("resident")
    page = phone.open(address)
    sign_in_at_the_door(page, "NB0014")
    phone.check()
    press(page, "签到")
    expect(page.get_by_text("已签到").first).to_be_visible()
    phone.check()

    # The secretary's own phone scans the same screen twice: counted once.
    for _time in range(2):
        page = secretary.open(address_on(screen.page))
        if page.get_by_role("button", name="签到").count():
            press(page, "签到")
    on_the_roll = town.call("tests.journeys.town:on_the_roll", evening)
    assert on_the_roll == ["戴向东 qr", "俞海燕 qr"]
    expect(screen.page.get_by_text("已签到").first).to_contain_text("2")

    town.call("tests.journeys.town:let_time_pass", evening, 100)
    page = secretary.open(f"/study/evenings/{evening}/rolls/")
    secretary.check()
    press(page, "核对并封存")
    secretary.check()
    press(page, "封存名册")
    expect(page.get_by_text("已封存").first).to_be_visible()
    secretary.check()

    # The worker counts every two minutes; here it is asked to do so at once.
    town.call("groundwork.study.actions.coverage:refresh_coverage")
    city = opens("city_operator")
    page = city.open("/study/coverage/")
    city.check()
    page.get_by_role("link", name="鄞州区").click()
    city.check()
    entries = page.locator(".figure").filter(has_text="参加人次")
    expect(entries).to_contain_text("2")
    page.locator(".figure").filter(has_text="举行的夜学").get_by_role("link").first.click()
    city.check()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name="2 人次")).to_be_visible()
    page.get_by_role("link", name="鄞州区水利局").click()
    expect(page.get_by_role("heading", name="鄞州区水利局")).to_be_visible()
    for name in ("俞海燕", "戴向东"):
        expect(page.get_by_text(name).first).to_be_visible()
    city.check()


def test_a_secretary_of_another_unit_sees_nothing(town, opens):
    ids = town.known["ids"]
    stranger = opens("other_secretary")
    for path in (
        f"/study/rolls/{ids['sheet:tonight:unit']}/",
        f"/study/register/{ids['body:unit']}/",
        f"/access/accounts/{ids['account:staff']}/",
        f"/study/evenings/{ids['unit_draft']}/",
        f"/study/coverage/{ids['place:haishu']}/",
    ):
        answer = stranger.page.goto(town.url + path)
        assert answer is not None
        assert answer.status == 404, path
        assert "单晓芸" not in stranger.page.content()
        stranger.check()
    page = stranger.open("/search/?q=单晓芸")
    assert page.get_by_role("main").get_by_role("link", name="单晓芸").count() == 0
    page = stranger.open("/search/?q=戴向东")
    assert page.get_by_role("main").get_by_role("link", name="戴向东").count() == 1


def test_a_tap_without_a_line_arrives_once_when_the_line_is_back(town, opens):
    tonight, room = town.known["ids"]["tonight"], town.known["ids"]["room:bureau"]
    screen = opens("handler", width=DESK)
    operator = opens("city_operator", width=DESK)
    operator.open(f"/study/rooms/{room}/screen/")
    phone = opens("handler")
    page = phone.open(address_on(operator.page))
    phone.context.set_offline(True)
    press(page, "签到")
    expect(page.get_by_text("已存在本机").first).to_be_visible()
    assert "鲍立新 qr" not in town.call("tests.journeys.town:on_the_roll", tonight)
    phone.context.set_offline(False)
    expect(page.get_by_text("已签到").first).to_be_visible()
    phone.check()
    page.reload()
    screen.context.close()
    found = town.call("tests.journeys.town:on_the_roll", tonight)
    assert found.count("鲍立新 qr") == 1
