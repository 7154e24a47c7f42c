"""Which words everybody uses in the ledger, and the texts from which that is counted."""

from __future__ import annotations

from datetime import datetime

from groundwork.matters.models import CommonWord
from groundwork.matters.policy import public_matters
from groundwork.matters.rules.likeness import Shares

READ = 5000  # of the newest texts that everybody may read: cut and counted in a second


def common_words() -> Shares:
    """Give the common words with their shares; some two hundred, in one statement."""
    return dict(CommonWord.objects.values_list("word", "share"))


def public_texts(at: datetime) -> list[str]:
    """Give the newest texts of the board: nothing that is not public makes a word common."""
    newest = public_matters(at).order_by("-id").values_list("public_text", flat=True)
    return list(newest[:READ])
