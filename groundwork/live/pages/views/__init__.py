"""Views, a file per subject."""
