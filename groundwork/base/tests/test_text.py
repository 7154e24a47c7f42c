"""Text as people type it: width, spaces, pinyin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.text import initials, query_terms, sort_key, tidy, tight, tokens


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("１３８０５７４", "1380574"),
        ("　澄浪社区 ", "澄浪社区"),
        ("ＨＳ－ＪＹＪ", "HS-JYJ"),
        ("陆\u200b明远", "陆明远"),
        ("第一\n党支部\t(筹)", "第一 党支部 (筹)"),
        ("a\x00b", "ab"),
    ],
)
def test_what_a_clerk_typed_is_what_was_meant(typed, meant):
    assert tidy(typed) == meant


def test_a_spread_out_name_is_the_same_name():
    assert tight("单 晓　芸") == tight("单晓芸")


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing_more(typed):
    once = tidy(typed)
    assert tidy(once) == once
    assert once == once.strip()


def test_names_sort_by_pinyin_with_tones():
    names = ["周国平", "鲍立新", "毛建军", "陆明远"]
    assert sorted(names, key=sort_key) == ["鲍立新", "陆明远", "毛建军", "周国平"]
    assert initials(sort_key("陆明远")) == "lmy"


@given(st.text(max_size=40))
def test_any_text_gets_a_key_and_initials(name):
    assert len(initials(sort_key(name))) == len(sort_key(name).split())


def test_tokens_hold_words_bigrams_and_single_characters():
    found = tokens("海曙区教育局", "NB0007").split()
    assert {"海曙区", "教育局", "曙区", "教", "nb0007"} <= set(found)
    assert len(found) == len(set(found))


def test_a_query_is_cut_into_overlapping_pairs():
    assert query_terms("周二夜学 NB00") == ["周二", "二夜", "夜学", "nb00"]
    assert query_terms("学") == ["学"]
    assert query_terms(" ，。'\"*() ") == []
