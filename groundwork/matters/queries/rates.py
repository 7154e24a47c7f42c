"""The three rates of any set of matters, kept apart: answered, solved, satisfied.

Asked are the raisers (who joined counts) of matters that have an answer and went into no other
one. Said is each one's word on the last answer: what was said before it was about another one.
A rate is yes of those who said yes or no; silence is neither. The reply is those who said of
those asked. Nothing else in the ledger counts them; the declared figures start from the same two
conditions, `asked_among` and `words_on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.numbers import Rate, Share
from groundwork.matters.models import Matter, Verdict
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
        said = self.said[question]
        return Share(self.yes[question], said, max(self.asked, said))

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
    """Give the three rates of these matters, in two statements."""
    answered, words = asked_among(matters).order_by(), words_on(matters)
    asked = answered.aggregate(n=Sum("raisers_count"))["n"] or 0
    return _made(asked, words.aggregate(**_SUMS))


def rates_by(matters: QuerySet[Matter], column: str) -> dict[Any, Satisfaction]:
    """Give the three rates of these matters for each value of a column, in two statements."""
    answered, words = asked_among(matters).order_by(), words_on(matters)
    key = f"matter__{column}"
    said = {row[key]: row for row in words.values(key).annotate(**_SUMS)}
    asked = answered.values_list(column).annotate(n=Sum("raisers_count"))
    return {value: _made(n, said.get(value, {})) for value, n in asked}


_SUMS = {f"{name}_said": Count("pk", filter=Q(**{f"{name}__isnull": False})) for name in QUESTIONS}
_SUMS |= {f"{name}_yes": Count("pk", filter=Q(**{name: True})) for name in QUESTIONS}


def asked_among(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """Give those of some matters whose raisers are asked: with an answer, gone into no other."""
    return matters.filter(answered_at__isnull=False).exclude(state="merged")


def words_on(matters: QuerySet[Matter]) -> QuerySet[Verdict]:
    """Give what raisers said of the last answer to some matters, whatever they said before it."""
    spoken = Verdict.objects.filter(matter__in=asked_among(matters).order_by().values("pk"))
    return spoken.filter(at__gte=F("matter__answered_at")).order_by()


def _made(asked: int, sums: Mapping[str, int]) -> Satisfaction:
    said = {name: sums.get(f"{name}_said") or 0 for name in QUESTIONS}
    yes = {name: sums.get(f"{name}_yes") or 0 for name in QUESTIONS}
    return Satisfaction(asked, said, yes)
