"""Count anew which words are common in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock
from groundwork.matters.models import CommonWord
from groundwork.matters.queries.commonness import public_texts
from groundwork.matters.rules.likeness import shares


def count_words(*, at: datetime | None = None) -> int:
    """Write which words many public texts use; count them.

    A figure made of public texts and of nobody: no trail, and no reader waits for it.
    """
    at = at or clock.now()
    found = shares(public_texts(at))
    with transaction.atomic():
        CommonWord.objects.all().delete()
        CommonWord.objects.bulk_create(
            CommonWord(word=word, share=share) for word, share in sorted(found.items())
        )
    return len(found)
