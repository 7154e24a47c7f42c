"""The door: a paper slip on one's own phone, and acting as something else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_evening import press

NEW_PASSWORD = "四明山下-2026-夜"


def test_the_first_sign_in_on_a_phone_is_by_a_slip_of_paper(town, opens):
    number, code = town.call("tests.journeys.town:new_slip", "colleague")
    phone = opens("resident")
    page = phone.open("/")
    phone.check()
    page = phone.open("/accounts/login/")
    phone.check()
    press(page, "登录条")
    phone.check()
    page.get_by_label("工号").fill(number)
    page.get_by_label("登录码").fill("wrong-code-x")
    press(page, "进去")
    assert "/access/slip/" in page.url
    phone.check()
    page.get_by_label("工号").fill(number)
    page.get_by_label("登录码").fill(code)
    press(page, "进去")
    expect(page.get_by_role("heading", name="下次怎么进来")).to_be_visible()
    phone.check()
    press(page, "设密码")
    phone.check()
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再输一遍").or_(page.get_by_label("新密码（重复）")).fill(NEW_PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    phone.open("/")
    phone.check()

    # The slip is spent; the password is what opens the door now.
    other = opens("resident")
    page = other.open("/access/slip/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("登录码").fill(code)
    press(page, "进去")
    assert "/access/slip/" in page.url
    page = other.open("/accounts/login/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码", exact=True).fill(NEW_PASSWORD)
    press(page, "登录")
    page = other.open("/access/me/")
    expect(page.get_by_text("毛建军").first).to_be_visible()


def test_somebody_who_is_two_things_says_as_which(town, opens):
    one = opens("branch_secretary")
    page = one.open("/access/me/as/")
    one.check()
    sheet = town.known["ids"]["sheet:tonight:unit"]
    answer = page.goto(f"{town.url}/study/rolls/{sheet}/")
    assert answer is not None
    assert answer.status == 200

    page = one.open("/access/me/as/")
    page.locator("button[name=as][value='-']").click()
    answer = page.goto(f"{town.url}/study/rolls/{sheet}/")
    assert answer is not None
    assert answer.status == 404

    page = one.open("/access/me/as/")
    page.locator("button[name=as]:not([value='-'])").first.click()
    answer = page.goto(f"{town.url}/study/rolls/{sheet}/")
    assert answer is not None
    assert answer.status == 200
