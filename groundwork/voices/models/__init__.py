"""Tables of the area, one module per subject."""

from groundwork.voices.models.drive import Drive, SpotVisit, Statement
from groundwork.voices.models.home import Call, Deed, Registration, Taking
from groundwork.voices.models.mark import Mark, MarkStep
from groundwork.voices.models.survey import (
    Answer,
    Held,
    Question,
    Right,
    Seat,
    Signed,
    Survey,
    Text,
)

__all__ = [
    "Answer",
    "Call",
    "Deed",
    "Drive",
    "Held",
    "Mark",
    "MarkStep",
    "Question",
    "Registration",
    "Right",
    "Seat",
    "Signed",
    "SpotVisit",
    "Statement",
    "Survey",
    "Taking",
    "Text",
]
