"""What the area writes: its roll-ups."""
