"""Invent the city's enterprises: bodies in townships, with names that no register has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from groundwork.desk.demo.layout import BodyRow, PlaceRow

FULL, FEWEST = 420, 14
_FIRST = "甬姚奉象梅溪屿砚桐栎澜渚岙湾"
_SECOND = "禾砾澄晖舸岚榆畈汀垦苇钧"
_TRADES = (
    "精密机械", "模塑科技", "注塑", "气动元件", "紧固件", "汽车零部件", "服饰", "针织", "文具",
    "照明电器", "小家电", "厨具", "海产品加工", "冷链物流", "国际货运代理", "包装材料", "轴承",
    "新型建材", "电子元器件", "磁性材料", "户外用品", "节能设备",
)  # fmt: skip
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司")


def enterprises(places: Sequence[PlaceRow], scale: float, rng: Random) -> Iterator[BodyRow]:
    """List as many enterprises as the scale wants, spread over the townships."""
    townships = [place for place in places if place.level == "township"]
    used: set[str] = set()
    count: dict[str, int] = {}
    for _ in range(max(FEWEST, round(FULL * min(scale, 1)))):
        while (name := _name(rng)) in used:
            pass
        used.add(name)
        home = rng.choice(townships)
        count[home.code] = count.get(home.code, 0) + 1
        code = f"{home.code}-E{count[home.code]:02d}"
        yield BodyRow(code, name, "", "enterprise", "", home.code)


def _name(rng: Random) -> str:
    brand = rng.choice(_FIRST) + rng.choice(_SECOND)
    return f"宁波{brand}{rng.choice(_TRADES)}{rng.choice(_FORMS)}"
