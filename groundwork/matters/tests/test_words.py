"""Numbers of cards are masked, other numbers are not."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.matters.rules import intake, words

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TEXT = st.text("路灯坏了，请看一看。 电话是", max_size=12)


def identity(region: int, born: date, number: int) -> str:
    """Make a valid identity card number."""
    head = f"{region}{born:%Y%m%d}{number:03d}"
    return head + "10X98765432"[sum(int(f) * w for f, w in zip(head, WEIGHTS, strict=True)) % 11]


def bank(head: str, tail: int, length: int) -> str:
    """Make a bank card number with its right check figure."""
    body = (head + f"{tail:020d}"[-(length - len(head) - 1) :])[: length - 1]
    for check in "0123456789":
        number = body + check
        doubled = [int(f) * (2 if i % 2 else 1) for i, f in enumerate(reversed(number))]
        if sum(sum(divmod(d, 10)) for d in doubled) % 10 == 0:
            return number
    raise AssertionError


IDENTITIES = st.builds(
    identity,
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    st.integers(0, 999),
)
BANKS = st.builds(
    bank,
    st.sampled_from(["62", "4", "51", "55", "3568"]),
    st.integers(0, 10**15),
    st.sampled_from([16, 17, 18, 19]),
)
PHONES = st.integers(13000000000, 19999999999).map(str)
LANDLINES = st.integers(80000000, 89999999).map(lambda n: f"0574-{n}")
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%Y %m %d}"])
)
# Orders and works are numbered by day and count; the hotline's own by day and six figures.
ORDERS = st.one_of(
    st.builds(
        "{:%Y%m%d}{:08d}".format,
        st.dates(date(2015, 1, 1), date(2035, 1, 1)),
        st.integers(0, 10**8 - 1),
    ),
    st.builds(
        "{:%y%m%d}-{:06d}".format,
        st.dates(date(2015, 1, 1), date(2035, 1, 1)),
        st.integers(0, 10**6 - 1),
    ),
    st.integers(10**13, 10**14 - 1).map(str),
    st.integers(10**19, 10**25).map(str).filter(lambda n: not words._hidden_ids(n)),
)


@given(TEXT, st.one_of(IDENTITIES, BANKS), TEXT)
def test_a_card_is_masked_wherever_it_stands(before, number, after):
    found = words.masked(f"{before}{number}{after}")
    assert number not in found
    assert found == f"{before}{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}{after}"


@given(IDENTITIES, st.sampled_from([" ", "-", "\u3000", "－"]))
def test_a_card_in_groups_or_in_full_width_is_masked(number, gap):
    for parts in ((6, 14), (6, 10, 14), (3, 6, 14)):
        cuts = [0, *parts, len(number)]
        written = gap.join(number[a:b] for a, b in pairwise(cuts))
        found = words.masked(written)
        assert sum(sign == "*" for sign in found) == len(number) - 5
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    assert "*" in words.masked(wide)


@given(BANKS)
def test_a_bank_card_in_fours_is_masked(number):
    written = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    assert words.masked(written).count("*") == len(number) - 5


@given(st.lists(st.one_of(PHONES, LANDLINES, DAYS), min_size=1, max_size=6), TEXT)
def test_phones_and_days_stay_as_they_are_even_side_by_side(numbers, between):
    for gap in (between + "，", " ", "-", "、"):
        text = gap.join(numbers)
        assert words.masked(text) == text


@given(TEXT, ORDERS, TEXT)
def test_order_numbers_stay_as_they_are(before, number, after):
    assert words.masked(f"{before}{number}{after}") == f"{before}{number}{after}"


@given(st.text(max_size=200))
def test_masking_changes_figures_only_and_once(text):
    found = words.masked(text)
    assert len(found) == len(text)
    assert words.masked(found) == found


def test_a_mistyped_identity_card_and_a_pasted_table_are_masked_too():
    assert words.masked("33020319800101123X") == "330*************3X"
    both = "33020319800101123413805741234"
    valid = identity(330203, date(1980, 1, 1), 123)
    assert words.masked(valid + "13805741234") == words.masked(valid) + "13805741234"
    assert words.masked(both)


@pytest.mark.parametrize("text", ["1 " * 5000, "9" * 10_000, "1-" * 5000 + "x"])
def test_long_runs_of_figures_are_read_in_a_moment(text):
    assert len(words.masked(text)) == len(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0574 1234", "13805741234"),
        ("+86 138-0574-1234", "13805741234"),
        ("（0574）87181234", "057487181234"),
        ("１３８０５７４１２３４", "13805741234"),
        ("没有", None),
        ("12", None),
        ("1" * 30, None),
    ],
)
def test_a_telephone_number_is_known_however_it_is_written(typed, kept):
    assert intake.phone_of(typed) == kept


def test_a_category_is_suggested_by_its_words_and_by_what_resembles_the_text():
    pairs = [(1, ["停车", "车位"]), (2, ["噪音", "打桩"]), (3, [])]
    by_words = intake.suggest("工地打桩，噪音太大", pairs, [])
    assert [(s.key, s.words) for s in by_words] == [(2, ("噪音", "打桩"))]
    by_likeness = intake.suggest("车位被占", pairs, [3, 3, 3])
    assert [s.key for s in by_likeness] == [3, 1]
    assert intake.suggest("你好", pairs, []) == []
