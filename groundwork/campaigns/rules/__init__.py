"""What must hold, one module per subject; no Django, no clock."""
