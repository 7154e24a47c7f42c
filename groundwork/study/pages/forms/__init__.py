"""The forms of the area: one file per subject."""
