"""Pure rules and tables of the area, one file per subject."""
