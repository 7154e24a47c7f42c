"""A city begins with the hotline's usual categories and deadlines; the office changes them."""

from __future__ import annotations

from datetime import date, datetime, timezone

from groundwork.base.ids import public_id

# code: (name, audience, {code: (name, words that suggest it)})
CATEGORIES = {
    "city": ("城乡建设", "people", {
        "roads": ("道路与市政设施", ["路面", "坑洼", "路灯", "井盖", "护栏", "积水", "修路"]),
        "noise": ("噪声扰民", ["噪声", "噪音", "扰民", "广场舞", "施工", "夜间", "太吵"]),
        "illegal-building": ("违章建筑", ["违建", "违章", "搭建", "占道"]),
        "property": ("物业管理", ["物业", "电梯", "业委会", "小区", "漏水", "维修基金"]),
    }),
    "environment": ("环境卫生", "people", {
        "waste": ("垃圾分类与清运", ["垃圾", "分类", "清运", "臭味", "垃圾桶"]),
        "water": ("河道与污水", ["河道", "污水", "河水", "黑臭", "排污"]),
        "air": ("扬尘与油烟", ["扬尘", "油烟", "烟味", "灰尘"]),
    }),
    "traffic": ("交通出行", "people", {
        "parking": ("停车", ["停车", "车位", "乱停", "违停"]),
        "transit": ("公共交通", ["公交", "地铁", "班次", "站台"]),
        "signals": ("信号灯与拥堵", ["红绿灯", "信号灯", "拥堵", "堵车"]),
    }),
    "livelihood": ("民生保障", "people", {
        "health": ("医疗健康", ["医院", "看病", "疫苗", "口罩", "医保"]),
        "education": ("教育", ["学校", "上学", "幼儿园", "学区", "培训"]),
        "welfare": ("社会保障与养老", ["社保", "养老", "低保", "退休", "老人", "送餐"]),
        "market": ("消费与市场监管", ["退款", "商家", "消费", "食品", "价格"]),
        "safety": ("公共安全", ["消防", "安全", "隐患", "电瓶车", "飞线"]),
    }),
    "epidemic": ("疫情防控", "both", {
        "gates": ("卡口与通行", ["卡口", "通行", "健康码", "隔离", "封闭"]),
        "supplies": ("防疫物资", ["口罩", "消毒", "防护", "物资"]),
    }),
    "business": ("企业服务", "enterprise", {
        "labour": ("用工", ["用工", "招工", "返岗", "员工", "复工"]),
        "logistics": ("物流运输", ["物流", "运输", "货车", "原料", "配送"]),
        "guarantees": ("要素保障", ["供电", "用水", "用地", "厂房", "保障"]),
        "taxes": ("税费与社保减免", ["税", "减免", "缓缴", "社保费"]),
        "permits": ("审批许可", ["审批", "许可", "执照", "备案", "验收"]),
        "finance": ("融资", ["贷款", "融资", "资金", "续贷"]),
    }),
    "other": ("其他", "both", {"other-matters": ("其他事项", [])}),
}
# urgency: working days to accept, to reply first, to solve
TERMS = {"normal": (1, 3, 15), "urgent": (1, 1, 5), "emergency": (0, 0, 1)}


def write(apps, schema_editor):
    Category, Term = apps.get_model("matters", "Category"), apps.get_model("matters", "Term")
    order = 0
    for code, (name, audience, parts) in CATEGORIES.items():
        order += 10
        top = Category.objects.create(
            public_id=public_id(), code=code, name=name, audience=audience, order=order
        )
        for part, (part_name, words) in parts.items():
            order += 1
            Category.objects.create(
                public_id=public_id(), code=part, name=part_name, audience=audience, parent=top,
                words=words, order=order,
            )
    for urgency, (accept, reply, solve) in TERMS.items():
        Term.objects.create(
            urgency=urgency, accept_days=accept, reply_days=reply, solve_days=solve,
            valid_from=date(2000, 1, 1), written_at=datetime(2020, 1, 1, tzinfo=timezone.utc),
        )
