"""Every read of the area; a file per subject."""
