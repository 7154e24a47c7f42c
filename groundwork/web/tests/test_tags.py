"""The tags say numbers, days and states the way the office reads them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import override

from groundwork.base.clock import ZONE
from groundwork.base.numbers import Count, Rate, Ratio

START = datetime(2026, 11, 24, 18, 15, tzinfo=ZONE)
END = datetime(2026, 11, 24, 19, 50, tzinfo=ZONE)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


def test_a_rate_stands_with_its_part_and_whole():
    shown = render("{% rate value %}", value=Rate(136_124, 148_932))
    assert "91.4%" in shown
    assert "136,124 / 148,932" in shown


@pytest.mark.parametrize("whole", [0, 1, 4])
def test_no_percentage_stands_under_five(whole):
    value = Rate(min(3, whole), whole)
    for source in ("{% rate v %}", "{% rate v False %}", "{% figure 't' v %}"):
        assert "%" not in render(source, v=value)


def test_five_is_enough_for_a_percentage():
    assert "60%" in render("{% rate value %}", value=Rate(3, 5))


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(9_999, 10_000, "99.9%"), (1, 10_000, "0.1%"), (10_000, 10_000, "100%"), (0, 10_000, "0%")],
)
def test_rounding_never_makes_a_part_all_or_nothing(part, whole, shown):
    assert f">{shown} <" in render("{% rate value %}", value=Rate(part, whole))


def test_a_ratio_never_gets_a_percent_sign():
    for source in ("{% rate v %}", "{% figure 't' v %}"):
        shown = render(source, v=Ratio(143_836, 144_105))
        assert "0.998" in shown
        assert "%" not in shown


@pytest.mark.parametrize("bare", [0.914, 91, "91%"])
def test_a_bare_number_is_refused_as_a_rate(bare):
    with pytest.raises(TypeError):
        render("{% rate value %}", value=bare)


def test_counts_are_grouped_and_capped():
    assert ">144,105<" in render("{% count n %}", n=144_105)
    assert ">1,000+<" in render("{% count n cap=1000 %}", n=1_001)
    assert ">1,000<" in render("{% count n cap=1000 %}", n=1_000)
    assert ">1,000+<" in render("{% count n %}", n=Count(1_000, capped=True))


def test_nothing_known_is_a_dash_not_a_zero():
    assert render("{% count n %}{% rate n %}{% when n %}{% zh_date n %}", n=None) == "————"


def test_a_span_on_one_day_names_the_day_once():
    shown = render("{% when start end weekday=True %}", start=START, end=END)
    assert "2026年11月24日（周二） " in shown
    assert "18:15–19:50" in shown
    assert shown.count("24日") == 1


def test_a_span_over_midnight_names_both_days():
    later = datetime(2026, 11, 25, 1, 0, tzinfo=ZONE)
    shown = render("{% when start end year=False %}", start=START, end=later)
    assert "11月24日 18:15 – 11月25日 01:00" in shown


def test_english_readers_get_english_days():
    with override("en"):
        assert "24 Nov 2026, 18:15" in render("{% when start %}", start=START)
        assert "Tue 24 Nov 2026" in render("{% zh_date d weekday=True %}", d=START.date())


def test_a_moment_in_another_zone_is_told_in_the_citys():
    from datetime import UTC

    assert render("{% zh_time t %}", t=START.astimezone(UTC)) == "18:15"


def test_texts_from_readers_are_escaped():
    bad = "<script>alert(1)</script>"
    for source in (
        "{% chip 'ok' t %}",
        "{% icon 'home' t %}",
        "{% crumbs t t t %}",
        "{% empty t url=t label=t hint=t %}",
        "{% figure t 3 t t url=t %}",
        "{% qr t t %}",
    ):
        assert "<script" not in render(source, t=bad)


def test_what_is_drawn_once_for_all_stays_what_each_reader_was_given():
    plain = "<b>督办</b>"
    for said, shown in ((mark_safe(plain), "<b>"), (plain, "&lt;b&gt;"), (mark_safe(plain), "<b>")):
        assert shown in render("{% chip 'late' said %}", said=said)
    with override("en"):
        assert "24 Nov 2026" in render("{% when start %}", start=START)
    assert "2026年11月24日" in render("{% when start %}", start=START)


@pytest.mark.parametrize("public_id", ["7kq3hcpnzxp2", "a/b?c", "~"])
def test_the_address_of_a_line_is_the_one_that_url_gives(public_id):
    view = "matters:matter"
    if public_id == "a/b?c":  # no address holds it: quoted, it leads out of nothing
        assert render("{% page_of v id %}", v=view, id=public_id).count("/") == 4
        return
    assert render("{% page_of v id %}", v=view, id=public_id) == reverse(view, args=[public_id])


def test_every_icon_named_in_a_template_is_in_the_sprite():
    import re
    from pathlib import Path

    house = Path(__file__).resolve().parents[2]
    sprite = (house / "web/static/web/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        name
        for page in house.glob("*/templates/**/*.html")
        for name in re.findall(r'{%\s*icon\s+"([\w-]+)"', page.read_text())
    }
    assert named - known == set()


def test_the_way_to_more_rows_keeps_the_filter():
    request = RequestFactory().get("/people/", {"q": "叶", "after": "1"})
    shown = render("{% cursor '7' %}", request=request)
    assert "q=%E5%8F%B6" in shown
    assert "after=7" in shown
    assert "after=1" not in shown


def test_the_end_of_a_list_offers_nothing_more():
    assert "<a" not in render("{% cursor None %}", request=RequestFactory().get("/"))


def sections(*phone: bool) -> list[SimpleNamespace]:
    return [SimpleNamespace(phone=stands) for stands in phone]


def test_the_dock_holds_five_and_leaves_room_for_the_way_to_the_rest():
    def docked(items: list[SimpleNamespace]) -> str:
        return render("{{ items|docked|length }}", items=items)

    assert docked(sections(*[True] * 5)) == "5"
    assert docked(sections(*[True] * 5, False)) == "4"
    assert docked(sections(True, True, False)) == "2"
    assert render("{{ nothing|docked|length }}") == "0"
