"""Which answer a raiser speaks of, and whose word moves the matter."""

from __future__ import annotations

from groundwork.base.errors import N_, Conflict, RuleBroken

QUESTIONS = ("answered", "solved", "satisfied")  # asked and counted apart
SPOKEN_OF = ("answered", "solved", "unit_done")  # the round's answer is there
MOST_ADDED = 20  # further words of one raiser; more is a new matter


class AlreadySaid(Conflict):
    """Tell the second tap what stands."""

    code = "matters.already_said"
    text = N_("您已经说过了，这里显示的是记下的结果。")


class OwnWork(RuleBroken):
    """Refuse praise of the own work: who may answer a matter does not say that it is solved."""

    code = "matters.own_work"
    text = N_("这件是您单位承办的，解决了没有由别人来说；没有解决，您可以请重办。")


class NothingToSay(RuleBroken):
    """Refuse a verdict where nobody has answered yet."""

    code = "matters.nothing_answered"
    text = N_("这件诉求还没有答复，等答复后再说解决了没有。")


class AppealedBefore(RuleBroken):
    """Refuse a second appeal."""

    code = "matters.appealed_before"
    text = N_("已经请求再看过一次了，只能请求一次。")


class OthersStand(RuleBroken):
    """Refuse to take back what others raise as well."""

    code = "matters.others_stand"
    text = N_("还有别人也提了这件事，不能整件撤回。您可以删去自己的信息退出。")


class NoMoreWords(RuleBroken):
    """Refuse further words to a closed matter, or too many."""

    code = "matters.no_more_words"
    text = N_("这件诉求已经结束，或者补充得太多了。有新的情况请另提一件。")


class ThankedBefore(Conflict):
    """Refuse a second thank-you; one is kept."""

    code = "matters.thanked_before"
    text = N_("您的感谢已经转到了，不用再点。")


def round_of(state: str, redo_count: int) -> int:
    """Give the round whose answer a raiser speaks of; -1 where there was none.

    While a matter is redone the answer spoken of is the one refused.
    """
    return redo_count if state in SPOKEN_OF else redo_count - 1


def decides(state: str, *, first: bool) -> bool:
    """Tell whether a raiser's "solved" moves the matter.

    The first raiser's does; after the asking period, in which the first was silent, anybody's.
    """
    return first or state == "unit_done"
