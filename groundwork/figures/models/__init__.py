"""What the area keeps: sums of records, and how far they were counted."""

from groundwork.figures.models.rollups import DayCell, Fill, Mark, PeriodCell, Reading

__all__ = ["DayCell", "Fill", "Mark", "PeriodCell", "Reading"]
