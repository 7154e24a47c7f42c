"""A brick the whole way to the next level; a survey answered twice on a bad line counts once."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader
from tests.journeys.test_evening import press

SEEN = "说好周五来清点楼道，人没来，也没有打电话。"
HOW_IT_WAS = "周五临时去了河边防汛，晚上才有信号，第二天已向社区说明。"
REFUSED = "值班记录写明当天在防汛，没来事出有因，不作为拍砖。"
APPEAL = "防汛从下午三点开始，约好的是上午九点，请再看一遍。"
FINAL = "上午九点到下午三点之间没有联系社区，这一条成立。"


def say(page: Page, verb: str, words: str, done: str) -> None:
    """Say a word to the mark that is open."""
    press(page, verb)
    page.get_by_label("要说的话").fill(words)
    press(page, verb)
    expect(page.get_by_text(done).first).to_be_visible()


def write(one: Reader) -> str:
    """Write a brick about somebody of the own community; give its address."""
    page = one.open("/voices/marks/new/")
    page.get_by_label("姓名").fill("单晓芸")
    press(page, "找人")
    page.get_by_role("link", name="单晓芸").click()
    page.get_by_label("拍砖", exact=True).check()
    page.get_by_label("别的事，我来写").check()
    page.get_by_label("哪一天").fill((clock.today() - timedelta(days=3)).isoformat())
    page.get_by_label("什么事").fill("清点楼道杂物")
    page.get_by_label("看到了什么，为什么这样说").fill(SEEN)
    one.check()
    press(page, "署名写下")
    expect(page.get_by_text("已请本人先看。").first).to_be_visible()
    return page.url


def test_a_brick_is_answered_refused_with_reasons_and_decided_at_the_next_level(opens):
    community, staff = opens("community_secretary"), opens("staff")
    chief, district = opens("unit_secretary"), opens("district_operator", width=DESK)
    mark = write(community)

    answer = chief.page.goto(mark)
    assert answer is not None
    assert answer.status == 404, "before the reply nobody but the two has it"
    page = staff.open(mark)
    say(page, "说明", HOW_IT_WAS, "已说明。")
    staff.check()

    page = chief.open(mark)
    expect(page.get_by_text(SEEN)).to_be_visible()
    expect(page.get_by_text(HOW_IT_WAS)).to_be_visible()
    say(page, "不采纳", REFUSED, "已认定，双方都告诉了。")
    chief.check()

    say(community.open(mark), "申诉", APPEAL, "已申诉。")
    page = district.open(mark)
    say(page, "采纳", FINAL, "已认定，双方都告诉了。")
    for words in (SEEN, HOW_IT_WAS, REFUSED, APPEAL, FINAL):
        expect(page.get_by_text(words)).to_be_visible()
    district.check()

    english = opens("staff", locale="en")
    page = english.open(mark)
    expect(page.get_by_text(FINAL)).to_be_visible()
    assert page.get_by_role("link", name="Appeal").count() == 0, "once is for good"
    english.check()


def received(one: Reader, survey: str) -> int:
    """Read how many answers the unit that asks is told of."""
    page = one.open(f"/voices/surveys/{survey}/")
    said = page.locator("dt", has_text=re.compile("^回答$")).locator(
        "xpath=following-sibling::dd[1]"
    )
    return int(re.findall(r"\d+", said.inner_text())[0])


def test_an_answer_sent_twice_over_a_bad_line_is_one_answer(opens, town):
    survey = town.known["ids"]["survey_open"]
    chief, phone = opens("unit_secretary", width=DESK), opens("resident")
    before = received(chief, survey)
    lost: list[str] = []

    def arrives_and_its_answer_does_not(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page = phone.open(f"/voices/surveys/{survey}/answer/")
    page.route("**/answer/", arrives_and_its_answer_does_not)
    page.get_by_label("不满意").check()
    page.get_by_label("还想说什么？").fill("放学时段请多一位协管员。")
    phone.check()
    phone.context.set_offline(True)
    press(page, "提交")
    expect(page.get_by_text("已存在本机").first).to_be_visible()
    phone.context.set_offline(False)  # the queue sends by itself, and hears nothing back
    page.evaluate("window.dispatchEvent(new Event('online'))")  # the line once more: it sends again
    expect(page.get_by_text("您的回答先前已经收到")).to_be_visible()
    assert "收到了" in lost[0], "the city had it the first time, and its answer was lost"
    phone.check()
    assert received(chief, survey) == before + 1
    chief.check()

    english = opens("resident", locale="en", width=DESK)
    page = english.open(f"/voices/surveys/{survey}/answer/")
    expect(page.get_by_text("Not satisfied")).to_be_visible()
    english.check()
