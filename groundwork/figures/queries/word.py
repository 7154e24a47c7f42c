"""A document as Word in the form of GB/T 9704-2012: 22 lines of 28 characters, its mark, its foot.

Fonts are named and never shipped: an office has 仿宋_GB2312, 楷体_GB2312, 黑体 and 方正小标宋简体.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from groundwork.base.chart import Chart, drawn
from groundwork.figures.queries.paper import Entry, Paper, chinese_day
from groundwork.figures.queries.pdf import NoFont, as_png
from groundwork.figures.rules.briefing import title_lines

FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAO, SONGTI, LATIN = "方正小标宋简体", "宋体", "Times New Roman"
RED = RGBColor(0xE6, 0x00, 0x12)
BODY, TITLE, SMALL, TABLE = 16, 22, 14, 10.5  # 3号, 2号, 4号, 5号
LINE_PITCH = 579  # twentieths of a point: 22 lines in 225 mm
CLOSER = -5  # twentieths of a point: 28 characters of 16 pt in 156 mm
LEFT, CENTRE, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
FONT_OF = {"one": HEITI, "two": KAITI, "three": FANGSONG, "four": FANGSONG, "body": FANGSONG}
PICTURE = 720  # points across a curve
WIDEST_MARK = 400  # points the issuer's mark may take of the 442 between the margins


def as_docx(paper: Paper) -> bytes:
    """Write a document as a Word file."""
    document = Document()
    _page(document.sections[0])
    _defaults(document)
    if paper.kind == "letter":
        _letter_head(document, paper)
    else:
        _red_head(document, paper)
    _body(document, paper)
    _foot_of_document(document, paper)
    _appendix(document, paper)
    out = io.BytesIO()
    document.core_properties.title = paper.title
    document.core_properties.author = paper.issuer
    document.save(out)
    return out.getvalue()


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)  # the number stands 7 mm below the type area
    section.header_distance = Mm(15)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(_element("w:docGrid", type="lines", linePitch=LINE_PITCH))


def _defaults(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(BODY), LATIN
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    # Without it a font that stands in may be another country's: its commas stand mid-air.
    for old in style.element.rPr.findall(qn("w:lang")):
        style.element.rPr.remove(old)
    style.element.rPr.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(LINE_PITCH / 20)  # exactly, whatever font stands in for another
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.widow_control = False
    document.settings.element.append(_element("w:evenAndOddHeaders"))
    section = document.sections[0]
    _page_number(section.footer, RIGHT)
    _page_number(section.even_page_footer, LEFT)


def _element(name: str, **values: object) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _page_number(footer: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """Put — 1 — at the outer side, one character in."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.alignment = side
    indent = "right_indent" if side == RIGHT else "left_indent"
    setattr(line.paragraph_format, indent, Pt(SMALL))
    for text in ("— ", None, " —"):
        run = _run(line, text or "", SONGTI, SMALL)
        if text is None:
            for kind in ("begin", "PAGE", "end"):
                field = _element("w:instrText") if kind == "PAGE" else _element("w:fldChar")
                if kind == "PAGE":
                    field.text = "PAGE"
                else:
                    field.set(qn("w:fldCharType"), kind)
                run._r.append(field)


def _run(line: Any, text: str, font: str, size: float, *, colour: Any = None) -> Any:
    run = line.add_run(text)
    run.font.size, run.font.name = Pt(size), LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    if size == BODY:
        run._element.rPr.append(_element("w:spacing", val=CLOSER))
    return run


def _line(
    document: Any,
    text: str = "",
    font: str = FANGSONG,
    size: float = BODY,
    *,
    side: WD_ALIGN_PARAGRAPH = LEFT,
    indent: bool = False,
    colour: Any = None,
) -> Any:
    line = document.add_paragraph()
    line.alignment = side
    if indent:  # in characters, so that it stays two whatever the size
        shape = line._p.get_or_add_pPr()
        shape.append(_element("w:ind", firstLineChars=200, firstLine=2 * BODY * 20))
    if text:
        _run(line, text, font, size, colour=colour)
    return line


def _rule(line: Any, *, side: str = "bottom", kind: str = "single", eighths: int, space: int,
          colour: str = "E60012") -> None:  # fmt: skip
    """Draw a line along a paragraph; `eighths` of a point thick, `space` points away."""
    borders = _element("w:pBdr")
    borders.append(_element(f"w:{side}", val=kind, sz=eighths, space=space, color=colour))
    shape = line._p.get_or_add_pPr()
    shape.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
        "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi",
        "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
        "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
        "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr",
        "w:pPrChange",
    )  # fmt: skip


def _mark(line: Any, text: str) -> None:
    size = min(48, int(WIDEST_MARK / max(len(text), 1)))
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _run(line, text, XIAOBIAO, size, colour=RED)


def _red_head(document: Any, paper: Paper) -> None:
    """Set the issuer's mark 35 mm below the top of the type area, number and red line below it."""
    mark = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    mark.alignment = CENTRE
    mark.paragraph_format.space_before = Mm(35)
    _mark(mark, paper.issuer)
    _line(document)
    _line(document)
    number = _line(document, paper.number, side=CENTRE)
    _rule(number, eighths=8, space=11)  # 4 mm below the number, as wide as the type area
    _line(document)
    _line(document)


def _letter_head(document: Any, paper: Paper) -> None:
    """Set a letter's mark 30 mm below the edge, two red lines under it, the number at the right."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(30)
    section.first_page_footer.is_linked_to_previous = False  # no number on the first page
    mark = section.first_page_header.paragraphs[0]
    mark.alignment = CENTRE
    _mark(mark, paper.issuer)
    _rule(mark, kind="thickThinSmallGap", eighths=24, space=11)
    foot = section.first_page_footer.paragraphs[0]
    _rule(foot, kind="thinThickSmallGap", eighths=24, space=1)
    _line(document, paper.number, side=RIGHT)
    _line(document)


def _body(document: Any, paper: Paper) -> None:
    if paper.draft:
        _line(document, "草稿，未发布，不得引用", HEITI, SMALL, side=CENTRE, colour=RED)
    for note in (paper.correction, paper.corrected):
        if note:
            _line(document, note, HEITI, BODY, side=LEFT, colour=RED)
    for line in title_lines(paper.title):
        titled = _line(document, line, XIAOBIAO, TITLE, side=CENTRE)
        _off_grid(titled)
    _line(document)
    if paper.addressed:
        _line(document, f"{paper.addressed}：")
    for level, text in paper.paragraphs:
        if level == "curve":
            _chart(document, text, paper.charts[text])
            continue
        _line(document, text.strip(), FONT_OF[level], indent=True, side=WD_ALIGN_PARAGRAPH.JUSTIFY)


def _chart(document: Any, caption: str, chart: Chart) -> None:
    """Set a curve over its numbers, which say the same; without a font they stand alone."""
    with suppress(NoFont):
        picture = as_png(drawn(chart), 2 * PICTURE)
        line = _line(document, side=CENTRE)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        line.paragraph_format.keep_with_next = True
        _off_grid(line)
        shape = line.add_run().add_picture(io.BytesIO(picture), width=Mm(156))
        shape._inline.docPr.set("descr", caption)
    _line(document, caption, HEITI, TABLE, side=CENTRE).paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    cells = [word for mark in chart.marks for word in (mark.name, mark.text)]
    for start in range(0, len(cells), 4):
        texts = (*cells[start : start + 4], "", "")[:4]
        _cells(table.add_row(), texts, FANGSONG, (39, 39, 39, 39))


def _foot_of_document(document: Any, paper: Paper) -> None:
    """Say who issues it on which day; the record of copies between two lines."""
    if paper.entries:
        _line(document)
        _line(document, "附件：数据说明", indent=True)
    _line(document)
    if paper.kind == "letter" or paper.kind == "minutes":
        _signed(document, paper.issuer)
    _signed(document, chinese_day(paper.day) if paper.day else "（未发布）")
    if paper.copied:
        copied = _line(document, f"抄送：{paper.copied}。", FANGSONG, SMALL)
        _rule(copied, side="top", eighths=8, space=4, colour="000000")
        issued = _line(document, paper.issuer, FANGSONG, SMALL)
        _rule(issued, side="bottom", eighths=8, space=4, colour="000000")


def _off_grid(line: Any) -> None:
    """Let a paragraph be as high as its own line, not a multiple of the page's."""
    line._p.get_or_add_pPr().insert_element_before(
        _element("w:snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _signed(document: Any, text: str) -> None:
    line = _line(document, text, side=RIGHT)
    line.paragraph_format.right_indent = Pt(4 * BODY)


HEADS = ("数据", "数值", "地方、时段", "怎么数的", "记录数、截至、定义编号")
WIDTHS = (24, 36, 28, 40, 28)  # mm: 156 in all


def _appendix(document: Any, paper: Paper) -> None:
    """List every number with its n, definition, edition and cut-off, on a page of its own."""
    if not paper.entries:
        return
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    section.header_distance = Mm(15)
    _line(document, "附件", HEITI)
    _line(document, "数据说明", XIAOBIAO, TITLE, side=CENTRE)
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    table.autofit = False
    _cells(table.rows[0], HEADS, HEITI)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for entry in paper.entries:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        _cells(row, _said(entry), FANGSONG)


def _said(entry: Entry) -> tuple[str, ...]:
    counted = f"{entry.n:,}条；截至{entry.cutoff}；{entry.edition}"
    return (entry.title, entry.number, f"{entry.where}，{entry.period}", entry.definition, counted)


def _cells(row: Any, texts: tuple[str, ...], font: str, widths: tuple[int, ...] = WIDTHS) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        line = cell.paragraphs[0]
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        _off_grid(line)
        _run(line, text, font, TABLE)
