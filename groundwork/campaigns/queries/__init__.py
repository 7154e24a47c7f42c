"""What the area shows, one module per subject."""
