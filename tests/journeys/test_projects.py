"""An assistance project to its end: written down from there, and the report is its records."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.browser import DESK
from tests.journeys.test_evening import press
from tests.world_ledger import picture

DONE, SAID = "十二台显微镜都修好了，学生上了第一节课。", "以前只在书上看，今天自己看见了。"
REACHED, OUTCOME = "六月起每周两节。", "科学课由本校老师自己上，每周两节。"


def test_what_is_written_down_far_away_is_the_report_in_the_end(opens, town):
    address = f"/campaigns/projects/{town.known['ids']['project']}/"
    sent, chief = opens("staff"), opens("unit_secretary")
    page = sent.open(address)
    for kind, words in (("记一笔", DONE), ("当地人说的", SAID)):
        press(page, "记一笔")
        page.get_by_label(kind, exact=True).check()
        page.get_by_label("写几句").fill(words)
        if kind == "记一笔":
            photo = {"name": "IMG_0412.png", "mimeType": "image/png", "buffer": picture()}
            page.get_by_label("照片（可以不拍）").set_input_files(photo)  # type: ignore[arg-type]
            sent.check()
        press(page, "保存")
        expect(page.get_by_text("已记下。").first).to_be_visible()

    page = chief.open(address)
    page.get_by_role("link", name="做到了").first.click()
    page.get_by_label("写明情况").fill(REACHED)
    press(page, "保存")
    press(page, "结束项目")
    page.get_by_label("最后做成了什么").fill(OUTCOME)
    chief.check()
    press(page, "结束并出报告")
    expect(page.get_by_text("项目结束了，报告在这里。").first).to_be_visible()
    for words in (DONE, SAID, REACHED, OUTCOME, "单晓芸"):
        expect(page.get_by_text(words).first).to_be_visible()
    chief.check()
    expect(page.get_by_role("img", name="这一天的照片").first).to_be_visible()

    english = opens("staff", locale="en", width=DESK)
    page = english.open(f"{address}report/")
    expect(page.get_by_text(OUTCOME)).to_be_visible()
    english.check()
