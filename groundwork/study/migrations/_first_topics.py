"""Give a new city the topics that its guide to Tuesday night names; it adds its own."""

TOPICS = {
    "political": ["党的创新理论", "党章党规党纪", "党史", "形势政策"],
    "professional": ["经济", "科技", "法律", "城市治理", "数字化改革", "生态环境", "应急安全"],
}


def add(apps, editor):
    topic = apps.get_model("study", "Topic")
    for theme, names in TOPICS.items():
        for name in names:
            topic.objects.get_or_create(theme=theme, name=name)
