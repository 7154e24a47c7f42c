"""What must not stand on a public page is found, and what may stays as it was."""

import pytest

from groundwork.matters.rules.private import BLANK, blanked, private_parts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3幢502室漏水", f"{BLANK}漏水"),
        ("3幢2单元502室漏水", f"{BLANK}漏水"),
        ("锦绣花园8-2-301漏水", f"锦绣花园{BLANK}漏水"),
        ("12号楼1101的住户", f"{BLANK}的住户"),
        ("家在中山路218弄5号", f"家在中山路{BLANK}"),
        ("A座1203", BLANK),
        ("打我电话139 0574 0001", f"打我电话{BLANK}"),
        ("写信到 shen@example.com", f"写信到 {BLANK}"),
    ],
)
def test_doors_telephones_and_addresses_are_blanked(text, shown):
    assert blanked(text) == shown
    assert private_parts(text)


@pytest.mark.parametrize(
    "text",
    [
        "2020年3月15日停水，2020-03-15恢复",
        "地铁3号线施工，3号桥封闭",
        "13幢旁边的路灯坏了3天",
        "共有300户居民，水费1200元",
        "门口3-5米有积水",
        "公交12路改道",
        "甬政发12号",
    ],
)
def test_days_lines_prices_and_buildings_stay(text):
    assert blanked(text) == text
    assert private_parts(text) == []


def test_an_offices_number_stays_but_the_dispatcher_is_warned():
    text = "请打0574-87180000，找张阿姨"
    assert blanked(text) == f"请打0574-87180000，找{BLANK}"
    assert [part.kind for part in private_parts(text)] == ["phone", "name"]
