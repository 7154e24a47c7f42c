"""The three rates of any set of matters, kept apart: answered, solved, satisfied.

Asked are the raisers (who joined counts) of matters that have an answer and went into no other
one. Said is each one's word on the last answer: what was said before it was about another one.
A rate is yes of those who said yes or no; silence is neither. The reply is those who said of
those asked. Each raiser is one row with the word on it, so that all three are counted of the same
rows at the same moment. Nothing else in the ledger counts them; the declared figures start from
the same rows, `asked_on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.numbers import Rate, Share
from groundwork.matters.models import Matter, Raiser
from groundwork.matters.rules.verdicts import QUESTIONS

# What each of the three is, in a few words and in one sentence.
MEANINGS: dict[str, tuple[Promise, Promise]] = {
    "answered": (_("得到答复"), _("说了有没有答复的人里，说“答复了”的。")),
    "solved": (_("问题解决"), _("说了解决没有的人里，说“解决了”的。")),
    "satisfied": (_("对办理满意"), _("说了满不满意的人里，说“满意”的。")),
}


@dataclass(frozen=True)
class Line:
    """One question: yes of those who said, and those who said of those asked."""

    question: str
    share: Share

    @property
    def rate(self) -> Rate:
        """Yes of those who said yes or no."""
        return self.share.rate

    @property
    def reply(self) -> Rate:
        """Who said yes or no, of those asked."""
        return self.share.reply

    @property
    def name(self) -> Promise:
        """What it is called."""
        return MEANINGS[self.question][0]

    @property
    def meaning(self) -> Promise:
        """What it is, in one sentence."""
        return MEANINGS[self.question][1]


@dataclass(frozen=True)
class Satisfaction:
    """How many were asked, and of each question how many said and said yes."""

    asked: int
    said: Mapping[str, int]  # by question
    yes: Mapping[str, int]

    def share(self, question: str) -> Share:
        """Yes of those who said yes or no, these of those asked."""
        return Share(self.yes[question], self.said[question], self.asked)

    def rate(self, question: str) -> Rate:
        """Yes of those who said yes or no."""
        return self.share(question).rate

    def reply(self, question: str) -> Rate:
        """Who said yes or no, of those asked."""
        return self.share(question).reply

    @property
    def lines(self) -> list[Line]:
        """Each question with its rate and its answer rate."""
        return [Line(name, self.share(name)) for name in QUESTIONS]


def rates_of(matters: QuerySet[Matter]) -> Satisfaction:
    """Give the three rates of these matters, in one statement."""
    return _made(asked_on(matters).aggregate(**_SUMS))


def rates_by(matters: QuerySet[Matter], column: str) -> dict[Any, Satisfaction]:
    """Give the three rates of these matters for each value of a column, in one statement."""
    key = f"goes_on__{column}"
    return {row[key]: _made(row) for row in asked_on(matters).values(key).annotate(**_SUMS)}


_SUMS = {"asked": Count("pk")}
_SUMS |= {
    f"{name}_said": Count("pk", filter=Q(**{f"word__{name}__isnull": False})) for name in QUESTIONS
}
_SUMS |= {f"{name}_yes": Count("pk", filter=Q(**{f"word__{name}": True})) for name in QUESTIONS}


def asked_on(matters: QuerySet[Matter]) -> QuerySet[Raiser]:
    """Give the raisers who are asked about some matters: with an answer, gone into no other one.

    `word` is what each said of the last answer, whatever was said before it; without one nothing.
    """
    answered = matters.filter(answered_at__isnull=False).exclude(state="merged")
    asked = Raiser.objects.filter(goes_on__in=answered.order_by().values("pk"))
    return with_word(asked)


def with_word(raisers: QuerySet[Raiser]) -> QuerySet[Raiser]:
    """Put beside each raiser the word on the last answer of the matter that goes on."""
    last = Q(verdicts__at__gte=F("goes_on__answered_at"), verdicts__matter=F("goes_on"))
    return raisers.annotate(word=FilteredRelation("verdicts", condition=last)).order_by()


def _made(sums: Mapping[str, int]) -> Satisfaction:
    said = {name: sums[f"{name}_said"] for name in QUESTIONS}
    yes = {name: sums[f"{name}_yes"] for name in QUESTIONS}
    return Satisfaction(sums["asked"], said, yes)
