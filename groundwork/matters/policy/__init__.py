"""Who may see matters, their raisers, and do what with them; one file per subject."""

from groundwork.matters.policy.matter import (
    AUDITORS,
    CALLERS,
    DISPATCHERS,
    HANDLERS,
    LEADERS,
    OPERATORS,
    all_raisers,
    bodies_under,
    locked,
    matter_for,
    may,
    not_withheld,
    public_matters,
    raiser_by_secret,
    raisers_seen,
    visible_matters,
)

__all__ = [
    "AUDITORS",
    "CALLERS",
    "DISPATCHERS",
    "HANDLERS",
    "LEADERS",
    "OPERATORS",
    "all_raisers",
    "bodies_under",
    "locked",
    "matter_for",
    "may",
    "not_withheld",
    "public_matters",
    "raiser_by_secret",
    "raisers_seen",
    "visible_matters",
]
