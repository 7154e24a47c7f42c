"""What resembles what: words that everybody writes make no two matters alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from groundwork.matters.actions.commonness import count_words
from groundwork.matters.models import CommonWord
from groundwork.matters.queries.alike import alike
from groundwork.matters.rules.likeness import (
    COMMON,
    FEWEST_TEXTS,
    likeness,
    most_similar,
    portion,
    shares,
    telling_words,
    weight,
)
from groundwork.matters.tests.make import at_state, raise_one
from tests.cast import EVENING

NOISE = "工地夜里十一点还在打桩，老人睡不着。"
# What the city's people write around what they mean.
AROUND = "想请你们管一管：{}，断断续续快一个月了，老人小孩进出不方便。"
WHAT = (
    *("路灯不亮", "电梯停运", "河水发黑", "车位被占", "油烟很重", "垃圾没清", "井盖松动"),
    *("水压很低", "噪音太大", "护栏断裂", "树枝折断", "站牌不准", "燃气泄漏", "蚊虫成群"),
)


def texts(n: int = FEWEST_TEXTS) -> list[str]:
    """Make texts that differ in what they are about and share all that is around it."""
    return [AROUND.format(f"{WHAT[i % len(WHAT)]}在{i}号路口") for i in range(n)]


def test_texts_are_alike_by_words_that_say_something():
    noise = telling_words(NOISE)
    assert likeness(noise, telling_words("半夜工地打桩，睡不着"), {})
    assert not likeness(noise, telling_words("请问有关部门，社区居民希望解决问题。"), {})
    assert not likeness(noise, telling_words(""), {})


def test_the_emptiest_words_are_known_before_there_are_any_texts():
    empty = "什么时候能解决？我们小区居民希望有关部门尽快处理，请派人来看一看，谢谢。"
    assert not likeness(
        telling_words(f"路灯不亮。{empty}"), telling_words(f"河水发黑。{empty}"), {}
    )


def test_what_everybody_here_writes_says_nothing_about_the_matter():
    common = shares(texts())
    lift, water, again = (
        telling_words(AROUND.format(what)) for what in ("电梯停运", "河水发黑", "电梯又停运了")
    )
    assert likeness(lift, water, {})  # by their frame alone, as it was
    assert not likeness(lift, water, common)
    found = likeness(lift, again, common)
    assert found is not None
    assert "电梯" in found.words
    assert "一个月" not in found.words


def test_of_few_texts_and_of_one_sent_around_nothing_is_common():
    assert shares(texts(FEWEST_TEXTS - 1)) == {}
    flood = shares([*texts(), *["整个片区停电两小时了"] * 400])
    assert "停电" not in flood


def test_most_similar_are_those_about_the_same_and_never_all_there_are():
    common = shares(texts())
    others = [(n, telling_words(AROUND.format(what))) for n, what in enumerate(WHAT)]
    mine = telling_words(AROUND.format("河水发黑还有味道"))
    assert most_similar(mine, others, common, most=15) == [WHAT.index("河水发黑")]
    assert len(most_similar(mine, others, {}, most=15)) > 1  # by their frame


words = st.frozensets(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=6)
weights = st.dictionaries(st.sampled_from("甲乙丙丁"), st.floats(0.001, 1))


@given(words, words, weights)
def test_likeness_is_the_same_from_both_sides_and_whole_only_with_oneself(one, other, common):
    assert portion(one, other, common) == portion(other, one, common)
    assert 0 <= portion(one, other, common) <= 1
    assert all(0 <= weight(word, common) <= 1 for word in one)
    if any(weight(word, common) for word in one):
        assert portion(one, one, common) == 1


@given(st.floats(COMMON, 1), st.floats(COMMON, 1))
def test_the_commoner_a_word_the_less_it_weighs(one, other):
    if one < other:
        assert weight("词", {"词": one}) >= weight("词", {"词": other})


def test_the_city_counts_its_common_words_from_what_everybody_may_read(cast, at, monkeypatch):
    monkeypatch.setattr("groundwork.matters.rules.likeness.FEWEST_TEXTS", 6)
    for n in range(6):
        at_state(cast, "handling", words="内部的话。", public_text=texts()[n])
    raise_one(cast, "还没受理的话反复说。")  # not public: never counted
    assert count_words(at=EVENING) == CommonWord.objects.count() > 0
    counted = set(CommonWord.objects.values_list("word", flat=True))
    assert "一个月" in counted
    assert not counted & telling_words("内部的话。还没受理的话反复说。")


def test_the_dispatcher_is_shown_what_is_about_the_same(cast, at):
    CommonWord.objects.bulk_create(
        CommonWord(word=word, share=share) for word, share in shares(texts()).items()
    )
    same = raise_one(cast, AROUND.format("路灯不亮很久")).matter
    raise_one(cast, AROUND.format("河水发黑"))
    matter = raise_one(cast, AROUND.format("路灯不亮")).matter
    found = alike(cast.actor("dispatcher"), matter, at)
    assert [one.matter for one in found] == [same]
