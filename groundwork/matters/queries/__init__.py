"""Every read of the area, one file per subject."""
