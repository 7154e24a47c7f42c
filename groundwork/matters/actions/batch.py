"""Many matters in one go: each for itself, none lost, one refused does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from groundwork.base.errors import N_, GroundworkError, RuleBroken

MOST = 200


class TooMany(RuleBroken):
    """Refuse more than a person has looked at."""

    code = "matters.too_many"
    text = N_("一次最多办理 %(most)s 件。")


@dataclass(frozen=True)
class Refused:
    """One matter that did not go, and why."""

    public_id: str
    error: GroundworkError


@dataclass(frozen=True)
class Batch:
    """What went, what did not."""

    done: tuple[str, ...]
    refused: tuple[Refused, ...]


def each(public_ids: Sequence[str], act: Callable[[str], object]) -> Batch:
    """Do an action with each matter in a transaction of its own. Raises TooMany.

    No transaction spans them: two batches that cross cannot lock each other out.
    """
    wanted = list(dict.fromkeys(public_ids))
    if len(wanted) > MOST:
        raise TooMany(most=MOST)
    done: list[str] = []
    refused: list[Refused] = []
    for public_id in wanted:
        try:
            act(public_id)
        except GroundworkError as error:
            refused.append(Refused(public_id, error))
        else:
            done.append(public_id)
    return Batch(tuple(done), tuple(refused))
