"""Tables of the area, one module per subject."""
