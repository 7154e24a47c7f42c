"""A document from draft to print: a number turns red, is looked at, checked by another hand."""

from __future__ import annotations

import io
import re
import zipfile

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESK, Reader
from tests.journeys.test_evening import press


def begin(one: Reader) -> Page:
    """Begin this month's briefing of the city from its template."""
    page = one.open("/figures/briefings/")
    page.get_by_role("link", name="写一份文稿").click()
    page.get_by_label("写什么").select_option("monthly")
    page.get_by_label("哪里的数据").select_option(label="宁波市")
    page.get_by_label("哪个时段").select_option(index=1)  # this month, which is not over
    page.get_by_label("版头").fill("宁波市机关效能简报")
    press(page, "起草")
    expect(page.get_by_role("heading", name="宁波市诉求办理、走访服务和夜学情况")).to_be_visible()
    return page


def raised(page: Page) -> int:
    """Read the number of matters raised off the text."""
    said = page.locator("article p", has_text="共提出诉求").locator("strong.num").first
    found = re.match(r"[\d,]+", said.inner_text())
    assert found is not None
    return int(found[0].replace(",", ""))


def word(page: Page, one: Reader) -> None:
    """Write in the text by names, put a number where the cursor is, and open it to everybody."""
    page.get_by_role("link", name="改文稿").click()
    field = page.get_by_label("正文")
    expect(field).to_have_value(re.compile("共提出诉求【提出的诉求】件"))
    field.fill(field.input_value().rstrip() + "\n场次：")
    page.locator("summary", has_text="插入别的数").click()
    page.get_by_role("button", name="插入 举行的夜学").click()
    expect(field).to_have_value(re.compile("场次：【举行的夜学】$"))
    one.check()
    page.get_by_label("公开").check()
    press(page, "保存")


def publish(page: Page, checker: Reader) -> None:
    """Send it to another hand, who publishes it."""
    press(page, "送核")
    expect(page.get_by_text("已送核")).to_be_visible()
    checker.open(page.url)
    press(checker.page, "核对无误，发布")
    expect(checker.page.get_by_text("已发布，数已冻结。")).to_be_visible()


def test_a_number_turns_red_before_it_goes_out_and_opens_onto_its_records(town, opens):
    writer = opens("city_operator", width=DESK)
    page = begin(writer)
    word(page, writer)
    before = raised(page)
    assert town.call("tests.journeys.town:raise_many", 2) == 2
    page.reload()
    expect(page.get_by_text("红字是现在的数")).to_be_visible()
    assert raised(page) == before + 2
    writer.check()
    press(page, "送核")
    expect(page.get_by_text("个数变了，看过以后才能往下走")).to_be_visible()
    press(page, "都看过了，按现在的数")
    expect(page.get_by_text("红字是现在的数")).to_be_hidden()
    publish(page, opens("auditor", width=DESK))

    reader = opens("resident")
    page = reader.open(page.url)
    assert raised(page) == before + 2
    picture = page.locator("img.picture")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('img.picture').naturalWidth > 0")
    reader.check()
    files = {
        form: page.request.get(f"{page.url}{path}")
        for form, path in {
            "docx": "file/docx/", "pdf": "file/pdf/", "png": "picture/column.png",
        }.items()
    }  # fmt: skip
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(files["docx"].body())).namelist()
    assert files["pdf"].body().startswith(b"%PDF")
    assert files["png"].body().startswith(b"\x89PNG")

    numbers = page.locator("section", has=page.get_by_role("heading", name="附：数据说明"))
    numbers.get_by_role("link", name="提出的诉求").first.click()
    expect(page.get_by_role("heading", name="怎么数的")).to_be_visible()
    page.locator("p.open a").first.click()
    expect(page.get_by_text("共 ")).to_be_visible()
    page.locator("#rows a.item").first.click()
    expect(page.get_by_role("main")).to_contain_text("办理")
    page.go_back()
    expect(page.locator("#rows")).to_be_visible()
    reader.check()
