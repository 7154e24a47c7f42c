"""A clerk's spreadsheet with errors, and back: red cells, mended, confirmed, undone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.browser import DESK
from tests.journeys.test_evening import press
from tests.sheets import people_sheet

RED = "FFF8D7DA"
NEWCOMERS = [
    ("卓越群", "NB0201", "海曙区教育局", "基教科", "在编", "否", "澄浪社区", "13805740201"),
    ("钟灵毓", "NB0202", "海曙区教肓局", "办公室", "在编", "是", "柳锦社区", "13805740202"),
    ("华清池", "NB0203", "海曙区教育局", "办公室", "在编", "是", "柳锦社区", "12"),
]


def upload(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    press(page, "上传并核对")
    expect(page.get_by_role("heading", name=path.name)).to_be_visible()


def mend(path: Path) -> None:
    """Do as the red cells' comments say."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    red = [cell for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED]
    assert {cell.value for cell in red} >= {"海曙区教肓局", "12"}
    for cell in red:
        cell.value = {"海曙区教肓局": "海曙区教育局", "12": "13805740203"}.get(
            str(cell.value), cell.value
        )
    book.save(path)


def people_found(page: Page, origin: str, name: str) -> int:
    page.goto(f"{origin}/search/?q={name}")
    return page.get_by_role("main").get_by_role("link", name=name).count()


def test_a_sheet_with_errors_comes_back_red_and_goes_in_mended(town, opens, tmp_path):
    clerk = opens("clerk", width=DESK, accept_downloads=True)
    page = clerk.open("/imports/")
    clerk.check()
    first = tmp_path / "新进人员.xlsx"
    first.write_bytes(people_sheet(NEWCOMERS))
    upload(page, first)
    clerk.check()
    assert (
        people_found(page, town.url, "卓越群") == 0
    )  # nothing is written before the clerk says so

    page.go_back()
    with page.expect_download() as download:
        press(page, "下载需要改的行")
    mended = tmp_path / "改好.xlsx"
    download.value.save_as(mended)
    mend(mended)

    # The good row goes in; the others wait.
    page.get_by_label("有问题的行先不写入").check()
    press(page, "确认写入")
    expect(page.get_by_text("已写入").first).to_be_visible()
    clerk.check()
    assert people_found(page, town.url, "卓越群") == 1
    assert people_found(page, town.url, "钟灵毓") == 0

    clerk.open("/imports/")
    upload(page, mended)
    clerk.check()
    press(page, "确认写入")
    expect(page.get_by_text("已写入").first).to_be_visible()
    batch = page.url
    assert people_found(page, town.url, "钟灵毓") == 1
    assert people_found(page, town.url, "华清池") == 1

    # The whole second sheet is taken back; the first stays.
    page.goto(batch)
    press(page, "撤销这次导入")
    clerk.check()
    assert people_found(page, town.url, "钟灵毓") == 0
    assert people_found(page, town.url, "卓越群") == 1
