"""What must not stand on a public page: door numbers, telephones, addresses of mail, cards.

The dispatcher's wording is the safeguard; this finds what slipped in, to warn the dispatcher,
and blanks it once more where a text nobody vetted for the public is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from groundwork.base.errors import N_
from groundwork.matters.rules.words import masked

Kind = Literal["door", "phone", "email", "card", "name"]
KIND_NAMES: dict[Kind, str] = {
    "door": N_("门牌房号"),
    "phone": N_("电话"),
    "email": N_("邮箱"),
    "card": N_("证件或卡号"),
    "name": N_("人名"),
}
BLANK = "〔已隐去〕"

_N = r"[0-9一二三四五六七八九十百零〇甲乙丙丁A-Za-z]{1,5}"
_GAP = r"[\s,，、]{0,2}"
_ROOM = rf"(?:{_GAP}{_N}(?:室|房|户)|{_GAP}[0-9]{{3,4}}(?![0-9年月日元件]))"
# A building alone is a place where a lamp may stand; with a staircase or a room it is a home.
_DOOR = re.compile(
    rf"{_N}(?:幢|栋|号楼|座)(?:{_GAP}{_N}(?:单元|梯)(?:{_ROOM})?|{_ROOM})"  # 3幢2单元502室
    rf"|{_N}单元{_ROOM}"
    r"|(?<![0-9-])[0-9]{1,3}\s?[-－—#]\s?[0-9]{1,3}\s?[-－—]\s?[0-9]{3,4}(?:室|房|户)?"  # 8-2-301
    r"|[0-9]{3,4}(?:室|房间)"
    r"|(?<=[路街巷弄道村])[0-9]{1,5}弄(?:[0-9]{1,4}号)?"  # 中山路218弄5号
    r"|(?<=[路街巷弄道村])[0-9]{1,5}号(?!线|令|文|公告|桥|地块|地铁|口)"
)
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}[- ]?[0-9]{7,8}(?![0-9])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_TITLE = "(?:先生|女士|小姐|阿姨|大爷|大妈|大姐|大哥|师傅|老师|同志)"
# The commonest family names but those that are everyday words as well (和, 于, 向, 时 …).
_FAMILY = (
    "(?:欧阳|诸葛|上官|司马|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁"
    "潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵钱严武戴莫孔汤裘励竺乐任施洪翁俞葛傅章柳单应虞鲍屠柴忻])"
)
_BEGINS = "(?:(?<![\u4e00-\u9fff])|(?<=[的对请找由给与跟为让经系户主民位叫]))"
_CALLED = rf"{_BEGINS}{_FAMILY}[\u4e00-\u9fff]{{0,2}}?{_TITLE}"  # 尊敬的王桂芳女士
_SIGNED = (
    rf"(?:我叫|本人|姓名[:：]?|联系人[:：]?)\s?{_FAMILY}[\u4e00-\u9fff]{{1,2}}"
    r"(?=[，。,.、；;\s（(:：]|$)"
)
_NAME = re.compile(
    r"(?:我叫|本人|姓名[:：]?|联系人[:：]?|业主|租客)\s?[\u4e00-\u9fff]{2,3}(?=[，。,.、；;\s（(:：]|$)"
    rf"|{_CALLED}"
    rf"|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{1,3}}{_TITLE}"
)
_PERSON = re.compile(rf"{_CALLED}|{_SIGNED}")  # a name for certain; blanked, not only asked about
_FULL = re.compile(rf"{_FAMILY}[\u4e00-\u9fff]{{1,2}}{_TITLE}?")
_FINDERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("phone", _MOBILE),
    ("phone", _LANDLINE),
    ("email", _EMAIL),
    ("door", _DOOR),
    ("name", _NAME),
)
# An office's own number may stand in its answer.
_CARD = re.compile(r"[0-9]{2,6}\*{6,}[0-9Xx]{0,4}")  # masked already; the public needs no rest
_BLANKED = (_MOBILE, _EMAIL, _PERSON, _DOOR, _CARD)


@dataclass(frozen=True)
class Found:
    """One piece of a text that looks private; of a card the kind alone is told."""

    kind: Kind
    text: str


def private_parts(text: str) -> list[Found]:
    """Find what looks like a door number, telephone, mail address, card or a person's name."""
    found = [
        (match.start(), Found(kind, match[0]))
        for kind, finder in _FINDERS
        for match in finder.finditer(text)
    ]
    parts = [part for _start, part in sorted(found, key=lambda pair: pair[0])]
    return [*parts, Found("card", "")] if masked(text) != text else parts


def blanked(text: str) -> str:
    """Blank out people's names, doors, mobile phones, mail addresses and cards."""
    text = masked(text)
    for finder in _BLANKED:
        text = finder.sub(BLANK, text)
    return text


def without_names(text: str, names: Iterable[str]) -> str:
    """Blank these people's names wherever they stand; what is no name (居民, 厂办) stays."""
    for name in sorted(set(names), key=len, reverse=True):
        if _FULL.fullmatch(name):
            text = text.replace(name, BLANK)
    return text
