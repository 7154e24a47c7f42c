"""Give categories an English name, for those who read the pages in English.

Only the shipped ones that are still called as they were: what an office renamed may mean another.
"""

from django.db import migrations, models

NAMES = {
    "city": ("城乡建设", "Building and upkeep"),
    "roads": ("道路与市政设施", "Roads and street works"),
    "noise": ("噪声扰民", "Noise"),
    "illegal-building": ("违章建筑", "Unauthorised building"),
    "property": ("物业管理", "Housing management"),
    "environment": ("环境卫生", "Environment and sanitation"),
    "waste": ("垃圾分类与清运", "Waste sorting and collection"),
    "water": ("河道与污水", "Rivers and sewage"),
    "air": ("扬尘与油烟", "Dust and cooking fumes"),
    "traffic": ("交通出行", "Getting around"),
    "parking": ("停车", "Parking"),
    "transit": ("公共交通", "Public transport"),
    "signals": ("信号灯与拥堵", "Traffic lights and congestion"),
    "livelihood": ("民生保障", "Daily life"),
    "health": ("医疗健康", "Health care"),
    "education": ("教育", "Education"),
    "welfare": ("社会保障与养老", "Social security and care of the elderly"),
    "market": ("消费与市场监管", "Consumer matters and markets"),
    "safety": ("公共安全", "Public safety"),
    "epidemic": ("疫情防控", "Epidemic control"),
    "gates": ("卡口与通行", "Gates and passage"),
    "supplies": ("防疫物资", "Protective supplies"),
    "business": ("企业服务", "Help for enterprises"),
    "labour": ("用工", "Labour"),
    "logistics": ("物流运输", "Logistics and transport"),
    "guarantees": ("要素保障", "Power, water, land and premises"),
    "taxes": ("税费与社保减免", "Taxes and social insurance relief"),
    "permits": ("审批许可", "Permits and approvals"),
    "finance": ("融资", "Finance"),
    "other": ("其他", "Other"),
    "other-matters": ("其他事项", "Other matters"),
    "self-check": ("对照检查", "Self-check"),
    "check-responsibility": ("责任落实", "Responsibilities carried out"),
    "check-organisation": ("组织领导", "Organisation and leadership"),
    "check-duty": ("担当意识", "Readiness to take charge"),
    "check-methods": ("工作方法", "Ways of working"),
    "check-staffing": ("人员力量", "Staffing"),
}
BEFORE = {"noise": "噪音扰民"}  # what cities that began earlier call it


def write(apps, schema_editor):
    category = apps.get_model("matters", "Category")
    for code, (name, english) in NAMES.items():
        names = (name, BEFORE.get(code, name))
        category.objects.filter(code=code, name__in=names, name_en="").update(name_en=english)


class Migration(migrations.Migration):

    dependencies = [("matters", "0022_verdicts_of_each_matter")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="name_en",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
