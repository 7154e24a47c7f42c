"""Views, one file per subject."""
