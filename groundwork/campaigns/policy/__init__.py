"""Who may, one module per subject."""
