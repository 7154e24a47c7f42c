"""What a writer reads for a reference, and back: no database."""

from __future__ import annotations

import pytest

from groundwork.figures.rules import briefing as rules
from groundwork.figures.rules.briefing import Token
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.figures.rules.marks import BadMark, Names, spoken, unspoken, usual
from groundwork.figures.rules.templates import TEMPLATES

NAMES = Names(
    {key: figure.title for key, figure in FIGURES.items()},
    {"3302": "宁波市", "330203": "海曙区"},
    {"2026-10": "2026年10月", "2025-10": "2025年10月"},
    "3302",
    "2026-10",
)
RAISED = Token("matters.raised", "2026-10", "3302")


@pytest.mark.parametrize(
    ("token", "mark"),
    [
        (RAISED, "【提出的诉求】"),
        (Token("matters.raised", "2025-10", "3302"), "【提出的诉求·2025年10月】"),
        (
            Token("matters.resolution_rate", "2025-10", "330203", whole=True),
            "【办结率·海曙区·2025年10月·含分子分母】",
        ),
        (Token("matters.raised", "2026-10", "3302", curve=True), "【提出的诉求·曲线】"),
    ],
)
def test_a_reference_reads_as_its_name_and_comes_back_as_it_was(token, mark):
    assert spoken(f"共{token}件。", NAMES) == f"共{mark}件。"
    assert unspoken(f"共{mark}件。", NAMES) == f"共{token}件。"


@pytest.mark.parametrize(
    "wrong",
    [
        "【提出的】",
        "【提出的诉求·去年】",
        "【】",
        "【通知】",
        "【走访",
        "走访】",
        "【走【走访】访】",
    ],
)
def test_a_mark_that_names_no_number_is_refused_and_not_taken_for_words(wrong):
    with pytest.raises(BadMark):
        unspoken(f"共{wrong}件。", NAMES)


def test_what_has_no_name_any_more_stays_a_reference():
    gone = "{{matters.gone|period=2026-10|place=3302}}"
    assert unspoken(spoken(f"共{gone}件", NAMES), NAMES) == f"共{gone}件"


def test_no_two_figures_are_called_alike_nor_like_a_part_of_a_mark():
    titles = [figure.title for figure in CATALOGUE]
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if set("·【】") & set(title)]


def test_what_most_numbers_are_of_is_left_out_of_the_marks():
    other = Token("matters.raised", "2025-10", "3302")
    assert usual(f"{RAISED}{other}{RAISED}", "x", "y") == ("3302", "2026-10")
    assert usual("没有数", "330203", "2026-10") == ("330203", "2026-10")


def test_what_is_still_to_be_written_is_not_sent():
    [minutes] = [template for template in TEMPLATES if template.key == "minutes"]
    with pytest.raises(rules.Unwritten):
        rules.check_written(minutes.text)
    for template in TEMPLATES:
        if template is not minutes:
            rules.check_written(template.text)
