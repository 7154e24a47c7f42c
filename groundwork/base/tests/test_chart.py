"""A chart is drawn from its marks as they are given: nothing is sorted, nothing is made up."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from groundwork.base.chart import Chart, Mark, drawn, labels_of, lines_of, share_of


def test_a_mark_without_a_number_interrupts_the_line_and_stays_in_the_table():
    chart = Chart("x", [Mark("1", 5), Mark("2", None), Mark("3", 10), Mark("4", 0)])
    assert lines_of(chart, 3, 10) == [[(0.0, 5.0)], [(2.0, 0.0), (3.0, 10.0)]]
    assert [mark.text for mark in chart.marks] == ["5", "—", "10", "0"]
    assert chart.highest == Mark("3", 10)
    assert not Chart("x", [Mark("1", 5)]).drawable, "one point is no curve"
    assert not Chart("x", [Mark("1", 0), Mark("2", 0)]).drawable


def test_a_share_is_drawn_against_a_hundred_and_not_against_its_highest():
    chart = Chart("x", [Mark("1", 96.0), Mark("2", 98.0)], most=100)
    assert lines_of(chart, 1, 100) == [[(0.0, 4.0), (1.0, 2.0)]]
    assert chart.top_shown == "100%"


def test_labels_stand_evenly_with_the_first_and_the_last():
    marks = [Mark(str(n), n) for n in range(11)]
    assert [i for i, _mark in labels_of(Chart("x", marks))] == [0, 2, 4, 6, 8, 10]
    assert [i for i, _mark in labels_of(Chart("x", marks[:8]))] == [0, 7]
    assert [i for i, _mark in labels_of(Chart("x", marks[:1]))] == [0]
    long = [Mark(f"11月{n}日", n) for n in range(10, 19)]
    assert [i for i, _mark in labels_of(Chart("x", long))] == [0, 4, 8], "on a phone no more fit"


@pytest.mark.parametrize("kind", ["curve", "bars"])
def test_a_picture_for_paper_holds_its_words_inside_its_edges(kind):
    marks = [Mark("公共设施和城市管理", 1200000), Mark("<其他>&", 3), Mark("末", 600000)]
    tree = ElementTree.fromstring(drawn(Chart("逐月", marks, kind=kind)))
    words = [(node.get("x"), node.text or "") for node in tree.iter() if node.tag.endswith("text")]
    assert "1,200,000" in [text for _x, text in words]
    assert "<其他>&" in [text for _x, text in words] or kind == "curve"
    assert all(0 <= float(x or -1) <= 720 for x, _text in words)
    if kind == "bars":
        assert share_of(Chart("x", marks), marks[2]) == 50
