"""Invented names: surnames and given names of our own, common ones first.

Nobody is meant. A name that a living person bears is a coincidence; every invented person carries
`Person.demo`, and every page of a demo city says so.
"""

from __future__ import annotations

from random import Random

# Ningbo's streets have more 励, 忻, 竺, 乐 and 应 than the national register.
_COMMON = "陈王张李徐周胡吴黄朱林叶沈俞郑钱孙何杨毛刘冯谢蒋董金章虞方赵"
_LOCAL = "励忻竺乐应史戴邬鲍单屠贺邵裘洪傅姚汪施范孔崔岑翁柴丁楼葛邱严童桂包卓"
_RARE = ("欧阳", "上官", "司徒", "诸葛")
_SURNAMES = [*(_COMMON * 4), *_LOCAL, *_RARE]

_OLDER = (
    "国平",
    "建军",
    "志刚",
    "海燕",
    "春华",
    "文娟",
    "立新",
    "正清",
    "明远",
    "向东",
    "爱芬",
    "惠珍",
    "永康",
    "庆丰",
    "雪琴",
    "月娥",
    "水根",
    "亚萍",
    "光明",
    "利民",
    "素珍",
    "国良",
    "红梅",
    "卫东",
    "和平",
    "凤仙",
    "培英",
    "宏伟",
)
_FIRST = "晓思佳雨子梓静海文志建宏俊浩嘉欣雅明伟丽玉春秋若书景承启知彦舒润泽安宁"
_SECOND = "芸敏慧琪涵轩宇杰鹏涛波峰磊斌琳婷洁莹颖悦然怡航凯超瑜晴阳辰帆远舟清川岚"
_SINGLE = "坤敏杰磊静伟丽娜涛芳强洋勇艳超鹏辉玲斌莉颖倩琳宁晨昊"


def invent(rng: Random) -> str:
    """Invent one full name."""
    surname: str = rng.choice(_SURNAMES)
    kind = rng.random()
    if kind < 0.25:
        return surname + rng.choice(_OLDER)
    if kind < 0.45:
        return surname + rng.choice(_SINGLE)
    return surname + rng.choice(_FIRST) + rng.choice(_SECOND)


def invent_many(n: int, rng: Random) -> list[str]:
    """Invent `n` names; some recur, as they do in any city."""
    return [invent(rng) for _ in range(n)]
