"""Pages of the area; one file per subject."""
