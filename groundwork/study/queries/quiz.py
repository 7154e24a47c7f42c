"""The voluntary self-check: asked, answered, forgotten. Nothing here writes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from groundwork.study.models import Evening, QuizQuestion


@dataclass(frozen=True)
class Checked:
    """One question, what was chosen (None: left out), and whether it was right."""

    question: QuizQuestion
    chosen: int | None = None

    @property
    def right(self) -> bool:
        """Tell whether the choice was the right one."""
        return self.chosen == self.question.right

    @property
    def right_text(self) -> str:
        """Give the text of the right choice."""
        return str(self.question.choices[self.question.right])


def questions(evening: Evening) -> QuerySet[QuizQuestion]:
    """Give an evening's questions in order."""
    return evening.questions.order_by("order", "id")


def placed(typed: Sequence[str], n: int) -> tuple[list[str], int]:
    """Move the right choice, typed first, to the place the `n`-th question has it; give both."""
    choices = [choice for choice in typed if choice.strip()]
    if not choices:
        return [], 0
    right = (n * 2 + 1) % len(choices)
    return [*choices[1 : right + 1], choices[0], *choices[right + 1 :]], right


def check(evening: Evening, answers: Mapping[str, str]) -> list[Checked]:
    """Compare answers, by a question's public id, with the right ones; for this reader only."""
    return [
        Checked(question, _choice(answers.get(question.public_id, ""), len(question.choices)))
        for question in questions(evening)
    ]


def _choice(answer: str, n: int) -> int | None:
    return int(answer) if answer.isascii() and answer.isdigit() and int(answer) < n else None
