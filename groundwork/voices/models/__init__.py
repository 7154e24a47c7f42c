"""Tables of the area, one module per subject."""

from groundwork.voices.models.drive import Drive, SpotVisit, Statement
from groundwork.voices.models.home import Call, Deed, Registration, Taking
from groundwork.voices.models.mark import Mark, MarkStep

__all__ = [
    "Call",
    "Deed",
    "Drive",
    "Mark",
    "MarkStep",
    "Registration",
    "SpotVisit",
    "Statement",
    "Taking",
]
