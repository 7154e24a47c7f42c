"""The newest of what matches, found block by block, are the same as without the blocks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwork.base import blocks, search, text
from groundwork.base.models import Change, SearchEntry, TrailEntry
from tests.cast import EVENING

pytestmark = pytest.mark.django_db
KIND = "thing"
# Common in all, rare, only among the oldest, only among the newest.
WORDS = ("路灯坏了", "口罩", "河道黑臭 sxy", "停车难", "周二夜学")
KEYS = (1, 2, 3, 2047, 2048, 9000, 32767, 32768, 60000, 65536, 131072, 600000, 600001, 1200000)


@pytest.fixture
def things(db, monkeypatch):
    """Fourteen rows whose keys lie in blocks far apart; the even ones say more."""
    TrailEntry.objects.bulk_create(
        TrailEntry(pk=pk, at=EVENING, verb="say" if n % 3 else "ask", kind=KIND, object_id=str(pk))
        for n, pk in enumerate(KEYS)
    )
    search.index_many(
        KIND,
        [
            (
                pk,
                (WORDS[0], *(word for i, word in enumerate(WORDS[1:], 1) if (n >> i) % 2 == i % 2)),
            )
            for n, pk in enumerate(KEYS)
        ],
    )
    search.index_many("other", [(pk, ("口罩 停车难",)) for pk in KEYS])
    return monkeypatch


def plain(rows, query, size, before):
    found = rows.filter(pk__in=search.matching(KIND, query))
    if before is not None:
        found = found.filter(pk__lt=before)
    return [row.pk for row in found.order_by("-pk")[:size]]


def blockwise(rows, query, size, before):
    return [row.pk for row in search.newest(rows, KIND, query, size=size, before=before)]


@pytest.mark.parametrize("few", [0, 3, 1000])
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(
        st.sampled_from(
            [*WORDS, "路", "路灯", "灯坏", "口罩 停车", "s", "sx", "没有的词", "", "ω"]
        ),
        st.text(max_size=8),
    ),
    size=st.integers(1, 15),
    before=st.one_of(st.none(), st.sampled_from(KEYS), st.integers(0, 1300000)),
    asked=st.booleans(),
)
def test_newest_gives_what_the_plain_way_gives(things, few, query, size, before, asked):
    things.setattr(search, "FEW", few)
    rows = TrailEntry.objects.filter(verb="ask") if asked else TrailEntry.objects.all()
    assert blockwise(rows, query, size, before) == plain(rows, query, size, before)


def test_the_statements_are_few_for_the_commonest_and_the_rarest_word(
    things, django_assert_max_num_queries
):
    things.setattr(search, "FEW", 3)
    for query in ("路灯", "口罩", "没有的词"):
        with django_assert_max_num_queries(7):
            search.newest(TrailEntry.objects.all(), KIND, query, size=30)


def test_a_full_page_of_a_common_word_needs_no_second_look(things, django_assert_num_queries):
    with django_assert_num_queries(2):  # the last key, the page
        assert len(search.newest(TrailEntry.objects.all(), KIND, "路灯", size=1)) == 1


def test_marks_of_blocks_are_no_words_that_anybody_can_type(things):
    entry = SearchEntry.objects.filter(kind=KIND).first()
    marks = [word for word in entry.tokens.split() if word.startswith(blocks.SIGN)]
    assert len(marks) == len(blocks.BLOCKS)
    for typed in (*marks, blocks.SIGN, *(mark[1:] for mark in marks)):
        assert not any(term.startswith(blocks.SIGN) for term in text.query_terms(typed))
        assert blockwise(TrailEntry.objects.all(), typed, 5, None) == []


def test_an_empty_table_answers_with_nothing(db):
    assert search.newest(Change.objects.all(), KIND, "路灯", size=5, before=10) == []
    assert search.newest(TrailEntry.objects.all(), KIND, "路灯", size=5) == []
