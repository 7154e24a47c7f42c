"""Pure rules of Tuesday night."""
