"""References in a text, the four levels of a document, states: no database."""

from __future__ import annotations

import pytest

from groundwork.base.numbers import Count, Rate, Ratio
from groundwork.figures.rules import briefing as rules
from groundwork.figures.rules import saying
from groundwork.figures.rules.briefing import BadReference, Token
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import month_of, read
from groundwork.figures.rules.templates import TEMPLATES, begin

RATE = "{{matters.resolution_rate|period=2026-10|place=3302}}"


def test_a_text_comes_apart_into_words_and_numbers_and_together_again():
    text = f"办结率{RATE}，受理{{{{matters.enterprise|period=2026-10|place=3302|whole}}}}件。"
    parts = list(rules.pieces(text))
    assert [type(part) for part in parts] == [str, Token, str, Token, str]
    assert "".join(str(part) for part in parts) == text
    assert parts[1] == Token("matters.resolution_rate", "2026-10", "3302")
    assert parts[3].whole
    [curve] = rules.pieces(f"{RATE[:-2]}|curve}}}}")
    assert (curve.curve, curve.whole, curve.key) == (True, False, parts[1].key)
    assert str(curve) == f"{RATE[:-2]}|curve}}}}"


@pytest.mark.parametrize(
    "wrong",
    [
        "{{matters.resolution_rate}}",
        "{{matters.resolution_rate|period=2026-13|place=3302}}",
        "{{matters.resolution_rate|period=2026-10}}",
        "{{matters.invented|period=2026-10|place=3302}}",
        "{{matters.resolution_rate|period=2026-10|place=3302|pretty}}",
        "{{matters.resolution_rate|period=2026-10|place=3302",
        "办结}}率",
    ],
)
def test_what_looks_like_a_number_and_is_none_is_refused(wrong):
    with pytest.raises(BadReference):
        rules.tokens(f"办结率{wrong}。")


def test_a_number_shown_twice_is_one_number_and_sixty_are_the_most():
    assert len(rules.tokens(f"{RATE}和{RATE[:-2]}|whole}}}}")) == 1
    many = [Token("matters.raised", f"{2000 + n}", "3302") for n in range(61)]
    assert len(rules.tokens("".join(map(str, many[:60])))) == 60
    with pytest.raises(rules.TooManyReferences):
        rules.tokens("".join(map(str, many)))


def test_every_state_takes_only_its_own_acts():
    states = ("draft", "checking", "published", "corrected")
    verbs = ("edit", "send", "return", "publish", "correct")
    for state in states:
        for verb in verbs:
            if (state, verb) in rules.STEPS:
                assert rules.step(state, verb) in states
            else:
                with pytest.raises(rules.WrongState):
                    rules.step(state, verb)
    assert not [verb for state, verb in rules.STEPS if state == "corrected"]


def test_nobody_publishes_what_changed_unseen_nor_what_they_sent_themselves():
    rules.check_publish(0, sent_by=1, by=2)
    rules.check_publish(0, sent_by=1, by=None)
    with pytest.raises(rules.NumbersChanged):
        rules.check_publish(2, sent_by=1, by=2)
    with pytest.raises(rules.SameHand):
        rules.check_publish(0, sent_by=1, by=1)


def test_a_paragraph_heads_the_level_it_is_numbered_with_and_a_sentence_heads_none():
    assert [rules.level_of(p) for p in ("一、总的情况", "（二）做法", "1. 加快", "（3）落实")] == [
        "one", "two", "three", "four",
    ]  # fmt: skip
    assert rules.level_of("一、总的情况是好的，办结率比去年高。") == "body"
    assert rules.level_of("全市共走访。") == "body"


def test_a_number_goes_before_the_mark_that_ends_the_sentence():
    token = Token("matters.raised", "2026", "3302")
    assert rules.insert("一、情况\n共提出。\n完", token, 1) == f"一、情况\n共提出{token}。\n完"
    assert rules.insert("", token, 9) == str(token)


def test_a_number_kept_as_data_is_written_as_it_was():
    for number in (Count(37168), Rate(300, 310), Rate(3, 4), Ratio(143836, 144105), Ratio(1, 0)):
        kept = saying.plain(number)
        assert saying.told(kept) == saying.shown(number)
        assert saying.told(kept, with_parts=True) == saying.whole(number)
    assert saying.whole(Rate(300, 310)) == "96.8%（300 / 310）"
    assert saying.whole(Rate(3, 4)) == "3 / 4"
    assert saying.shown(Rate(9999, 10000)) == "99.9%"
    assert saying.shown(Ratio(143836, 144105)) == "0.998"
    assert "%" not in saying.whole(Ratio(2, 1))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.key)
def test_every_template_begins_with_numbers_that_are_declared(template):
    period = month_of(read("2026-10").first)
    title, text = begin(
        template, when="2026年10月", place="宁波市", place_code="3302", period=period
    )
    assert "{when}" not in title + text
    found = rules.tokens(text)
    assert found
    assert {token.figure for token in found} <= FIGURES.keys()
    assert {token.period for token in found} <= {"2026-10", "2025-10"}
    _title, alone = begin(
        template,
        when="2026年10月",
        place="宁波市",
        place_code="3302",
        period=period,
        silent=set(FIGURES),
    )
    assert {token.period for token in rules.tokens(alone)} == {"2026-10"}
    assert "去年" not in alone


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("十月简报", ["十月简报"]),
        (
            "2026年10月宁波市诉求办理和走访服务工作简报",
            ["2026年10月宁波市诉求办理", "和走访服务工作简报"],
        ),
        (
            "宁波市2026年1月1日至2026年10月31日海曙区工作简报",
            ["宁波市2026年1月1日至", "2026年10月31日海曙区工作简报"],
        ),
    ],
)
def test_a_long_title_stands_in_lines_of_like_length_that_cut_no_date(title, lines):
    assert rules.title_lines(title) == lines
    longer = title * 6
    assert "".join(rules.title_lines(longer)) == longer
    assert len(rules.title_lines(longer)) > 1
