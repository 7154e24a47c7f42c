"""The index finds what is there, on both databases, for every word of two characters or more."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwork.base import search
from groundwork.base.models import SearchEntry

pytestmark = pytest.mark.django_db
TEXTS = {
    1: ("周二夜学：数字经济与宁波制造", "陆明远"),
    2: ("巡回宣讲进海曙", "单晓芸 sxy NB0012"),
    3: ("岭下村委会", "lxcwh"),
}


@pytest.fixture
def indexed(db):
    search.index_many("thing", TEXTS.items())
    search.index("other", 1, ("周二夜学",))


def found(query, kind="thing"):
    return set(search.matching(kind, query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("夜学", {1}),
        ("学", {1}),
        ("数字经济", {1}),
        ("宁波 陆明远", {1}),
        ("宁波 单晓芸", set()),
        ("宣讲", {2}),
        ("sxy", {2}),
        ("sx", {2}),  # pinyin as far as it is typed
        ("nb00", {2}),
        ("NB0012", {2}),
        ("ＮＢ００１２", {2}),
        ("岭下", {3}),
        ("岭村", set()),
        ("没有的词", set()),
    ],
)
def test_a_query_finds_what_holds_all_its_terms(indexed, query, expected):
    assert found(query) == expected


def test_kinds_are_kept_apart_and_can_be_forgotten(indexed):
    assert found("夜学", "other") == {1}
    search.remove("thing", [1])
    assert found("夜学") == set()
    assert found("夜学", "other") == {1}


def test_writing_an_object_again_replaces_its_words(indexed):
    search.index("thing", 1, ("安全生产",))
    assert found("夜学") == set()
    assert found("安全") == {1}
    assert SearchEntry.objects.filter(kind="thing").count() == len(TEXTS)


@pytest.mark.parametrize(
    "query", ["", "   ", "*", '"', "a:b", "NEAR(", "夜学 AND", "'; DROP", ":*", "&|!", "( )", "-"]
)
def test_signs_of_the_query_language_are_only_signs(indexed, query):
    assert found(query) <= set(TEXTS)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_piece_of_chinese_text_is_found(indexed, data):
    pk = data.draw(st.sampled_from(sorted(TEXTS)))
    text = data.draw(st.sampled_from([t for t in TEXTS[pk] if not t.isascii()]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = text[start:end]
    words = piece.replace("：", " ").split()
    if words and all(not word.isascii() for word in words):
        assert pk in found(piece)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_whatever_is_typed_the_search_answers(indexed, query):
    assert found(query) <= set(TEXTS)
