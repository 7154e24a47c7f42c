"""A document on paper: Word and PDF in the form of GB/T 9704, looked at as they come out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
import typst
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from groundwork.base.chart import Chart, Mark
from groundwork.figures.queries import box, pdf
from groundwork.figures.queries.paper import Entry, Paper, as_text
from groundwork.figures.queries.word import as_docx

pytestmark = pytest.mark.once
FULL = "国" * 26 + "国" * 28 * 60  # sixty lines and one: three pages
ENTRY = Entry(
    "办结率", "96.8%（300 / 310）", "96.8%", "300 / 310", "", "宁波市", "2026年10月", 300,
    "受理的里面办结的。", "0a1b2c3d", "2026-11-24 19:30",
)  # fmt: skip


def paper(**more) -> Paper:
    said: dict[str, Any] = {
        "kind": "briefing", "issuer": "宁波市机关效能简报", "number": "第3期", "title": "十月简报",
        "addressed": "", "copied": "", "paragraphs": [("one", "一、总的情况"), ("body", FULL)],
        "entries": [ENTRY], "day": date(2026, 11, 24), "draft": False, "correction": "",
        "corrected": "",
    }  # fmt: skip
    return Paper(**(said | more))


@pytest.fixture
def fonts() -> None:
    """Say so where this machine cannot set Chinese; the refusal itself is tested below."""
    try:
        pdf.families()
    except pdf.NoFont:
        pytest.skip("no Chinese font is installed (fonts-noto-cjk)")


def pages_of(of: Paper) -> list[Image.Image]:
    made = typst.compile(pdf.source_of(of).encode(), format="png", ppi=72)
    assert isinstance(made, list)
    return [Image.open(io.BytesIO(page)).convert("L") for page in made]


def bands(page: Image.Image, *, down: bool) -> list[tuple[int, int]]:
    """Where there is ink, line by line (`down`) or column by column."""
    width, height = page.size
    dark = page.point(lambda light: 255 if light < 160 else 0)
    steps = range(height if down else width)
    box = (lambda n: (0, n, width, n + 1)) if down else (lambda n: (n, 0, n + 1, height))
    inked = [dark.crop(box(n)).getbbox() is not None for n in steps]
    found = groupby(enumerate(inked), key=lambda step: step[1])
    runs = [[n for n, _ink in run] for ink, run in found if ink]
    return [(run[0], run[-1]) for run in runs]


def test_a_page_of_the_pdf_has_22_lines_of_28_characters_between_its_margins(fonts):
    page = pages_of(paper())[1]
    lines = bands(page, down=True)
    assert len(lines) == 22 + 1, "and the number of the page below them"
    top, bottom = lines[0][0], lines[21][1]
    assert 37 <= top / 72 * 25.4 <= 39
    assert bottom / 72 * 25.4 <= 297 - 35
    strip = page.crop((0, lines[3][0], page.width, lines[3][1] + 1)).resize((page.width * 4, 60))
    characters = bands(strip, down=False)
    assert len(characters) == 28
    assert 28 <= characters[0][0] / 4 / 72 * 25.4 <= 29


def test_the_pdf_carries_draft_correction_and_appendix_where_there_are_any(fonts):
    plain = pdf.source_of(paper(entries=[]))
    assert "数据说明" not in plain
    assert "草稿" not in plain
    said = pdf.source_of(paper(draft=True, day=None, correction='本件更正《九月"简报"》：漏了一件'))
    assert "草稿，未发布，不得引用" in said
    assert '《九月\\"简报\\"》' in said
    assert "0a1b2c3d" in said
    assert pdf.as_pdf(paper(draft=True, day=None, correction='更正 #panic("x") \\')).startswith(
        b"%PDF"
    )


def test_nothing_is_set_where_no_chinese_font_is_installed(monkeypatch):
    monkeypatch.setattr(pdf, "FONTS", {"body": ("No Such Font",)})
    pdf.families.cache_clear()
    try:
        with pytest.raises(pdf.NoFont):
            pdf.as_pdf(paper())
    finally:
        pdf.families.cache_clear()


def test_a_word_file_says_the_form_of_official_documents():
    document = docx.Document(io.BytesIO(as_docx(paper())))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    sizes = [*margins, section.page_width, section.page_height]
    assert [round(size.mm) for size in sizes] == [37, 35, 28, 26, 210, 297]
    shape = document.styles["Normal"].paragraph_format
    assert abs(shape.line_spacing * 22 - Mm(225)) < Pt(2), "22 lines in 225 mm"
    by_text = {line.text[:6]: line for line in document.paragraphs if line.text}
    fonts = {
        text: line.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia"))
        for text, line in by_text.items()
    }
    assert fonts["一、总的情况"] == "黑体"
    assert fonts["国" * 6] == "仿宋_GB2312"
    assert fonts["十月简报"] == fonts["宁波市机关效"] == "方正小标宋简体"
    assert by_text["国" * 6].runs[0].font.size == Pt(16)
    [table] = document.tables
    assert [cell.text for cell in table.rows[1].cells][:2] == ["办结率", "96.8%（300 / 310）"]


CAPTION = "办结率（宁波市，2026年10月）"
CURVE = Chart(CAPTION, [Mark(f"{n}日", n, f"{n}%", f"10月{n}日") for n in (1, 8, 15)], most=100)


def drawn() -> Paper:
    return paper(paragraphs=[("body", "见图。"), ("curve", CAPTION)], charts={CAPTION: CURVE})


def test_a_curve_stands_in_word_with_its_numbers_below_it(fonts):
    document = docx.Document(io.BytesIO(as_docx(drawn())))
    assert [row.text for row in document.tables[0].rows[0].cells] == [
        "10月1日", "1%", "10月8日", "8%",
    ]  # fmt: skip
    [shape] = document.inline_shapes
    assert abs(shape.width - Mm(156)) < Pt(1)
    assert shape._inline.docPr.get("descr") == CAPTION
    assert CAPTION in [line.text for line in document.paragraphs]


def test_a_curve_stands_in_the_pdf_and_the_picture_and_as_words_in_a_message(fonts):
    page = pages_of(drawn())[0]
    blank = pages_of(paper(paragraphs=[("body", "见图。")]))[0]
    assert page.histogram()[:160] != blank.histogram()[:160]
    assert f"{CAPTION}：10月1日 1%；10月8日 8%；10月15日 15%。" in as_text(drawn())
    board = box.draw(drawn(), "board")
    assert board.height > box.draw(paper(), "board").height
    assert pdf.as_png(board.svg, board.width).startswith(b"\x89PNG")


def test_a_letter_has_its_mark_in_the_head_and_no_number_on_its_first_page():
    document = docx.Document(io.BytesIO(as_docx(paper(kind="letter", addressed="海曙区"))))
    first = document.sections[0]
    assert first.different_first_page_header_footer
    assert first.first_page_header.paragraphs[0].text == "宁波市机关效能简报"
    assert "PAGE" not in first.first_page_footer._element.xml
    assert "PAGE" in first.footer._element.xml
    assert "海曙区：" in [line.text for line in document.paragraphs]


def test_a_message_carries_the_text_and_what_its_numbers_mean():
    said = as_text(paper(paragraphs=[("body", "办结率96.8%。")], corrected="本件已更正：漏了一件"))
    assert said.splitlines()[0] == "本件已更正：漏了一件"
    assert "1. 办结率（宁波市，2026年10月）：96.8%（300 / 310）。受理的里面办结的。" in said


@pytest.mark.parametrize("layout", box.LAYOUTS)
def test_a_picture_holds_the_first_six_numbers_and_says_that_it_is_a_draft(layout):
    long = replace(ENTRY, title="由提出人本人确认解决的占已经办结的诉求的比重", period="2025年10月")
    many = [ENTRY, long, *[replace(ENTRY, alone="144,105", made_of="", unit="件")] * 6]
    drawn = box.draw(paper(draft=True, day=None, title="<十月>&简报", entries=many), layout)
    tree = ElementTree.fromstring(drawn.svg)
    words = [node.text or "" for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("96.8%") == 2
    assert words.count("144,105") == 4, "six in all"
    assert "草稿，未发布，不得引用" in words
    assert "<十月>&简报" in words
    assert "2025年10月 · 300 / 310" in "".join(words), "another period is said beside its number"
    for node in tree.iter("{http://www.w3.org/2000/svg}text"):
        size, x = float(node.get("font-size", 0)), float(node.get("x", 0))
        assert x + box.width_of(node.text or "", size) <= drawn.width - box.EDGE / 2, node.text


def test_a_line_of_a_picture_begins_with_no_closing_mark_and_ends_where_there_is_no_more_room():
    assert box.lines_of("办结率，按月", 10, 30, 3) == ["办结率，", "按月"]
    assert box.lines_of("一二三四五六七八", 10, 40, 1) == ["一二三…"]
    assert box.even_lines("一二三四五", 10, 40, 2) == ["一二三", "四五"]


def test_a_picture_of_points_is_as_wide_as_it_was_asked_for(fonts):
    drawn = box.draw(paper(), "board")
    made = Image.open(io.BytesIO(pdf.as_png(drawn.svg, 2 * drawn.width)))
    assert made.width == 2 * drawn.width
    assert abs(made.height - 2 * drawn.height) <= 2
    assert (31, 79, 122) in {colour for _n, colour in made.convert("RGB").getcolors(1 << 20) or []}
