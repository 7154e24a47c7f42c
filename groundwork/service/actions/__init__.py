"""Every write of the area, one file per subject."""
