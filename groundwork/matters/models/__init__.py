"""The ledger's tables: matters and what hangs on them, the office's settings, trust."""

from groundwork.matters.models.doors import Knock, LooseFile
from groundwork.matters.models.matter import (
    CoHandler,
    Door,
    Kind,
    Matter,
    MatterFile,
    Raiser,
    Request,
    State,
    Step,
    Urgency,
)
from groundwork.matters.models.settings import AnswerTemplate, Category, CommonWord, Route, Term
from groundwork.matters.models.trust import CallTask, Sample, SampleItem, Verdict

__all__ = [
    "AnswerTemplate",
    "CallTask",
    "Category",
    "CoHandler",
    "CommonWord",
    "Door",
    "Kind",
    "Knock",
    "LooseFile",
    "Matter",
    "MatterFile",
    "Raiser",
    "Request",
    "Route",
    "Sample",
    "SampleItem",
    "State",
    "Step",
    "Term",
    "Urgency",
    "Verdict",
]
