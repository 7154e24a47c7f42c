"""Every write of the area; a file per subject."""
