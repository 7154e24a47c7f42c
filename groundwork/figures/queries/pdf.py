"""A document as PDF, set by typst in the same form; and a picture from SVG.

The fonts are this machine's: the first installed of each list is taken. Without any Chinese font
nothing is set, because a page of empty boxes is no document.
"""

from __future__ import annotations

from functools import lru_cache

import typst

from groundwork.base.chart import Chart, drawn
from groundwork.base.errors import N_, RuleBroken
from groundwork.figures.queries.paper import Entry, Paper, chinese_day
from groundwork.figures.rules.briefing import title_lines

_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "STSong", "SimSun")
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
FONTS = {
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", *_SERIF, *_SANS),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", *_SERIF, *_SANS),
    "hei": ("SimHei", *_SANS, *_SERIF),
    "title": ("FZXiaoBiaoSong-B05S", "STZhongsong", *_SERIF, *_SANS),
}


class NoFont(RuleBroken):
    """Refuse to set Chinese where this machine has no Chinese font."""

    code = "figures.no_font"
    text = N_("这台服务器没有装中文字体，请下载 Word 版。")


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Look once which fonts there are: it reads every font file of the machine."""
    return typst.Fonts()


@lru_cache(maxsize=1)
def families() -> dict[str, str]:
    """Give the font for each use. Raises NoFont."""
    there = set(_fonts().families())
    found = {use: next((n for n in names if n in there), "") for use, names in FONTS.items()}
    if not all(found.values()):
        raise NoFont
    return found


def text_of(words: str) -> str:
    """Write words as a string of typst's, whatever is in them."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


_HEAD = """#set document(title: {title}, author: {issuer})
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm),
  footer-descent: 7mm,
  footer: context {{
    let n = counter(page).get().first()
    set text(size: 14pt)
    align(if calc.odd(n) {{ right }} else {{ left }}, [— #n —])
  }})
#set text(font: ("Libertinus Serif", {body}), size: 15.79pt, lang: "zh", region: "cn",
  costs: (orphan: 0%, widow: 0%),
  top-edge: 0.8em, bottom-edge: -0.2em)
#set par(leading: 13.2pt, spacing: 13.2pt, justify: true,
  first-line-indent: (amount: 2em, all: true))
#let red = rgb("#e60012")
#let plain(body) = par(first-line-indent: 0pt, body)
"""


def as_pdf(paper: Paper) -> bytes:
    """Set a document as PDF. Raises NoFont."""
    made = typst.compile(source_of(paper).encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def source_of(paper: Paper) -> str:
    """Write a document for typst. Raises NoFont."""
    fonts = {use: text_of(name) for use, name in families().items()}
    titled = (
        f"#align(center, text(font: {fonts['title']}, size: 22pt, {text_of(line)}))"
        for line in title_lines(paper.title)
    )
    parts = [
        _HEAD.format(title=text_of(paper.title), issuer=text_of(paper.issuer), body=fonts["body"]),
        _top(paper, fonts),
        *_notes(paper, fonts),
        *titled,
        "#v(12pt)",
        *([f"#plain({text_of(paper.addressed + '：')})"] if paper.addressed else []),
        *(
            _chart(text, paper.charts[text]) if level == "curve" else _paragraph(level, text, fonts)
            for level, text in paper.paragraphs
        ),
        _signed(paper),
        _appendix(paper, fonts),
    ]
    return "\n".join(parts)


def as_png(svg: str, width: int) -> bytes:
    """Draw a picture, so many pixels wide. Raises NoFont."""
    families()
    quoted = text_of(svg)
    source = (
        "#set page(width: 720pt, height: auto, margin: 0pt)\n"
        f'#image(bytes({quoted}), format: "svg", width: 720pt)'
    )
    made = typst.compile(source.encode(), format="png", ppi=72 * width / 720)
    assert isinstance(made, bytes)
    return made


def _top(paper: Paper, fonts: dict[str, str]) -> str:
    size = min(48, int(400 / max(len(paper.issuer), 1)))
    mark = f"text(font: {fonts['title']}, size: {size}pt, fill: red, {text_of(paper.issuer)})"
    if paper.kind == "letter":
        return (
            f"#place(top + center, dy: -7mm, {mark})\n#v({size + 8}pt)\n"
            "#line(length: 100%, stroke: 2pt + red)\n#v(-10pt)\n"
            "#line(length: 100%, stroke: 0.75pt + red)\n"
            f"#align(right, {text_of(paper.number)})\n#v(12pt)"
        )
    number = f"#align(center, {text_of(paper.number)})" if paper.number else ""
    return (
        f"#v(35mm)\n#align(center, {mark})\n#v(30pt)\n{number}\n#v(-2pt)\n"
        "#line(length: 100%, stroke: 1pt + red)\n#v(24pt)"
    )


def _notes(paper: Paper, fonts: dict[str, str]) -> list[str]:
    draft = "草稿，未发布，不得引用" if paper.draft else ""
    said = [note for note in (draft, paper.correction, paper.corrected) if note]
    return [f"#plain(text(font: {fonts['hei']}, fill: red, {text_of(note)}))" for note in said]


def _paragraph(level: str, text: str, fonts: dict[str, str]) -> str:
    font = {"one": fonts["hei"], "two": fonts["kai"]}.get(level)
    words = text_of(text.strip())
    return f"#par(text(font: {font}, {words}))" if font else f"#par({words})"


def _chart(caption: str, chart: Chart) -> str:
    """Set a curve over its numbers; they may go on overleaf."""
    cells = ", ".join(text_of(word) for mark in chart.marks for word in (mark.name, mark.text))
    return (
        "#block(breakable: false, width: 100%, {\n"
        "set par(first-line-indent: 0pt, justify: false, leading: 6pt)\n"
        "set text(size: 10.5pt)\n"
        f'image(bytes({text_of(drawn(chart))}), format: "svg", width: 100%)\n'
        f"align(center, {text_of(caption)})\n}})\n"
        "#[#set par(first-line-indent: 0pt, justify: false, leading: 6pt)\n"
        "#set text(size: 10.5pt)\n"
        f"#table(columns: (1fr, 1fr, 1fr, 1fr), stroke: 0.5pt, inset: 4pt, {cells})]"
    )


def _signed(paper: Paper) -> str:
    day = chinese_day(paper.day) if paper.day else "（未发布）"
    named = paper.kind in ("letter", "minutes")
    lines = [paper.issuer, day] if named else [day]
    said = " ".join(f"#align(right, pad(right: 4em, {text_of(line)}))" for line in lines)
    noted = '#par("附件：数据说明")' if paper.entries else ""
    copied = ""
    if paper.copied:
        copied = (
            "#line(length: 100%, stroke: 1pt)\n"
            f"#plain(text(size: 14pt, {text_of(f'抄送：{paper.copied}。')}))\n"
            "#line(length: 100%, stroke: 1pt)"
        )
    return f"#v(12pt)\n{noted}\n#v(12pt)\n{said}\n{copied}"


def _appendix(paper: Paper, fonts: dict[str, str]) -> str:
    if not paper.entries:
        return ""
    heads = ("数据", "数值", "地方、时段", "怎么数的", "记录数、截至、定义编号")
    cells = ", ".join(f"text(font: {fonts['hei']}, {text_of(head)})" for head in heads)
    rows = ",\n".join(_row(entry) for entry in paper.entries)
    return (
        f'#pagebreak()\n#plain(text(font: {fonts["hei"]}, "附件"))\n'
        f'#align(center, text(font: {fonts["title"]}, size: 22pt, "数据说明"))\n#v(12pt)\n'
        "#set text(size: 10.5pt)\n#set par(leading: 6pt, justify: false, first-line-indent: 0pt)\n"
        "#table(columns: (24mm, 36mm, 28mm, 40mm, 28mm), stroke: 0.5pt, inset: 4pt,\n"
        f"table.header({cells}),\n{rows})"
    )


def _row(entry: Entry) -> str:
    counted = f"{entry.n:,}条；截至{entry.cutoff}；{entry.edition}"
    where = f"{entry.where}，{entry.period}"
    said = (entry.title, entry.number, where, entry.definition, counted)
    return ", ".join(text_of(words) for words in said)
